import { AppError } from '../../../shared/contract/errors.ts'
import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ActivityId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { openingPlace } from '../ledger/lots/place.ts'
import type { Trip } from '../ledger/lots/trip.ts'
import { fromActivityId } from './activity-rows.ts'
import { integer, text, textOrNull } from './cells.ts'
import { toTrip } from './ledger-results.ts'
import { all, booksIn, daysIn, type ScopedAccount } from './ledger-scope.ts'
import { IS_TRADE } from './moved-trips.ts'
import { runName, type Runs, runsOfEntries, tripsTagged } from './noted-runs.ts'
import { withOwnMoments } from './own-moments.ts'
import { runThatClosed } from './run-of-lot.ts'
import { readTripId, tripId } from './trip-id.ts'

/** A run from flat to flat, and the book it is in. */
export interface TripRow extends Trip {
  readonly id: string
  readonly book: number
  readonly account: number
  readonly accountId: AccountId
  readonly connectionId: ConnectionId
  readonly symbol: string
  readonly currency: string
  readonly assetClass: string | null
  readonly multiplier: Dec | null
}

export interface TripFilter {
  readonly state?: 'open' | 'closed' | undefined
  readonly outcome?: 'win' | 'loss' | undefined
}

// What only a lot from before the history tells of has the units that were told with it.
const TRIPS = sql`t.*, coalesce(b.multiplier, (SELECT o.multiplier FROM opening_lots o WHERE o.account = b.account AND o.id = t.key)) AS multiplier, b.account, b.symbol, b.currency, b.asset_class, c.id AS account_id, c.connection_id`

/** Runs, the one with the newest fill first, and where the next page goes on. Throws app/invalid-request for a cursor that is none. */
export function tripPage(
  reader: Reader,
  accounts: readonly ScopedAccount[],
  scope: LedgerScope & TripFilter,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): { readonly rows: TripRow[]; readonly next: string | null } {
  const [at, book, trip] = after === undefined ? [] : readCursor(after)
  const where = all([tripsIn(reader, accounts, scope), after === undefined ? sql`TRUE` : sql`(t.last_at, t.book, t.trip) < (${Number(at)}, ${Number(book)}, ${Number(trip)})`])
  const source = scope.symbol === undefined ? sql`ledger_trips t CROSS JOIN ledger_books b ON b.id = t.book` : sql`ledger_books b CROSS JOIN ledger_trips t ON t.book = b.id`
  const found = reader.all(sql`
    SELECT ${TRIPS} FROM ${source} JOIN accounts c ON c.n = b.account WHERE ${where} ORDER BY t.last_at DESC, t.book DESC, t.trip DESC LIMIT ${limit + 1}`)
  const rows = found.slice(0, limit).map(row => tripRow(reader, row))
  const last = rows.at(-1)
  return { rows, next: last && found.length > limit ? `${last.lastAt}.${last.book}.${last.trip}` : null }
}

/** Closed runs of a question in the order they ended, but for those that only moved elsewhere. */
export function closedTrips(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope): TripRow[] {
  return reader
    .all(sql`
      SELECT ${TRIPS} FROM ledger_books b JOIN ledger_trips t ON t.book = b.id JOIN accounts c ON c.n = b.account
      WHERE ${tripsIn(reader, accounts, { ...scope, state: 'closed' })} AND ${IS_TRADE} ORDER BY t.last_at, t.book, t.trip`)
    .map(row => tripRow(reader, row))
}

/** Closed ones by the day they ended; open ones belong to every day from their first on. Text of decimals above 0 is above '0', and a loss begins with a minus. */
function tripsIn(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope & TripFilter): Sql {
  const conditions = [booksIn(accounts, scope)]
  const closedThen = sql`t.close_day IS NOT NULL AND ${daysIn(sql`t.close_day`, scope)}`
  if (scope.state === 'open') conditions.push(sql`t.close_day IS NULL`)
  else if (scope.state === 'closed') conditions.push(closedThen)
  else conditions.push(sql`(t.close_day IS NULL AND ${daysIn(sql`t.open_day`, { to: scope.to })} OR ${closedThen})`)
  if (scope.outcome === 'win') conditions.push(sql`t.realized > '0'`)
  if (scope.outcome === 'loss') conditions.push(sql`t.realized < '0'`)
  if (scope.tag !== undefined) conditions.push(isAmong(tripsTagged(reader, scope.tag)))
  return all(conditions)
}

const isAmong = ({ all: runs }: Runs): Sql => sql`(t.book, t.trip) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${JSON.stringify(runs)}))`

function readCursor(cursor: string): string[] {
  const match = /^(-?\d{1,17})\.(\d{1,15})\.(\d{1,15})$/.exec(cursor)
  if (!match) throw new AppError('app/invalid-request')
  return match.slice(1)
}

/** A run by its id; null for one that is gone, and of an account that is left out. */
export function tripById(reader: Reader, id: string): TripRow | null {
  const asked = readTripId(id)
  if (!asked) return null
  const row = reader
    .all(
      sql`
      SELECT ${TRIPS} FROM ledger_trips t JOIN ledger_books b ON b.id = t.book JOIN accounts c ON c.n = b.account
      WHERE t.name = ${asked.name} AND b.account = ${asked.account} AND c.excluded = 0`,
    )
    .find(found => idOf(found) === id)
  return row ? tripRow(reader, row) : null
}

/** The run a row opened, or else the one it went on with or ended. */
export function tripOfRow(reader: Reader, id: ActivityId): string | null {
  const own = reader.get(sql`
    SELECT b.id AS book, b.account, b.symbol, b.currency, a.external_id AS key, a.trade_date AS day FROM activities a JOIN accounts c ON c.n = a.account
      JOIN ledger_books b ON b.account = a.account AND b.symbol = a.symbol AND b.currency = a.currency WHERE a.id = ${fromActivityId(id)} AND c.excluded = 0`)
  if (!own) return null
  const [book, key, day] = [integer(own, 'book'), text(own, 'key'), text(own, 'day')]
  const row = reader.get(sql`
    SELECT key FROM (
      SELECT t.key, 0 AS place FROM ledger_trips t WHERE t.book = ${book} AND t.key = ${key}
      UNION ALL SELECT t.key, 1 FROM ledger_trips t WHERE t.book = ${book} AND t.trip = ${runThatClosed(reader, book, key)}
      UNION ALL SELECT t.key, 2 FROM ledger_lots l JOIN ledger_trips t ON t.book = l.book AND t.trip = l.trip WHERE l.book = ${book} AND l.key = ${key}
      UNION ALL SELECT t.key, 3 FROM ledger_trips t WHERE t.book = ${book} AND t.open_day <= ${day} AND coalesce(t.close_day, ${day}) >= ${day}
    ) ORDER BY place LIMIT 1`)
  return row ? idOf({ ...own, ...row }) : null
}

function idOf(row: Row): string {
  return tripId({ account: integer(row, 'account'), symbol: text(row, 'symbol'), currency: text(row, 'currency'), key: text(row, 'key') })
}

function tripRow(reader: Reader, row: Row): TripRow {
  return withOwnMoments(reader, {
    ...toTrip(row),
    id: idOf(row),
    book: integer(row, 'book'),
    account: integer(row, 'account'),
    accountId: text<AccountId>(row, 'account_id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    symbol: text(row, 'symbol'),
    currency: text(row, 'currency'),
    assetClass: textOrNull(row, 'asset_class'),
    multiplier: textOrNull<Dec>(row, 'multiplier'),
  })
}

/** What the user noted beside the lots of a run. */
export interface TripNotes {
  readonly tags: readonly string[]
  readonly rating: number | null
  readonly hasNotes: boolean
}

/** Fills up to which those of a run are looked at for notes; of one with more the notes of its instrument are. */
const SOME_FILLS = 100

type Noted = Pick<TripRow, 'book' | 'trip' | 'account' | 'symbol' | 'key' | 'openDay' | 'lastAt' | 'fills'>

/** Notes by book and number of the run (see runName); of several ratings the last one given counts. */
export function tripNotes(reader: Reader, trips: readonly Noted[]): Map<string, TripNotes> {
  const notes = new Map<string, TripNotes>()
  const runs = entriesOf(reader, trips)
  if (runs.size === 0) return notes
  const rows = reader.all(sql`
    SELECT e.n, e.rating, e.text <> '' OR e.title <> '' AS has_words, (SELECT json_group_array(g.tag) FROM journal_tags g WHERE g.entry = e.n) AS tags
    FROM journal_entries e WHERE e.n IN (SELECT value FROM json_each(${JSON.stringify([...runs.keys()])})) ORDER BY e.n`)
  for (const row of rows) {
    const name = runs.get(integer(row, 'n')) ?? ''
    const known = notes.get(name)
    const tags: unknown = JSON.parse(text(row, 'tags'))
    notes.set(name, {
      tags: [...new Set([...(known?.tags ?? []), ...(Array.isArray(tags) ? tags.map(String) : [])])].toSorted(),
      rating: row['rating'] === null ? (known?.rating ?? null) : integer(row, 'rating'),
      hasNotes: (known?.hasNotes ?? false) || integer(row, 'has_words') === 1,
    })
  }
  return notes
}

/** The numbers of the entries beside a run's lots; none for a run that is gone. */
export function entriesOfTrip(reader: Reader, id: string): number[] {
  const trip = tripById(reader, id)
  return trip ? [...entriesOf(reader, [trip]).keys()] : []
}

/** Entries by their number, each with the name of the one of these runs it belongs to. */
function entriesOf(reader: Reader, trips: readonly Noted[]): Map<number, string> {
  const runs = new Map<number, string>()
  if (trips.length === 0 || !reader.get(sql`SELECT 1 FROM journal_entries WHERE account IS NOT NULL LIMIT 1`)) return runs
  const wanted = new Set(trips.map(runName))
  for (const run of runsOfEntries(reader, sql`e.n IN (${entriesNear(trips)})`)) if (wanted.has(runName(run))) runs.set(run.entry, runName(run))
  return runs
}

/** The entries that may be about some runs: beside what opened them, any row of their time, or a lot from before the history. */
function entriesNear(trips: readonly Noted[]): Sql {
  const named = (some: readonly Noted[]): Sql =>
    sql`json_each(${JSON.stringify(some.map(({ account, symbol, key, openDay, lastAt }) => ({ account, symbol, key, from: openingPlace(openDay), to: lastAt })))}) j`
  return sql`
    SELECT e.n FROM ${named(trips)} CROSS JOIN journal_entries e ON e.account = j.value ->> 'account' AND e.external_id = j.value ->> 'key'
    UNION SELECT e.n FROM ${named(trips)} CROSS JOIN opening_lots o ON o.account = j.value ->> 'account' AND o.symbol = j.value ->> 'symbol'
      CROSS JOIN journal_entries e ON e.account = o.account AND e.external_id = o.id
    UNION SELECT e.n FROM ${named(trips.filter(({ fills }) => fills <= SOME_FILLS))} CROSS JOIN activities a INDEXED BY activities_symbol
      ON a.symbol = j.value ->> 'symbol' AND a.account = j.value ->> 'account' AND a.sort_at >= j.value ->> 'from' AND a.sort_at <= j.value ->> 'to'
      CROSS JOIN journal_entries e ON e.account = a.account AND e.external_id = a.external_id
    UNION SELECT e.n FROM ${named(trips.filter(({ fills }) => fills > SOME_FILLS))} CROSS JOIN journal_entries e ON e.symbol = j.value ->> 'symbol' AND e.account = j.value ->> 'account'`
}

/** The instruments Keelson ever saw a price of: account number and symbol joined with a bar. */
export function pricedSymbols(reader: Reader): Set<string> {
  return new Set(reader.all(sql`SELECT DISTINCT account, symbol FROM price_marks`).map(row => `${integer(row, 'account')}|${text(row, 'symbol')}`))
}

/** The prices Keelson saw of an instrument in an account, from one moment to another (microseconds since 1970). */
export function pricesBetween(reader: Reader, account: number, symbol: string, from: number, to: number): Dec[] {
  return reader
    .all(sql`SELECT price FROM price_marks WHERE account = ${account} AND symbol = ${symbol} AND at >= ${from} AND at <= ${to}`)
    .map(row => text<Dec>(row, 'price'))
}

/** When an instrument was last split in an account by a moment, both in microseconds since 1970; null where it never was. */
export function lastSplitAt(reader: Reader, { account, symbol }: Pick<TripRow, 'account' | 'symbol'>, until: number): number | null {
  const row = reader.get(sql`
    SELECT sort_at FROM activities WHERE symbol = ${symbol} AND kind = 'split' AND kind <> 'trade' AND account = ${account} AND status <> 'canceled' AND sort_at <= ${until}
    ORDER BY sort_at DESC LIMIT 1`)
  return row ? integer(row, 'sort_at') : null
}
