import { AppError } from '../../../shared/contract/errors.ts'
import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { Realization } from '../ledger/lots/engine.ts'
import { dealOf, type RowOverride } from '../ledger/lots/lot-rows.ts'
import { lotPlace } from '../ledger/lots/place.ts'
import type { Closing, Deal } from '../ledger/lots/wash.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { lotRowOf } from './ledger-history.ts'
import { toRealization } from './ledger-results.ts'
import { all, booksIn, daysIn, type ScopedAccount } from './ledger-scope.ts'
import { tripsTagged } from './ledger-sums.ts'

/** What one closing made, whose it is, and the rows behind it. */
export interface ClosingRow extends Realization {
  readonly book: number
  readonly place: number
  readonly accountId: AccountId
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly currency: string
  /** Numbers of rows; null for a lot the user told of. */
  readonly openId: number | null
  readonly closeId: number | null
}

const CLOSINGS = sql`r.*, b.symbol, b.currency, b.asset_class, c.id AS account_id, o.id AS open_id, e.id AS close_id`
const ROWS_BEHIND = sql`JOIN accounts c ON c.n = b.account LEFT JOIN activities o ON o.account = b.account AND o.external_id = r.open_key
  LEFT JOIN activities e ON e.account = b.account AND e.external_id = r.close_key`

/** Closings newest first, and where the next page goes on. Throws app/invalid-request for a cursor that is none. */
export function closingPage(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  scope: LedgerScope,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): { readonly rows: ClosingRow[]; readonly next: string | null } {
  const [day, book, place] = after === undefined ? [] : readCursor(after)
  const where = all([
    booksIn(accounts, scope), daysIn(sql`r.close_day`, scope), scope.tag === undefined ? sql`TRUE` : sql`(r.book, r.trip) IN (${tripsTagged(scope.tag)})`,
    after === undefined ? sql`TRUE` : sql`(r.close_day, r.book, r.place) < (${day ?? ''}, ${Number(book)}, ${Number(place)})`,
  ])
  // Of one instrument the book is the way in; of all, the days.
  const source = scope.symbol === undefined ? sql`ledger_realizations r CROSS JOIN ledger_books b ON b.id = r.book` : sql`ledger_books b CROSS JOIN ledger_realizations r ON r.book = b.id`
  const found = reader.all(sql`
    SELECT ${CLOSINGS} FROM ${source} ${ROWS_BEHIND} WHERE ${where} ORDER BY r.close_day DESC, r.book DESC, r.place DESC LIMIT ${limit + 1}`)
  const rows = found.slice(0, limit).map(toClosing)
  const last = rows.at(-1)
  return { rows, next: last && found.length > limit ? `${last.closeDay}.${last.book}.${last.place}` : null }
}

function readCursor(text: string): string[] {
  const match = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})\.(\d{1,15})$/.exec(text)
  if (!match) throw new AppError('app/invalid-request')
  return match.slice(1)
}

/** The closings of one run, oldest first. */
export function closingsOfTrip(reader: Reader, book: number, trip: number): ClosingRow[] {
  return reader
    .all(sql`SELECT ${CLOSINGS} FROM ledger_books b CROSS JOIN ledger_realizations r ON r.book = b.id ${ROWS_BEHIND} WHERE b.id = ${book} AND r.trip = ${trip} ORDER BY r.place`)
    .map(toClosing)
}

function toClosing(row: Row): ClosingRow {
  return {
    ...toRealization(row),
    book: integer(row, 'book'),
    place: integer(row, 'place'),
    accountId: text<AccountId>(row, 'account_id'),
    symbol: text(row, 'symbol'),
    assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    currency: text(row, 'currency'),
    openId: row['open_id'] === null ? null : integer(row, 'open_id'),
    closeId: row['close_id'] === null ? null : integer(row, 'close_id'),
  }
}

/** A stretch of days, both included. */
export interface Span {
  readonly from: LocalDate
  readonly to: LocalDate
}

/** Everything that was closed of some instruments in a stretch of days, as a look for replaced losses wants it. */
export function closingsBetween(reader: Reader, accounts: readonly ScopedAccount[], symbols: readonly string[], { from, to }: Span): Closing[] {
  const rows = reader.all(sql`
    SELECT r.*, b.symbol, b.asset_class, c.id AS account_id, e.id, e.sort_at, e.executed_at, e.kind, e.side, e.position_effect, e.quantity AS row_quantity, e.trade_date
    FROM ledger_books b JOIN ledger_realizations r ON r.book = b.id JOIN accounts c ON c.n = b.account JOIN activities e ON e.account = b.account AND e.external_id = r.close_key
    WHERE ${ofSymbols(accounts, symbols)} AND r.close_day BETWEEN ${from} AND ${to} ORDER BY e.sort_at, e.id, r.place`)
  return rows.map(row => {
    const { openKey, closeKey, closeDay, isShort, quantity, pnl } = toRealization(row)
    const assetClass = textOrNull<AssetClass>(row, 'asset_class')
    return { account: text(row, 'account_id'), symbol: text(row, 'symbol'), assetClass, openKey, closeKey, closeDay, at: placeOf(row), isShort, quantity, pnl }
  })
}

/** Every purchase and sale of some instruments in a stretch of days, as the user says they were. */
export function dealsBetween(reader: Reader, accounts: readonly ScopedAccount[], symbols: readonly string[], { from, to }: Span): Deal[] {
  const start = (day: LocalDate): number => Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE))
  const rows = reader.all(sql`
    SELECT a.*, a.executed_at IS NOT NULL AS is_timed, c.id AS account_id, w.said
    FROM activities a INDEXED BY activities_symbol JOIN accounts c ON c.n = a.account LEFT JOIN row_overrides w ON w.account = a.account AND w.external_id = a.external_id
    WHERE a.account IN (${sql.list(accounts.map(({ n }) => n))}) AND a.symbol IN (${sql.list(symbols)}) AND a.quantity IS NOT NULL AND a.status <> 'canceled'
      AND a.sort_at >= ${start(from)} AND a.sort_at < ${start(LocalDate.plusDays(to, 1))}`)
  return rows.flatMap(row => {
    const told = lotRowOf(row)
    const deal = dealOf(told, row['said'] === null ? undefined : json<RowOverride>(row, 'said'))
    if (!deal) return []
    const side = Dec.isNegative(deal.quantity) ? 'sell' : 'buy'
    return [{
      account: text(row, 'account_id'), symbol: text(row, 'symbol'), key: told.externalId, day: told.tradeDate, at: lotPlace(told), side, effect: deal.effect, quantity: Dec.abs(deal.quantity),
    }]
  })
}

/** The instruments whose symbol begins with this, such as options on it. */
export function symbolsBeginning(reader: Reader, accounts: readonly ScopedAccount[], root: string): string[] {
  return reader
    .all(sql`SELECT DISTINCT symbol FROM ledger_books WHERE account IN (${sql.list(accounts.map(({ n }) => n))}) AND symbol >= ${root} AND symbol < ${`${root}\u{10FFFF}`}`)
    .map(row => text(row, 'symbol'))
}

function ofSymbols(accounts: readonly ScopedAccount[], symbols: readonly string[]): Sql {
  return sql`b.account IN (${sql.list(accounts.map(({ n }) => n))}) AND b.symbol IN (${sql.list(symbols)})`
}

function placeOf(row: Row): number {
  return lotPlace({
    kind: text<ActivityKind>(row, 'kind'),
    side: textOrNull<Side>(row, 'side'),
    positionEffect: textOrNull<'open' | 'close'>(row, 'position_effect'),
    quantity: textOrNull<Dec>(row, 'row_quantity'),
    tradeDate: text<LocalDate>(row, 'trade_date'),
    sortAt: integer(row, 'sort_at'),
    isTimed: row['executed_at'] !== null,
  })
}
