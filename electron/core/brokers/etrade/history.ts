import { AppError } from '../../../../shared/contract/errors.ts'
import { type Instant, LocalDate } from '../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerActivity, BrokerSession, DateRange } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { oddRow, readableFacts } from '../odd-row.ts'
import { accountPath, americanDay, nextMarker } from './account-path.ts'
import { earliestDay } from './earliest-day.ts'
import { toActivity } from './map.ts'
import { HistoryPages, TransactionWire } from './wire.ts'

const PAGE_SIZE = 50
const MOST_PAGES = 5000
const NAMES = { id: 'transactionId', type: 'transactionType', days: [] } as const
const CURSOR = /^e2\.(\d{4}-\d{2}-\d{2})$/

interface Page {
  readonly rows: readonly BrokerActivity[]
  readonly next: string | undefined
  readonly asOf: Instant
}

/**
 * Whole days of transactions, in the order they happened: a day is all the time a row has, and of one day what is kept first counts as
 * first. Pages come newest first and end in the middle of a day, so the last day of a page is left to the next call, which begins there;
 * of a day that is longer than a page all pages are read. `moreTransactions` was seen false where there were more: the mark alone says it.
 */
export async function readHistory(
  { http, now }: Pick<BrokerSession, 'http' | 'now'>,
  account: string,
  { range, cursor }: { readonly range: DateRange; readonly cursor: string | null },
  { signal }: { readonly signal: AbortSignal },
): Promise<ActivityPage> {
  const to = cursor === null ? range.to : lastDay(cursor)
  const earliest = earliestDay(exchangeDay(now()))
  const days = {
    startDate: americanDay(range.from < earliest ? earliest : range.from),
    endDate: americanDay(to < earliest ? earliest : to),
  }
  const readPage = async (marker: string | undefined): Promise<Page> => {
    const answer = await http.getHistory({
      base: 'api',
      path: accountPath(account, 'transactions'),
      query: { ...days, count: String(PAGE_SIZE), sortOrder: 'DESC', marker },
      at: ['TransactionListResponse', 'Transaction'],
      envelope: HistoryPages,
      schema: TransactionWire,
      signal,
    })
    const rows = answer.rows.map(({ data, raw }) => ({ facts: readableFacts(data, toActivity, () => oddRow(raw, NAMES, range.to)), raw }))
    return { rows, next: rows.length === 0 ? undefined : nextMarker(answer.envelope.TransactionListResponse, marker), asOf: answer.asOf }
  }
  const rows: BrokerActivity[] = []
  for (let marker: string | undefined, pages = 1; ; pages += 1) {
    const page = await readPage(marker)
    rows.push(...page.rows)
    const mine = rows.filter(({ facts }) => facts.tradeDate >= range.from && facts.tradeDate <= to).toReversed()
    if (page.next === undefined || pages >= MOST_PAGES) return { rows: mine, next: null, asOf: page.asOf }
    const oldest = page.rows.at(-1)?.facts.tradeDate ?? to
    // A server that heeds no days would begin with the newest again.
    if (oldest < to && oldest >= range.from && mine.some(({ facts }) => facts.tradeDate > oldest))
      return { rows: mine.filter(({ facts }) => facts.tradeDate > oldest), next: `e2.${oldest}`, asOf: page.asOf }
    marker = page.next
  }
}

function lastDay(cursor: string): LocalDate {
  const [, day = ''] = CURSOR.exec(cursor) ?? []
  if (!LocalDate.is(day)) throw new AppError('app/invalid-request', { cause: 'not an E*TRADE cursor' })
  return day
}
