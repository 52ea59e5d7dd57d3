import { ACTIVITY_KINDS, type ActivityKind, type Side, SIDES } from '../../../shared/domain/activity.ts'
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
import { fixRows } from './reconciliation-fixes.ts'

/** What few words say over and over comes as one text, without those that are not there: a cell for each is most of what reading a row costs. */
const BETWEEN = '\u001f'
const MANNER = 'concat_ws(char(31), kind, status, currency, asset_class, side, position_effect, executed_at IS NOT NULL, broker_type)'
const COLUMNS = `id, sort_at, external_id, ${MANNER}, symbol, quantity, price, amount, fees, trade_date, description`
// A bound value that is compared as it is makes SQLite plan the statement anew for each value, which costs ten times as much as reading a row; `+?` does not.
// Named, because with statistics of other histories the account's index may look as good, and it costs the whole account.
const OF_SYMBOL = `SELECT ${COLUMNS} FROM activities INDEXED BY activities_symbol WHERE symbol = +? AND account = +? AND (sort_at, id) >= (?, ?) ORDER BY sort_at, id`
const IS_FIXED = 'SELECT 1 FROM reconciliation_fixes WHERE account = +? AND symbol = +?'
const AT_ONCE = 2000
const OF_ACCOUNT = `SELECT ${COLUMNS} FROM activities WHERE account = ? AND (sort_at, id) > (?, ?) ORDER BY sort_at, id LIMIT ${AT_ONCE}`

type Cells = readonly [
  id: number, sortAt: number, externalId: string, manner: string, symbol: string | null, quantity: Dec | null, price: Dec | null, amount: Dec | null, fees: Dec,
  tradeDate: LocalDate, description: string | null,
]

type Manner = Pick<LotRow, 'kind' | 'status' | 'currency' | 'assetClass' | 'side' | 'positionEffect' | 'isTimed' | 'brokerType'>

const STATUSES = ['final', 'corrected', 'canceled'] as const
const EFFECTS = ['open', 'close'] as const

/**
 * The words a broker has for a row come last, since only they may hold anything. Of all others each is the one text the program itself has, which
 * is compared by where it is; what may not be there is known by its words, which no two have in common, and ends with whether the row has a time.
 */
function mannerOf(cell: string): Manner {
  const [kind, status, currency = '', ...rest] = cell.split(BETWEEN)
  const end = rest.findIndex(word => word === TIMED || word === UNTIMED)
  const words = rest.slice(0, end)
  const side = SIDES.find(one => words.includes(one)) ?? null
  const positionEffect = EFFECTS.find(one => words.includes(one)) ?? null
  const assetClass = words.find(word => word !== side && word !== positionEffect) ?? null
  return {
    kind: known(ACTIVITY_KINDS, kind) ?? 'other', status: known(STATUSES, status) ?? 'final', currency, assetClass: assetClass as AssetClass | null,
    side, positionEffect, isTimed: rest[end] === TIMED, brokerType: rest.slice(end + 1).join(BETWEEN),
  }
}

const TIMED = '1'
const UNTIMED = '0'

function known<T extends string>(words: readonly T[], word: string | undefined): T | null {
  return words.find(one => one === word) ?? null
}

/** Texts and manners kept once: a long history says the same few words over and over, and all of it is held at a time. */
interface Shared {
  manner(cell: string): Manner
  text<T extends string | null>(text: T): T
  /** Rows come by their days, so most have that of the row before. */
  day(day: LocalDate): LocalDate
}

function toLotRow(cells: Cells, shared: Shared): LotRow {
  const { kind, status, currency, assetClass, side, positionEffect, isTimed, brokerType } = shared.manner(cells[3])
  return {
    id: cells[0], sortAt: cells[1], isTimed, externalId: cells[2], kind, brokerType, symbol: shared.text(cells[4]), assetClass, side, positionEffect, quantity: cells[5], price: cells[6],
    amount: cells[7], fees: cells[8], currency, tradeDate: shared.day(cells[9]), description: cells[10], status,
  }
}

function toLotRows(cells: unknown): LotRow[] {
  const shared = sharing()
  return (cells as Cells[]).map(row => toLotRow(row, shared))
}

/** The rows of an instrument in an account from a place on, oldest first, then those the user added to settle a difference. */
export function symbolRows(writer: Writer, account: number, symbol: string, from: { readonly sortAt: number; readonly id: number }): LotRow[] {
  const rows = toLotRows(writer.prepare(OF_SYMBOL).raw().all(symbol, account, from.sortAt, from.id))
  if (writer.prepare(IS_FIXED).get(account, symbol) === undefined) return rows
  return [...rows, ...fixRows(writer, account, symbol).filter(({ sortAt }) => sortAt >= from.sortAt)]
}

/** Every row of an account, oldest first, some at a time, then those the user added to settle differences. */
export function* accountRows(writer: Writer, account: number): Generator<LotRow[]> {
  const shared = sharing()
  const statement = writer.prepare(OF_ACCOUNT).raw()
  let after: readonly [sortAt: number, id: number] = [Number.MIN_SAFE_INTEGER, 0]
  for (;;) {
    const rows = statement.all(account, ...after) as Cells[]
    yield rows.map(cells => toLotRow(cells, shared))
    const last = rows.at(-1)
    if (!last || rows.length < AT_ONCE) break
    after = [last[1], last[0]]
  }
  yield fixRows(writer, account)
}

/** The broker's id of a row by its number; empty for one that is none of the history. */
export function externalIdOf(writer: Writer, id: number): string {
  const found = writer.prepare('SELECT activities.external_id FROM activities WHERE activities.id = ?').pluck().get(id)
  return typeof found === 'string' ? found : ''
}

function sharing(): Shared {
  const texts = new Map<string, string>()
  const manners = new Map<string, Manner>()
  // Looking a text up costs reading all of it; the two manners before are most often one of them.
  let [last, before]: [MannerOf, MannerOf] = [NO_MANNER, NO_MANNER]
  let today: LocalDate | undefined
  return {
    text(text) {
      if (text === null) return text
      const found = texts.get(text)
      if (found !== undefined) return found as typeof text
      texts.set(text, text)
      return text
    },
    day: day => (day === today ? today : (today = day)),
    manner(cell) {
      if (cell === last.cell) return last.manner
      ;[last, before] = [before, last]
      if (cell === last.cell) return last.manner
      let found = manners.get(cell)
      if (found === undefined) manners.set(cell, (found = mannerOf(cell)))
      last = { cell, manner: found }
      return found
    },
  }
}

interface MannerOf {
  readonly cell: string
  readonly manner: Manner
}

const NO_MANNER: MannerOf = { cell: '', manner: mannerOf('') }

/** What a day's cash asks of its rows. */
export type CashRow = Pick<LotRow, 'externalId' | 'kind' | 'brokerType' | 'assetClass' | 'side' | 'status' | 'currency' | 'quantity' | 'price' | 'amount' | 'fees'>

const OF_DAY = `SELECT external_id, ${MANNER}, quantity, price, amount, fees FROM activities WHERE account = ? AND sort_at >= ? AND sort_at < ?`

/** The rows of an account on one day of the exchange's zone. */
export function dayRows(writer: Writer, account: number, day: LocalDate): CashRow[] {
  const shared = sharing()
  const rows = writer.prepare(OF_DAY).raw().all(account, startsAt(day), startsAt(LocalDate.plusDays(day, 1))) as (readonly [externalId: string, manner: string, quantity: Dec | null, price: Dec | null, amount: Dec | null, fees: Dec])[]
  return rows.map(([externalId, manner, quantity, price, amount, fees]) => {
    const { kind, brokerType, assetClass, side, status, currency } = shared.manner(manner)
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
