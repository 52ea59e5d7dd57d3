import { AppError } from '../../../shared/contract/errors.ts'
import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { dealOf, type RowOverride } from '../ledger/lots/lot-rows.ts'
import { lotPlace } from '../ledger/lots/place.ts'
import type { Closing, Deal } from '../ledger/lots/wash.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { lotRowOf } from './ledger-history.ts'
import { closedWithin, type ClosingPlace, type ClosingPlaceIn, CLOSINGS_A_ROW, closingsWhere, isWithin, newestClosings, newestFirst, type PlacedClosing } from './ledger-realizations.ts'
import { all, booksIn, type ScopedAccount } from './ledger-scope.ts'
import { tripsTagged } from './noted-runs.ts'
import { numberOf } from './packed-closings.ts'

/** What one closing made, whose it is, and the rows behind it. */
export interface ClosingRow extends PlacedClosing {
  readonly accountId: AccountId
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly currency: string
  /** Numbers of rows; null for a lot the user told of. */
  readonly openId: number | null
  readonly closeId: number | null
}

/** Closings newest first, and where the next page goes on. Throws app/invalid-request for a cursor that is none. */
export function closingPage(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  scope: LedgerScope,
  { limit, after: cursor }: { readonly limit: number; readonly after?: string | undefined },
): { readonly rows: ClosingRow[]; readonly next: string | null } {
  const after = cursor === undefined ? null : readCursor(cursor)
  const found = scope.tag === undefined ? newestRows(reader, accounts, scope, { limit: limit + 1, after }) : taggedRows(reader, accounts, scope, after).slice(0, limit + 1)
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: last && found.length > limit ? `${last.closeDay}.${last.book}.${last.place}` : null }
}

interface Cursor {
  readonly day: LocalDate
  readonly place: ClosingPlace
}

function readCursor(text: string): Cursor {
  const [, day = '', book, place] = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []
  if (!LocalDate.is(day)) throw new AppError('app/invalid-request')
  return { day, place: { day: numberOf(day), book: Number(book), place: Number(place) } }
}

const placeIn = ({ closeDay, book, place }: Pick<PlacedClosing, 'closeDay' | 'book' | 'place'>): ClosingPlace => ({ day: numberOf(closeDay), book, place })
const rowsNewestFirst = (a: PlacedClosing, b: PlacedClosing): number => newestFirst(placeIn(a), placeIn(b))

function newestRows(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope, { limit, after }: { readonly limit: number; readonly after: Cursor | null }): ClosingRow[] {
  const to = after !== null && (scope.to === undefined || after.day < scope.to) ? after.day : scope.to
  const isOfFewBooks = scope.symbol !== undefined
  const found = newestClosings(reader, { where: booksIn(accounts, scope), isOfFewBooks, limit, after: after?.place ?? null, from: scope.from, to })
  const names = new Set(found.map(({ book, place }) => `${book}.${place}`))
  const packed = [...new Set(found.map(({ book, place }) => `${book}.${place - (place % CLOSINGS_A_ROW)}`))].map(name => name.split('.').map(Number))
  const rows = packed.flatMap(([book = 0, first = 0]) => closingsIn(reader, sql`b.id = ${book} AND r.first = ${first}`, one => names.has(`${one.book}.${one.place}`)))
  return withRows(reader, rows).toSorted(rowsNewestFirst)
}

/** The user tags few runs, so all of theirs are read. */
function taggedRows(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope, after: Cursor | null): ClosingRow[] {
  const tagged = tripsTagged(reader, scope.tag ?? '')
  const where = all([booksIn(accounts, scope), closedWithin(scope), sql`b.id IN (${sql.list([...tagged.books])})`])
  const isAsked = (one: ClosingPlaceIn): boolean =>
    tagged.has(one.book, one.trip) && isWithin(one.closeDay, scope) && (after === null || newestFirst(after.place, placeIn(one)) < 0)
  return withRows(reader, closingsIn(reader, where, isAsked)).toSorted(rowsNewestFirst)
}

/** The closings of one run, oldest first. */
export function closingsOfTrip(reader: Reader, book: number, trip: number): ClosingRow[] {
  return withRows(reader, closingsIn(reader, sql`b.id = ${book} AND r.first_trip <= ${trip} AND r.last_trip >= ${trip}`, one => one.trip === trip))
}

/** The losses of a run from the newest back: one by itself, because most often it tells, then twice as many each time. */
export function* lossesOfTrip(reader: Reader, { book, trip }: Pick<PlacedClosing, 'book' | 'trip'>): Generator<ClosedLot[]> {
  const isAsked = (one: ClosingPlaceIn): boolean => one.isLoss && one.trip === trip
  let before = Number.MAX_SAFE_INTEGER
  let atOnce = 1
  for (;;) {
    const found = reader.get(sql`SELECT max(first) AS first FROM ledger_closings WHERE book = ${book} AND first_trip <= ${trip} AND last_trip >= ${trip} AND first < ${before}`)
    if (!found || found['first'] === null) return
    before = integer(found, 'first')
    const losses = closingsIn(reader, sql`b.id = ${book} AND r.first = ${before}`, isAsked)
    while (losses.length > 0) {
      yield losses.splice(-atOnce)
      atOnce *= 2
    }
  }
}

/** A closing without the rows behind it. */
export interface ClosedLot extends Omit<ClosingRow, 'openId' | 'closeId'> {
  readonly account: number
}

function closingsIn(reader: Reader, where: Sql, isAsked: (one: ClosingPlaceIn) => boolean): ClosedLot[] {
  const query = { where, isAsked, columns: sql`, b.account, b.symbol, b.currency, b.asset_class, c.id AS account_id`, joins: sql`JOIN accounts c ON c.n = b.account` }
  return [...closingsWhere(reader, query)].flatMap(({ closings, row }) => {
    const home = {
      account: integer(row, 'account'), accountId: text<AccountId>(row, 'account_id'), symbol: text(row, 'symbol'), assetClass: textOrNull<AssetClass>(row, 'asset_class'), currency: text(row, 'currency'),
    }
    return closings.map(one => ({ ...one, ...home }))
  })
}

function withRows(reader: Reader, closings: readonly ClosedLot[]): ClosingRow[] {
  const behind = rowsBehind(reader, closings.flatMap(({ account, openKey, closeKey }) => [{ account, key: openKey }, { account, key: closeKey }]), sql`id`)
  return closings.map(({ account, ...one }) => {
    const idOf = (key: string): number | null => {
      const row = behind(account, key)
      return row ? integer(row, 'id') : null
    }
    return { ...one, openId: idOf(one.openKey), closeId: idOf(one.closeKey) }
  })
}

/** Finds the rows of the history behind some keys, with one query an account. */
function rowsBehind(reader: Reader, wanted: readonly { readonly account: number; readonly key: string }[], columns: Sql): (account: number, key: string) => Row | undefined {
  const found = new Map<number, Map<string, Row>>()
  for (const [account, own] of Map.groupBy(wanted, one => one.account)) {
    const keys = JSON.stringify([...new Set(own.map(({ key }) => key))])
    const rows = reader.all(sql`SELECT external_id, ${columns} FROM activities WHERE account = ${account} AND external_id IN (SELECT value FROM json_each(${keys}))`)
    found.set(account, new Map(rows.map(row => [text(row, 'external_id'), row])))
  }
  return (account, key) => found.get(account)?.get(key)
}

/** A stretch of days, both included. */
export interface Span {
  readonly from: LocalDate
  readonly to: LocalDate
}

/** Everything that was closed of some instruments in a stretch of days, as a look for replaced losses wants it. */
export function closingsBetween(reader: Reader, accounts: readonly ScopedAccount[], symbols: readonly string[], span: Span): Closing[] {
  const found = closingsIn(reader, all([ofSymbols(accounts, symbols), closedWithin(span)]), ({ closeDay }) => isWithin(closeDay, span))
  const columns = sql`id, sort_at, executed_at, kind, side, position_effect, quantity AS row_quantity, trade_date`
  const behind = rowsBehind(reader, found.map(({ account, closeKey }) => ({ account, key: closeKey })), columns)
  const placed = found.flatMap(one => {
    const event = behind(one.account, one.closeKey)
    return event ? [{ one, at: placeOf(event), sortAt: integer(event, 'sort_at'), id: integer(event, 'id') }] : []
  })
  return placed
    .toSorted((a, b) => a.sortAt - b.sortAt || a.id - b.id || a.one.place - b.one.place)
    .map(({ one: { accountId: account, symbol, assetClass, openKey, closeKey, closeDay, isShort, quantity, pnl }, at }) => ({
      account, symbol, assetClass, openKey, closeKey, closeDay, at, isShort, quantity, pnl,
    }))
}

/** Every purchase and sale of some instruments in a stretch of days, as the user says they were. */
export function dealsBetween(reader: Reader, accounts: readonly ScopedAccount[], symbols: readonly string[], { from, to }: Span): Deal[] {
  const start = (day: LocalDate): number => Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE))
  const rows = reader.all(sql`
    SELECT a.id, a.sort_at, a.executed_at IS NOT NULL AS is_timed, a.external_id, a.kind, a.broker_type, a.symbol, a.asset_class, a.side, a.position_effect, a.quantity, a.price,
      a.amount, a.fees, a.currency, a.trade_date, a.description, a.status, c.id AS account_id, w.said
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

/** The places at which nothing was left of some instruments held at average cost, by account id and symbol joined with a bar; elsewhere the lots say it themselves. */
export function flatPlaces(reader: Reader, accounts: readonly ScopedAccount[], symbols: readonly string[], { from, to }: Span): Map<string, number[]> {
  const rows = reader.all(sql`
    SELECT c.id AS account_id, b.symbol, t.last_at FROM ledger_books b JOIN ledger_trips t ON t.book = b.id JOIN accounts c ON c.n = b.account
    WHERE ${ofSymbols(accounts, symbols)} AND b.method = 'average' AND t.close_day >= ${from} AND t.close_day <= ${to}`)
  const places = Map.groupBy(rows, row => `${text(row, 'account_id')}|${text(row, 'symbol')}`)
  return new Map([...places].map(([name, own]) => [name, own.map(row => integer(row, 'last_at'))]))
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
