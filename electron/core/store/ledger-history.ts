import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { remembered } from '../ledger/remembered.ts'
import type { LotPick, LotRow, OpeningLot, RowOverride } from '../ledger/lots/lot-rows.ts'
import { fromActivityId } from './activity-rows.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { lotRow, MANNER, PACKED_ROW, type PackedRow, sharing } from './held-rows.ts'
import { fixRows } from './reconciliation-fixes.ts'

const COLUMNS = `id, sort_at, external_id, ${MANNER}, symbol, quantity, price, amount, fees, trade_date, description`
// A bound value that is compared as it is makes SQLite plan the statement anew for each value, which costs ten times as much as reading a row; `+?` does not.
// Named, because with statistics of other histories the account's index may look as good, and it costs the whole account.
const OF_SYMBOL = `SELECT ${COLUMNS} FROM activities INDEXED BY activities_symbol WHERE symbol = +? AND account = +? AND (sort_at, id) >= (?, ?) ORDER BY sort_at, id`
const IS_FIXED = 'SELECT 1 FROM reconciliation_fixes WHERE account = +? AND symbol = +?'
const AT_ONCE = 2000
const OF_ACCOUNT = `SELECT ${PACKED_ROW} FROM activities WHERE account = ? AND (sort_at, id) > (?, ?) ORDER BY sort_at, id LIMIT ${AT_ONCE}`

type Cells = readonly [
  id: number, sortAt: number, externalId: string, manner: string, symbol: string | null, quantity: Dec | null, price: Dec | null, amount: Dec | null, fees: Dec,
  tradeDate: LocalDate, description: string | null,
]

function toLotRows(cells: unknown): LotRow[] {
  const words = sharing()
  return (cells as Cells[]).map(([id, sortAt, externalId, manner, symbol, quantity, price, amount, fees, tradeDate, description]) =>
    lotRow(words.manner(manner), { id, sortAt, externalId, symbol, quantity, price, amount, fees, tradeDate: words.day(tradeDate), description }))
}

/** The rows of an instrument in an account from a place on, oldest first, then those the user added to settle a difference. */
export function symbolRows(writer: Writer, account: number, symbol: string, from: { readonly sortAt: number; readonly id: number }): LotRow[] {
  const rows = toLotRows(writer.prepare(OF_SYMBOL).raw().all(symbol, account, from.sortAt, from.id))
  if (writer.prepare(IS_FIXED).get(account, symbol) === undefined) return rows
  return [...rows, ...fixRows(writer, account, symbol).filter(({ sortAt }) => sortAt >= from.sortAt)]
}

/** Every row of an account, oldest first, some at a time; those the user added to settle differences are not among them. */
export function* accountRows(writer: Writer, account: number): Generator<readonly PackedRow[]> {
  const statement = writer.prepare(OF_ACCOUNT).raw()
  let after: readonly [sortAt: number, id: number] = [Number.MIN_SAFE_INTEGER, 0]
  for (;;) {
    const rows = statement.all(account, ...after) as PackedRow[]
    yield rows
    const last = rows.at(-1)
    if (!last || rows.length < AT_ONCE) return
    after = [last[1], last[0]]
  }
}

/** Pages that are read once and not again soon, kept few, stay in the processor's own cache: some 6 % off reading a long history. */
const FEW_PAGES_KB = 2000

/** Reads through a history with few pages kept; as many as before after it. */
export function readThrough<T>(writer: Writer, read: () => T): T {
  const kept = Number(writer.prepare('PRAGMA cache_size').pluck().get())
  writer.exec(`PRAGMA cache_size = -${FEW_PAGES_KB}`)
  try {
    return read()
  } finally {
    writer.exec(`PRAGMA cache_size = ${kept}`)
  }
}

/** The broker's id of a row by its number; empty for one that is none of the history. */
export function externalIdOf(writer: Writer, id: number): string {
  const found = writer.prepare('SELECT activities.external_id FROM activities WHERE activities.id = ?').pluck().get(id)
  return typeof found === 'string' ? found : ''
}

/** What a day's cash asks of its rows. */
export type CashRow = Pick<LotRow, 'externalId' | 'kind' | 'brokerType' | 'assetClass' | 'side' | 'status' | 'currency' | 'quantity' | 'price' | 'amount' | 'fees'>

const OF_DAY = `SELECT external_id, ${MANNER}, quantity, price, amount, fees FROM activities WHERE account = ? AND sort_at >= ? AND sort_at < ?`

/** The rows of an account on one day of the exchange's zone. */
export function dayRows(writer: Writer, account: number, day: LocalDate): CashRow[] {
  const words = sharing()
  const rows = writer.prepare(OF_DAY).raw().all(account, startsAt(day), startsAt(LocalDate.plusDays(day, 1))) as (readonly [externalId: string, manner: string, quantity: Dec | null, price: Dec | null, amount: Dec | null, fees: Dec])[]
  return rows.map(([externalId, manner, quantity, price, amount, fees]) => {
    const { kind, brokerType, assetClass, side, status, currency } = words.manner(manner)
    return { externalId, kind, brokerType, assetClass, side, status, currency, quantity, price, amount, fees }
  })
}

const MOST_DAYS = 1000

const startsAt = remembered(MOST_DAYS, (day: LocalDate) => Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE)))

/** What the user says about the rows of an account, by the broker's id. */
export function overridesOf(reader: Reader, account: number): Map<string, RowOverride> {
  return byId(reader.all(sql`SELECT external_id, said AS value FROM row_overrides WHERE account = ${account}`))
}

/** The lots the user picked for closings of an account, by the broker's id of the closing. */
export function picksOf(reader: Reader, account: number): Map<string, readonly LotPick[]> {
  return byId(reader.all(sql`SELECT external_id, picks AS value FROM lot_picks WHERE account = ${account}`))
}

function byId<T>(rows: readonly Row[]): Map<string, T> {
  return new Map(rows.map(row => [text(row, 'external_id'), json<T>(row, 'value')]))
}

export interface StoredOpening extends OpeningLot {
  readonly symbol: string
  readonly currency: string
}

/** Lots from before the history of an account, in an order of their own. */
export function openingsOf(reader: Reader, account: number): StoredOpening[] {
  return reader.all(sql`SELECT id, symbol, currency, day, quantity, price, asset_class, multiplier FROM opening_lots WHERE account = ${account} ORDER BY day, created_at, id`).map(row => ({
    id: text(row, 'id'),
    symbol: text(row, 'symbol'),
    currency: text(row, 'currency'),
    day: text<LocalDate>(row, 'day'),
    quantity: text<Dec>(row, 'quantity'),
    price: textOrNull<Dec>(row, 'price'),
    assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    multiplier: textOrNull<Dec>(row, 'multiplier'),
  }))
}

/** Rows by which an instrument may have become another; there are few in any account. */
export function exchangingRows(writer: Writer, account: number): LotRow[] {
  const query = `SELECT ${COLUMNS} FROM activities INDEXED BY activities_kind WHERE kind IN ('corporate-action', 'split') AND kind <> 'trade' AND account = ? ORDER BY sort_at, id`
  return toLotRows(writer.prepare(query).raw().all(account))
}

/** What the words of the user need to know of a row. */
export interface LedgerRow extends LotRow {
  readonly account: number
}

/** One row of the history; null when there is none. */
export function ledgerRow(reader: Reader, id: ActivityId): LedgerRow | null {
  const row = reader.get(sql`SELECT *, executed_at IS NOT NULL AS is_timed FROM activities WHERE id = ${fromActivityId(id)}`)
  return row ? { account: integer(row, 'account'), ...lotRowOf(row) } : null
}

/** A row of the history, read with `executed_at IS NOT NULL AS is_timed`. */
export function lotRowOf(row: Row): LotRow {
  return {
    id: integer(row, 'id'),
    sortAt: integer(row, 'sort_at'),
    isTimed: integer(row, 'is_timed') === 1,
    externalId: text(row, 'external_id'),
    kind: text<ActivityKind>(row, 'kind'),
    brokerType: text(row, 'broker_type'),
    symbol: textOrNull(row, 'symbol'),
    assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    side: textOrNull<Side>(row, 'side'),
    positionEffect: textOrNull<'open' | 'close'>(row, 'position_effect'),
    quantity: textOrNull<Dec>(row, 'quantity'),
    price: textOrNull<Dec>(row, 'price'),
    amount: textOrNull<Dec>(row, 'amount'),
    fees: text<Dec>(row, 'fees'),
    currency: text(row, 'currency'),
    tradeDate: text<LocalDate>(row, 'trade_date'),
    description: textOrNull(row, 'description'),
    status: text<LotRow['status']>(row, 'status'),
  }
}
