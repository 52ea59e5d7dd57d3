import { AppError } from '../../../../shared/contract/errors.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerActivity, BrokerSession, DateRange } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { byNumber } from '../as-they-happened.ts'
import { oddRow, readableFacts } from '../odd-row.ts'
import { accountPath } from './account-path.ts'
import { toActivity } from './map.ts'
import { PagesWire, TransactionWire } from './wire.ts'

/** The default; 5000 was refused. */
const PAGE_SIZE = 250
const MOST_PAGES = 10_000
const MOST_REVERSED = 100
const NAMES = { id: 'id', type: 'transaction-type', days: ['transaction-date', 'executed-at'] } as const
const CURSOR = /^t1\.(\d{1,5})\.((?:\d{1,20}(?:,\d{1,20})*)?)$/

/** Where to go on: the page, and the rows still to come that a newer row took back. */
interface Place {
  readonly page: number
  readonly reversed: readonly string[]
}

interface Stop {
  readonly signal: AbortSignal
}

/** One page of transactions, newest first. A row that takes an earlier one back (`reverses-id`) cancels it, and itself counts no more. */
export async function readHistory(
  { http, now }: Pick<BrokerSession, 'http' | 'now'>,
  account: string,
  asked: { readonly range: DateRange; readonly cursor: string | null },
  { signal }: Stop,
): Promise<ActivityPage> {
  const { range, cursor } = asked
  const place = placeOf(cursor)
  const path = `${accountPath(account)}/transactions`
  const query = { ...daysOf(range, exchangeDay(now())), sort: 'Desc', 'per-page': String(PAGE_SIZE), 'page-offset': String(place.page) }
  const page = await http.getHistory({
    base: 'api',
    path,
    query,
    at: ['data', 'items'],
    envelope: PagesWire,
    schema: TransactionWire,
    signal,
  })
  const reversing = page.rows.flatMap(({ data }) => data?.['reverses-id'] ?? [])
  const reversed = new Set([...place.reversed, ...reversing])
  const rows = page.rows.map(({ data, raw }): BrokerActivity => {
    const facts = readableFacts(data, toActivity, () => oddRow(raw, NAMES, range.to))
    const gone = reversed.has(facts.externalId) || (data?.['reverses-id'] ?? null) !== null
    return { facts: gone ? { ...facts, status: 'canceled' } : facts, raw }
  })
  const here = new Set(rows.map(row => row.facts.externalId))
  const earlier = await Promise.all(reversing.filter(id => !here.has(id)).map(id => readCanceled(http, `${path}/${id}`, range, signal)))
  const pages = Math.min(page.envelope.pagination?.['total-pages'] ?? 0, MOST_PAGES)
  const more = rows.length > 0 && place.page + 1 < pages
  return {
    rows: byNumber([...rows.filter(row => within(row.facts.tradeDate, range)), ...earlier.flat()]),
    next: more ? `t1.${place.page + 1}.${[...reversed].slice(-MOST_REVERSED).join(',')}` : null,
    asOf: page.asOf,
  }
}

/** A row that was taken back and lies elsewhere in history; nothing when tastytrade no longer has it. */
async function readCanceled(http: BrokerSession['http'], path: string, range: DateRange, signal: AbortSignal): Promise<BrokerActivity[]> {
  try {
    const { rows } = await http.getHistory({ base: 'api', path, at: ['data'], schema: TransactionWire, signal })
    return rows.map(({ data, raw }) => {
      const facts = readableFacts(data, toActivity, () => oddRow(raw, NAMES, range.to))
      return { facts: { ...facts, status: 'canceled' }, raw }
    })
  } catch (error) {
    if (error instanceof AppError && error.code === 'broker/refused') return []
    throw error
  }
}

/** A day wider on both sides, since the filter was seen to miss days; the end is left out where it would lie in the future. */
function daysOf({ from, to }: DateRange, today: LocalDate): Readonly<Record<string, string | undefined>> {
  const end = LocalDate.plusDays(to, 1)
  return { 'start-date': LocalDate.plusDays(from, -1), 'end-date': end > today ? undefined : end }
}

function within(day: LocalDate, { from, to }: DateRange): boolean {
  return day >= from && day <= to
}

function placeOf(cursor: string | null): Place {
  if (cursor === null) return { page: 0, reversed: [] }
  const [, page, reversed = ''] = CURSOR.exec(cursor) ?? []
  if (page === undefined) throw new AppError('app/invalid-request', { cause: 'not a tastytrade cursor' })
  return { page: Number(page), reversed: reversed === '' ? [] : reversed.split(',') }
}
