import { LocalDate } from '../../../../shared/domain/time.ts'
import { midnightMs } from '../calendar.ts'
import { textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { TastyDesk } from './state.ts'
import { invalid, tastyError } from './wire.ts'

const MOST_PER_PAGE = 2000

/** Which part of a list was asked for, or the refusal. */
export interface Page {
  readonly perPage: number
  readonly offset: number
}

/** Reads `per-page` and `page-offset`, a page number from 0. */
export function readPage(query: URLSearchParams, usual: number): Page | Reply {
  const perPage = Number(query.get('per-page') ?? usual)
  const offset = Number(query.get('page-offset') ?? 0)
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > MOST_PER_PAGE) return invalid('per-page', 'does not have a valid value')
  return Number.isInteger(offset) && offset >= 0 ? { perPage, offset } : invalid('page-offset', 'does not have a valid value')
}

/** One page of finished rows in the list envelope. */
export function pagedReply(path: string, texts: readonly string[], total: number, { perPage, offset }: Page): Reply {
  const pagination = {
    'per-page': perPage,
    'page-offset': offset,
    'item-offset': perPage * offset,
    'total-items': total,
    'total-pages': Math.ceil(total / perPage),
    'current-item-count': texts.length,
    'previous-link': null,
    'next-link': null,
    'paging-link-template': null,
  }
  return textReply(
    200,
    `{"data":{"items":[${texts.join(',')}]},"context":${JSON.stringify(path)},"pagination":${JSON.stringify(pagination)}}`,
  )
}

/** A list that comes whole. */
export function listReply(path: string, items: readonly object[]): Reply {
  return textReply(200, JSON.stringify({ data: { items }, context: path }))
}

/** Parameters that must equal a field of the row; several values of one name are alternatives. */
const FILTERS: readonly (readonly [readonly string[], string])[] = [
  [['type', 'types[]', 'types'], 'transaction-type'],
  [['sub-type', 'sub-type[]'], 'transaction-sub-type'],
  [['symbol'], 'symbol'],
  [['underlying-symbol'], 'underlying-symbol'],
  [['instrument-type'], 'instrument-type'],
  [['action'], 'action'],
]

/** Transactions of one account by pages, newest first unless asked otherwise. */
export function transactionsReply(ask: Ask, desk: TastyDesk): Reply {
  const { query, path } = ask
  const page = readPage(query, 250)
  if ('status' in page) return page
  const sort = query.get('sort') ?? 'Desc'
  if (sort !== 'Desc' && sort !== 'Asc') return invalid('sort', 'does not have a valid value')
  const range = readRange(query)
  if ('status' in range) return range
  const feed = desk.feed()
  const low = feed.from(range.from)
  const high = feed.from(range.before)
  const at = (step: number): number => (sort === 'Desc' ? high - 1 - step : low + step)
  const wanted = FILTERS.flatMap(([names, field]) => {
    const values = names.flatMap(name => query.getAll(name))
    return values.length === 0 ? [] : [{ field, values }]
  })
  const from = page.perPage * page.offset
  if (wanted.length === 0) {
    const count = Math.max(0, Math.min(page.perPage, high - low - from))
    return pagedReply(
      path,
      Array.from({ length: count }, (_, step) => feed.rowAt(at(from + step)).text),
      high - low,
      page,
    )
  }
  const all = Array.from({ length: high - low }, (_, step) => feed.rowAt(at(step)).text).filter(text => fits(text, wanted))
  return pagedReply(path, all.slice(from, from + page.perPage), all.length, page)
}

/** One transaction by its id. */
export function transactionReply(ask: Ask, id: string, desk: TastyDesk): Reply {
  const index = desk.feed().indexOf(id)
  if (index === undefined) return tastyError(404, 'record_not_found', 'Record not found')
  return textReply(200, `{"data":${desk.feed().rowAt(index).text},"context":${JSON.stringify(ask.path)}}`)
}

function fits(text: string, wanted: readonly { readonly field: string; readonly values: readonly string[] }[]): boolean {
  const row: unknown = JSON.parse(text)
  const fields = new Map<string, unknown>(typeof row === 'object' && row !== null ? Object.entries(row) : [])
  return wanted.every(({ field, values }) => values.some(value => fields.get(field) === value))
}

/** Days or moments, both ends included. */
export function readRange(query: URLSearchParams): { from: number; before: number } | Reply {
  const moment = (name: string): number | undefined => {
    const text = query.get(name)
    return text === null ? undefined : Date.parse(text)
  }
  const startDate = query.get('start-date')
  const endDate = query.get('end-date')
  if (startDate !== null && !LocalDate.is(startDate)) return invalid('start-date', 'is invalid')
  if (endDate !== null && !LocalDate.is(endDate)) return invalid('end-date', 'is invalid')
  const startAt = moment('start-at')
  const endAt = moment('end-at')
  if (Number.isNaN(startAt)) return invalid('start-at', 'is invalid')
  if (Number.isNaN(endAt)) return invalid('end-at', 'is invalid')
  return {
    from: startAt ?? (startDate === null ? Number.NEGATIVE_INFINITY : midnightMs(startDate)),
    before: endAt === undefined ? (endDate === null ? Number.POSITIVE_INFINITY : midnightMs(LocalDate.plusDays(endDate, 1))) : endAt + 1,
  }
}
