import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityPage, BrokerSession, DateRange } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { oddRow, readableFacts } from '../odd-row.ts'
import { accountPath, americanDay, nextMarker } from './account-path.ts'
import { earliestDay } from './earliest-day.ts'
import { toActivity } from './map.ts'
import { HistoryPages, TransactionWire } from './wire.ts'

const PAGE_SIZE = 50
const MOST_PAGES = 5000
const NAMES = { id: 'transactionId', type: 'transactionType', days: [] } as const
const CURSOR = /^e1\.(\d{1,4})\.(.{1,500})$/

/**
 * One page of transactions. Pages come newest first; the rows of a page are handed on as they happened, because a day is all the time they
 * have, and of one day what is kept first counts as first. `moreTransactions` was seen false where there were more: the mark alone says it.
 */
export async function readHistory(
  { http, now }: Pick<BrokerSession, 'http' | 'now'>,
  account: string,
  { range, cursor }: { readonly range: DateRange; readonly cursor: string | null },
  { signal }: { readonly signal: AbortSignal },
): Promise<ActivityPage> {
  const { page, marker } = placeOf(cursor)
  const earliest = earliestDay(exchangeDay(now()))
  const days = {
    startDate: americanDay(range.from < earliest ? earliest : range.from),
    endDate: americanDay(range.to < earliest ? earliest : range.to),
  }
  const answer = await http.getHistory({
    base: 'api',
    path: accountPath(account, 'transactions'),
    query: { ...days, count: String(PAGE_SIZE), sortOrder: 'DESC', marker },
    at: ['TransactionListResponse', 'Transaction'],
    envelope: HistoryPages,
    schema: TransactionWire,
    signal,
  })
  const all = answer.rows.map(({ data, raw }) => ({ facts: readableFacts(data, toActivity, () => oddRow(raw, NAMES, range.to)), raw }))
  const next = all.length === 0 || page >= MOST_PAGES ? undefined : nextMarker(answer.envelope.TransactionListResponse, marker)
  return {
    rows: all.filter(({ facts }) => facts.tradeDate >= range.from && facts.tradeDate <= range.to).toReversed(),
    next: next === undefined ? null : `e1.${page + 1}.${next}`,
    asOf: answer.asOf,
  }
}

function placeOf(cursor: string | null): { readonly page: number; readonly marker: string | undefined } {
  if (cursor === null) return { page: 0, marker: undefined }
  const [, page, marker] = CURSOR.exec(cursor) ?? []
  if (page === undefined) throw new AppError('app/invalid-request', { cause: 'not an E*TRADE cursor' })
  return { page: Number(page), marker }
}
