import { LocalDate } from '../../../../shared/domain/time.ts'
import { midnightMs } from '../calendar.ts'
import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { FeedRow } from '../feed.ts'
import { etradeDetail, etradeId } from './rows.ts'
import type { EtradeBook } from './rows.ts'
import { etradePosition, listOf } from './state.ts'
import type { EtradeDesk } from './state.ts'

const MOST = 50

/** The error body of the API. */
export function etradeError(status: number, code: number, message: string): Reply {
  return jsonReply(status, { Error: { code, message } })
}

/** Nothing found: no body at all. A knob makes it an empty 200, which some clients have met. */
export function nothing(as200: boolean): Reply {
  return { status: as200 ? 200 : 204, headers: {}, body: '' }
}

/** A day as MMDDYYYY; undefined when it is not one. */
export function readDay(text: string): LocalDate | undefined {
  const day = /^\d{8}$/.test(text) ? `${text.slice(4)}-${text.slice(0, 2)}-${text.slice(2, 4)}` : ''
  return LocalDate.is(day) ? day : undefined
}

/** Days of a range, both included, as a span of milliseconds; the refusal when they are wrong. */
export function readDays(query: URLSearchParams, first: string, last: string): { from: number; before: number } | Reply {
  const [start, end] = [query.get(first), query.get(last)]
  const [from, to] = [start === null ? undefined : readDay(start), end === null ? undefined : readDay(end)]
  if (start !== null && from === undefined) return etradeError(400, 2001, `Please enter a valid ${first} in MMDDYYYY format.`)
  if (end !== null && to === undefined) return etradeError(400, 2002, `Please enter a valid ${last} in MMDDYYYY format.`)
  if (from !== undefined && to !== undefined && to < from) return etradeError(400, 2003, `${last} is before ${first}.`)
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : midnightMs(from),
    before: to === undefined ? Number.POSITIVE_INFINITY : midnightMs(LocalDate.plusDays(to, 1)),
  }
}

/** Transactions of one account: at most 50 a page, the next one after the marker. */
export function transactionsReply(ask: Ask, desk: EtradeDesk, origin: string, empty200: boolean): Reply {
  const { query } = ask
  const range = readDays(query, 'startDate', 'endDate')
  if ('status' in range) return range
  const count = Number(query.get('count') ?? MOST)
  if (!Number.isInteger(count) || count < 1 || count > MOST) return etradeError(400, 2005, 'Invalid count. The maximum is 50.')
  const down = (query.get('sortOrder') ?? 'DESC') === 'DESC'
  const feed = desk.feed()
  const low = feed.from(range.from)
  const high = feed.from(range.before)
  const total = Math.max(0, high - low)
  const marker = query.get('marker') ?? ''
  const place = marker === '' ? undefined : feed.indexOf(marker.split('_')[0] ?? '')
  if (marker !== '' && place === undefined) return etradeError(400, 2006, 'Invalid marker.')
  const first = place === undefined ? 0 : down ? high - 1 - place : place - low
  const size = Math.max(0, Math.min(count, total - first))
  const rowAt = (step: number): FeedRow => feed.rowAt(down ? high - 1 - step : low + step)
  const texts = Array.from({ length: size }, (_, step) => rowAt(first + step).text)
  if (texts.length === 0) return nothing(empty200)
  // The marker names the first row of the next page.
  const more = first + size < total
  const nextRow = more ? rowAt(first + size) : undefined
  const next = nextRow ? `${nextRow.id}_${Math.floor(nextRow.at / 1000)}` : ''
  const head = {
    next: more ? `${origin}${ask.path.replace('.json', '')}?count=${count}&marker=${next}` : '',
    marker: next,
    pageMarkers: Buffer.from(next).toString('base64url'),
    moreTransactions: more,
    transactionCount: texts.length,
    totalCount: total,
  }
  const rows = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(',')}]`
  return textReply(200, `{"TransactionListResponse":${JSON.stringify(head).slice(0, -1)},"Transaction":${rows}}}`)
}

/** One transaction with its order's number. */
export function transactionReply(id: string, desk: EtradeDesk, book: EtradeBook): Reply {
  const entry = desk.account.story.entries.find(item => etradeId(book, item) === id)
  if (!entry) return etradeError(400, 2007, 'Invalid transaction id.')
  return jsonReply(200, { TransactionDetailsResponse: etradeDetail(book, entry) })
}

/** Positions by pages. */
export function portfolioReply(ask: Ask, desk: EtradeDesk, origin: string, empty200: boolean): Reply {
  const count = Number(ask.query.get('count') ?? MOST)
  const page = Number(ask.query.get('pageNumber') ?? 1)
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(page) || page < 1)
    return etradeError(400, 1011, 'Invalid count or pageNumber.')
  const holdings = [...desk.account.story.holdings.values()].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
  const shown = holdings.slice((page - 1) * count, page * count)
  if (shown.length === 0) return nothing(empty200)
  const Position = listOf(shown.map(holding => etradePosition(desk, holding, origin)))
  const AccountPortfolio = [{ Position, accountId: desk.identity.number, totalPages: Math.ceil(holdings.length / count) }]
  return jsonReply(200, { PortfolioResponse: { AccountPortfolio } })
}
