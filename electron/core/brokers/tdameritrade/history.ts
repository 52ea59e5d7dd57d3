import { AppError } from '../../../../shared/contract/errors.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { ActivityPage, BrokerHttp, DateRange } from '../adapter.ts'
import { byNumber } from '../as-they-happened.ts'
import { oddRow, readableFacts } from '../odd-row.ts'
import { accountPath } from './account-path.ts'
import { tdaActivity } from './map.ts'
import { TransactionWire } from './wire.ts'

/** A call answers for a year at most. */
const SLICE_DAYS = 365
const NAMES = { id: 'transactionId', type: 'type', days: ['transactionDate', 'settlementDate'] } as const
const CURSOR = /^d1\.(\d{4}-\d{2}-\d{2})$/

/** One year of transactions; the cursor is the last day of the next, older one. Pages come newest first, in captures with one second in any order. */
export async function readHistory(
  http: BrokerHttp,
  account: string,
  { range, cursor }: { readonly range: DateRange; readonly cursor: string | null },
  { signal }: { readonly signal: AbortSignal },
): Promise<ActivityPage> {
  const to = cursor === null ? range.to : lastDay(cursor)
  const first = LocalDate.plusDays(to, 1 - SLICE_DAYS)
  const from = first < range.from ? range.from : first
  const query = { type: 'ALL', startDate: from, endDate: to }
  const { rows, asOf } = await http.getHistory({
    base: 'api',
    path: `${accountPath(account)}/transactions`,
    query,
    schema: TransactionWire,
    signal,
  })
  return {
    rows: byNumber(rows.map(({ data, raw }) => ({ facts: readableFacts(data, tdaActivity, () => oddRow(raw, NAMES, to)), raw }))),
    next: from === range.from ? null : `d1.${LocalDate.plusDays(from, -1)}`,
    asOf,
  }
}

function lastDay(cursor: string): LocalDate {
  const [, day = ''] = CURSOR.exec(cursor) ?? []
  if (!LocalDate.is(day)) throw new AppError('app/invalid-request', { cause: 'not a TD Ameritrade cursor' })
  return day
}
