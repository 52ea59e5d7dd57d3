import { AppError } from '../../../shared/contract/errors.ts'
import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer, text, textOrNull } from './cells.ts'
import { closedWithin, type ClosingPlace, type ClosingPlaceIn, CLOSINGS_A_ROW, type ClosingsQuery, closingsWhere, isWithin, newestClosings, newestFirst, type PlacedClosing } from './ledger-realizations.ts'
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
  const asked = new Set(found.map(({ book, place }) => `${book}.${place}`))
  // All by one query, each once: one for each row costs more than the row.
  const packed = new Map(found.map(({ book, place }) => [`${book}.${place - (place % CLOSINGS_A_ROW)}`, [book, place - (place % CLOSINGS_A_ROW)] as const]))
  const rows = closingsIn(reader, { where: sql`TRUE`, rows: [...packed.values()], isAsked: one => asked.has(`${one.book}.${one.place}`) })
  return withRows(reader, rows).toSorted(rowsNewestFirst)
}

/** The user tags few runs, so all of theirs are read. */
function taggedRows(reader: Reader, accounts: readonly ScopedAccount[], scope: LedgerScope, after: Cursor | null): ClosingRow[] {
  const tagged = tripsTagged(reader, scope.tag ?? '')
  const where = all([booksIn(accounts, scope), closedWithin(scope), sql`b.id IN (${sql.list([...tagged.books])})`])
  const isAsked = (one: ClosingPlaceIn): boolean =>
    tagged.has(one.book, one.trip) && isWithin(one.closeDay, scope) && (after === null || newestFirst(after.place, placeIn(one)) < 0)
  return withRows(reader, closingsIn(reader, { where, isAsked })).toSorted(rowsNewestFirst)
}

/** The closings of one run, oldest first. */
export function closingsOfTrip(reader: Reader, book: number, trip: number): ClosingRow[] {
  return withRows(reader, closingsIn(reader, { where: sql`b.id = +${book} AND r.first_trip <= +${trip} AND r.last_trip >= +${trip}`, isAsked: one => one.trip === trip }))
}

/** A closing without the rows behind it. */
export interface ClosedLot extends Omit<ClosingRow, 'openId' | 'closeId'> {
  readonly account: number
}

function closingsIn(reader: Reader, asked: ClosingsQuery): ClosedLot[] {
  const query = { ...asked, columns: sql`, b.account, b.symbol, b.currency, b.asset_class, c.id AS account_id`, joins: sql`JOIN accounts c ON c.n = b.account` }
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
