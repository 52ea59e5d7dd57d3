import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { LotPick, LotRow, OpeningLot, RowOverride } from '../ledger/lots/lot-rows.ts'
import { fromActivityId } from './activity-rows.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { fixRows } from './reconciliation-fixes.ts'

/** What few words say over and over comes as one text: a cell for each is most of what reading a row costs. */
const BETWEEN = '\u001f'
const MANNER = `concat_ws(char(31), kind, status, currency, coalesce(asset_class, ''), coalesce(side, ''), coalesce(position_effect, ''), broker_type)`
const COLUMNS = `id, sort_at, executed_at IS NOT NULL, external_id, ${MANNER}, symbol, quantity, price, amount, fees, trade_date, description`
// Named, because with statistics of other histories the account's index may look as good, and it costs the whole account.
const OF_SYMBOL = `SELECT ${COLUMNS} FROM activities INDEXED BY activities_symbol WHERE symbol = ? AND account = ? AND (sort_at, id) >= (?, ?) ORDER BY sort_at, id`
const AT_ONCE = 2000
const OF_ACCOUNT = `SELECT ${COLUMNS} FROM activities WHERE account = ? AND (sort_at, id) > (?, ?) ORDER BY sort_at, id LIMIT ${AT_ONCE}`

type Cells = readonly [
  id: number, sortAt: number, isTimed: number, externalId: string, manner: string, symbol: string | null, quantity: Dec | null, price: Dec | null, amount: Dec | null, fees: Dec,
  tradeDate: LocalDate, description: string | null,
]

type Manner = Pick<LotRow, 'kind' | 'status' | 'currency' | 'assetClass' | 'side' | 'positionEffect' | 'brokerType'>

/** The words a broker has for a row come last, since only they may hold anything. */
function mannerOf(cell: string): Manner {
  const [kind, status, currency, assetClass, side, positionEffect, ...brokerType] = cell.split(BETWEEN) as [ActivityKind, LotRow['status'], ...string[]]
  return {
    kind, status, currency: currency ?? '', assetClass: (assetClass || null) as AssetClass | null, side: (side || null) as Side | null,
    positionEffect: (positionEffect || null) as Manner['positionEffect'], brokerType: brokerType.join(BETWEEN),
  }
}

/** Texts and manners kept once: a long history says the same few words over and over, and all of it is held at a time. */
interface Shared {
  manner(cell: string): Manner
  text<T extends string | null>(text: T): T
}

function toLotRow(cells: Cells, shared: Shared): LotRow {
  const [id, sortAt, isTimed, externalId, manner, symbol, quantity, price, amount, fees, tradeDate, description] = cells
  const { kind, status, currency, assetClass, side, positionEffect, brokerType } = shared.manner(manner)
  return {
    id, sortAt, isTimed: isTimed === 1, externalId, kind, brokerType, symbol: shared.text(symbol), assetClass, side, positionEffect, quantity, price, amount, fees, currency,
    tradeDate: shared.text(tradeDate), description, status,
  }
}

function toLotRows(cells: unknown): LotRow[] {
  const shared = sharing()
  return (cells as Cells[]).map(row => toLotRow(row, shared))
}

/** The rows of an instrument in an account from a place on, oldest first, then those the user added to settle a difference. */
export function symbolRows(writer: Writer, account: number, symbol: string, from: { readonly sortAt: number; readonly id: number }): LotRow[] {
  const rows = toLotRows(writer.prepare(OF_SYMBOL).raw().all(symbol, account, from.sortAt, from.id))
  return [...rows, ...fixRows(writer, account, symbol).filter(({ sortAt }) => sortAt >= from.sortAt)]
}

/** Every row of an account, oldest first, one at a time, then those the user added to settle differences. */
export function* accountRows(writer: Writer, account: number): Generator<LotRow> {
  const shared = sharing()
  const statement = writer.prepare(OF_ACCOUNT).raw()
  let after: readonly [sortAt: number, id: number] = [Number.MIN_SAFE_INTEGER, 0]
  for (;;) {
    const rows = statement.all(account, ...after) as Cells[]
    for (const cells of rows) yield toLotRow(cells, shared)
    const last = rows.at(-1)
    if (!last || rows.length < AT_ONCE) break
    after = [last[1], last[0]]
  }
  yield* fixRows(writer, account)
}

function sharing(): Shared {
  const texts = new Map<string, string>()
  const manners = new Map<string, Manner>()
  return {
    text(text) {
      if (text === null) return text
      const found = texts.get(text)
      if (found !== undefined) return found as typeof text
      texts.set(text, text)
      return text
    },
    manner(cell) {
      const found = manners.get(cell)
      if (found !== undefined) return found
      const made = mannerOf(cell)
      manners.set(cell, made)
      return made
    },
  }
}

/** The rows of an account on one day of the exchange's zone. */
export function dayRows(writer: Writer, account: number, day: LocalDate): LotRow[] {
  const start = (of: LocalDate): number => Instant.toEpochMicros(startOfDay(of, EXCHANGE_ZONE))
  const query = `SELECT ${COLUMNS} FROM activities WHERE account = ? AND sort_at >= ? AND sort_at < ?`
  return toLotRows(writer.prepare(query).raw().all(account, start(day), start(LocalDate.plusDays(day, 1))))
}

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
  return reader.all(sql`SELECT id, symbol, currency, day, quantity, price FROM opening_lots WHERE account = ${account} ORDER BY day, created_at, id`).map(row => ({
    id: text(row, 'id'),
    symbol: text(row, 'symbol'),
    currency: text(row, 'currency'),
    day: text<LocalDate>(row, 'day'),
    quantity: text<Dec>(row, 'quantity'),
    price: textOrNull<Dec>(row, 'price'),
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
