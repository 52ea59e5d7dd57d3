import type { Side } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { fromActivityId } from './activity-rows.ts'
import { instant, text, textOrNull } from './cells.ts'

/** Values of a row that is about to take the place of another; see ActivityValues. */
type Values = readonly (string | number | null)[]

const TRADE_DATE = 5
const SIDE = 10
const QUANTITY = 12
const PRICE = 13
const AMOUNT = 14
const FEES = 15
const STATUS = 19
const FETCHED_AT = 21

const KEEP = `INSERT INTO activity_versions (account, external_id, replaced_at, status, side, quantity, price, amount, fees, trade_date, raw)
  SELECT account, external_id, ?, status, side, quantity, price, amount, fees, trade_date, raw FROM activities
  WHERE id = ? AND (status, side, quantity, price, amount, fees, trade_date) IS NOT (?, ?, ?, ?, ?, ?, ?)`

/** Keeps what a stored row says, where the row that replaces it says something else about the trade. Call it in the transaction that replaces it. */
export function keepVersion(writer: Writer, id: number, next: Values): void {
  writer
    .prepare(KEEP)
    .run(next[FETCHED_AT], id, next[STATUS], next[SIDE], next[QUANTITY], next[PRICE], next[AMOUNT], next[FEES], next[TRADE_DATE])
}

/** Keeps what a stored row says before another row takes it back. Call it in the transaction that does. */
export function keepAsCanceled(writer: Writer, id: number): void {
  writer.run(sql`
    INSERT INTO activity_versions (account, external_id, replaced_at, status, side, quantity, price, amount, fees, trade_date, raw)
    SELECT account, external_id, fetched_at, status, side, quantity, price, amount, fees, trade_date, raw FROM activities WHERE id = ${id}`)
}

/** What a row said before its broker replaced it. */
export interface ActivityVersion {
  readonly replacedAt: Instant
  readonly status: string
  readonly side: Side | null
  readonly quantity: Dec | null
  readonly price: Dec | null
  readonly amount: Dec | null
  readonly fees: Dec
  readonly tradeDate: LocalDate
}

/** The earlier states of a row, newest first. */
export function versionsOf(reader: Reader, id: ActivityId): ActivityVersion[] {
  return reader
    .all(
      sql`
      SELECT v.* FROM activities a JOIN activity_versions v ON v.account = a.account AND v.external_id = a.external_id
      WHERE a.id = ${fromActivityId(id)} ORDER BY v.id DESC`,
    )
    .map(row => ({
      replacedAt: instant(row, 'replaced_at'),
      status: text(row, 'status'),
      side: textOrNull<Side>(row, 'side'),
      quantity: textOrNull<Dec>(row, 'quantity'),
      price: textOrNull<Dec>(row, 'price'),
      amount: textOrNull<Dec>(row, 'amount'),
      fees: text<Dec>(row, 'fees'),
      tradeDate: text<LocalDate>(row, 'trade_date'),
    }))
}
