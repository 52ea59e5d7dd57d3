import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { dealOf, type LotRow, type RowOverride } from '../ledger/lots/lot-rows.ts'
import { lotPlace } from '../ledger/lots/place.ts'
import { type Closing, type Deal, type Flat, underlyingOf, type WashHistory } from '../ledger/lots/wash.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { lotRowOf } from './ledger-history.ts'
import { closingsWhere, isWithin } from './ledger-realizations.ts'
import { firstToldDay, type ToldDeals, toldDeals } from './told-deals.ts'

/** A book as it stands, for whoever keeps something worked out from it. With the same stamp it only went on, and only behind its last event. */
export interface WashBook {
  readonly id: number
  readonly account: number
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly stamp: number
  readonly events: number
  readonly lastAt: number | null
  readonly lastId: number | null
}

/** A closing with the book, the place in it and the run it is in. Accounts are told apart by their number. */
export interface WashClosing extends Closing {
  readonly book: number
  readonly place: number
  readonly trip: number
}

/** The books of some accounts that are about instruments of one root, or options on them; by that root. */
export function washBooks(reader: Reader, accounts: readonly number[], roots: ReadonlySet<string>): Map<string, WashBook[]> {
  const rows = reader.all(sql`
    SELECT DISTINCT b.id, b.account, b.symbol, b.asset_class, b.stamp, b.events, b.last_at, b.last_id
    FROM json_each(${JSON.stringify(accounts)}) c CROSS JOIN json_each(${JSON.stringify([...roots].flatMap(spellings))}) s
    CROSS JOIN ledger_books b ON b.account = c.value AND b.symbol >= s.value ->> 0 AND b.symbol < s.value ->> 1`)
  const books = rows.map((row): WashBook => ({
    id: integer(row, 'id'), account: integer(row, 'account'), symbol: text(row, 'symbol'), assetClass: textOrNull<AssetClass>(row, 'asset_class'), stamp: integer(row, 'stamp'), events: integer(row, 'events'),
    lastAt: row['last_at'] === null ? null : integer(row, 'last_at'), lastId: row['last_id'] === null ? null : integer(row, 'last_id'),
  }))
  return Map.groupBy(books, ({ symbol }) => underlyingOf(symbol))
}

/**
 * Ranges, from and to before, of the symbols that may be spellings of a root or options on it: a mark may stand behind any of its letters (`BRK.B`,
 * `BAC PRL`), and behind all of it comes a mark, a digit or nothing. Marks are between a space and the slash, before the digits.
 */
function spellings(root: string): [from: string, before: string][] {
  const marked = Array.from({ length: Math.max(0, root.length - 1) }, (_, at): [string, string] => [`${root.slice(0, at + 1)} `, `${root.slice(0, at + 1)}0`])
  return [...marked, [root, `${root}:`]]
}

/** What the user says of rows, by account and the broker's id. */
export type Said = ReadonlyMap<number, ReadonlyMap<string, RowOverride>>

export function saidOfRows(reader: Reader): Said {
  const said = new Map<number, Map<string, RowOverride>>()
  for (const row of reader.all(sql`SELECT account, external_id, said FROM row_overrides`)) {
    const own = said.get(integer(row, 'account')) ?? new Map<string, RowOverride>()
    said.set(integer(row, 'account'), own.set(text(row, 'external_id'), json<RowOverride>(row, 'said')))
  }
  return said
}

/** All that was closed, bought and sold of some books from a day on, or since the beginning. */
export function washHistory(reader: Reader, books: readonly WashBook[], { from, said }: { readonly from: LocalDate | null; readonly said: Said }): WashHistory<WashClosing> {
  const live = from === null ? books : books.filter(({ lastAt }) => lastAt !== null && lastAt >= startsAt(from))
  const found = closingsFrom(reader, live, from)
  const isShortSold = found.some(({ isShort, pnl }) => isShort && pnl !== null && Dec.isNegative(pnl))
  const { placeOf, deals } = rowsFrom(reader, live, { from, said, isShortSold, told: toldDeals(reader, books, { from, closings: found }) })
  // What has no row of the history was booked by the user for its day.
  const closings = found
    .map(one => ({ ...one, ...(placeOf(one.account, one.closeKey) ?? { at: startsAt(LocalDate.plusDays(one.closeDay, 1)) - 1, id: 0 }) }))
    .toSorted((a, b) => a.at - b.at || a.id - b.id || a.book - b.book || a.place - b.place)
  return { closings, deals, flat: flatFrom(reader, live, from) }
}

const startsAt = (day: LocalDate): number => Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE))

/** The day of a place in a book. */
export const dayOfPlace = (at: number): LocalDate => toLocalDate(Instant.fromEpochMicros(at), EXCHANGE_ZONE)

const idsOf = (books: readonly WashBook[]): string => JSON.stringify(books.map(({ id }) => id))

function closingsFrom(reader: Reader, books: readonly WashBook[], from: LocalDate | null): Omit<WashClosing, 'at'>[] {
  const homes = new Map(books.map(book => [book.id, book]))
  const where = sql`b.id IN (SELECT value FROM json_each(${idsOf(books)})) AND r.last_day >= +${from ?? ''}`
  const isAsked = from === null ? {} : { isAsked: ({ closeDay }: { readonly closeDay: LocalDate }) => isWithin(closeDay, { from }) }
  return [...closingsWhere(reader, { where, ...isAsked })].flatMap(({ book, closings }) => {
    const { account = 0, symbol = '', assetClass = null } = homes.get(book) ?? {}
    return closings.map(({ place, trip, openKey, closeKey, closeDay, isShort, quantity, pnl }) => ({
      book, place, trip, account: String(account), symbol, assetClass, openKey, closeKey, closeDay, isShort, quantity, pnl,
    }))
  })
}

interface RowsFrom {
  readonly from: LocalDate | null
  readonly said: Said
  /** Whether sales that do not say what they did may have opened what replaces. */
  readonly isShortSold: boolean
  readonly told: ToldDeals
}

interface Placed {
  readonly at: number
  readonly id: number
}

interface RowsFound {
  readonly placeOf: (account: string, key: string) => Placed | undefined
  readonly deals: Deal[]
}

/** The few words of a row as one text, because a cell for each is most of what reading it costs. */
const MANNER = sql`concat_ws(' ', a.kind, coalesce(a.side, '-'), coalesce(a.position_effect, '-'), a.executed_at IS NOT NULL, a.status) AS manner`

interface Manner extends Pick<LotRow, 'kind' | 'side' | 'positionEffect' | 'isTimed'> {
  readonly isCanceled: boolean
}

function mannerOf(cell: string): Manner {
  const [kind, side, effect, isTimed, status] = cell.split(' ')
  return {
    kind: kind as ActivityKind, side: side === '-' ? null : (side as Side), positionEffect: effect === 'open' || effect === 'close' ? effect : null, isTimed: isTimed === '1', isCanceled: status === 'canceled',
  }
}

function rowsFrom(reader: Reader, books: readonly WashBook[], { from, said, isShortSold, told }: RowsFrom): RowsFound {
  const homes = homesOf(books)
  const manners = new Map<string, Manner>()
  const deals: (Deal & Placed)[] = []
  const unclear: number[] = []
  for (const row of rowsOf(reader, books, from)) {
    const [cell, symbol, quantity, key, id] = [text(row, 'manner'), text(row, 'symbol'), textOrNull<Dec>(row, 'quantity'), text(row, 'external_id'), integer(row, 'id')]
    const account = integer(row, 'account')
    const home = homes.get(account)
    const last = home?.lastOf.get(symbol)
    if (!home || !last) continue
    const manner = manners.get(cell) ?? mannerOf(cell)
    manners.set(cell, manner)
    const day = text<LocalDate>(row, 'trade_date')
    const at = lotPlace({ ...manner, quantity, tradeDate: day, sortAt: integer(row, 'sort_at') })
    home.places.set(key, { at, id })
    // What no book has yet replaces nothing yet: it counts with its closings.
    if (quantity === null || manner.isCanceled || at > last.at || (at === last.at && id > last.id)) continue
    if (manner.kind !== 'trade' || said.get(account)?.has(key) === true || (manner.side === 'sell' && manner.positionEffect === null && isShortSold)) unclear.push(id)
    else if (manner.side !== null && quantity !== Dec.zero) deals.push({ account: home.name, symbol, key, day, at, id, side: manner.side, effect: manner.positionEffect, quantity: Dec.abs(quantity) })
  }
  deals.push(...unclearDeals(reader, unclear, said), ...inBooks(told.deals, homes))
  for (const { account, key, at } of told.places) homes.get(account)?.places.set(key, { at, id: 0 })
  return { placeOf: (account, key) => homes.get(Number(account))?.places.get(key), deals: deals.toSorted((a, b) => a.at - b.at || a.id - b.id) }
}

/** What a book has: what is behind its last event was told since. */
function inBooks(deals: readonly Deal[], homes: ReadonlyMap<number, Home>): (Deal & Placed)[] {
  return deals.flatMap(deal => {
    const last = homes.get(Number(deal.account))?.lastOf.get(deal.symbol)
    return last && deal.at <= last.at ? [{ ...deal, id: 0 }] : []
  })
}

interface Home {
  readonly name: string
  readonly places: Map<string, Placed>
  /** The last event of each symbol. */
  readonly lastOf: Map<string, Placed>
}

function homesOf(books: readonly WashBook[]): Map<number, Home> {
  const homes = new Map<number, Home>()
  for (const { account, symbol, lastAt, lastId } of books) {
    const home: Home = homes.get(account) ?? { name: String(account), places: new Map(), lastOf: new Map() }
    homes.set(account, home)
    const known = home.lastOf.get(symbol)
    const last = { at: lastAt ?? Number.MIN_SAFE_INTEGER, id: lastId ?? 0 }
    if (!known || last.at > known.at || (last.at === known.at && last.id > known.id)) home.lastOf.set(symbol, last)
  }
  return homes
}

function rowsOf(reader: Reader, books: readonly WashBook[], from: LocalDate | null): Row[] {
  const symbols = JSON.stringify([...new Set(books.map(({ symbol }) => symbol))])
  return reader.all(sql`
    SELECT a.account, a.id, a.sort_at, a.external_id, a.symbol, ${MANNER}, a.quantity, a.trade_date
    FROM json_each(${symbols}) s CROSS JOIN activities a INDEXED BY activities_symbol ON a.symbol = s.value
    WHERE a.kind NOT IN ('interest', 'tax', 'other') AND a.sort_at >= +${from === null ? Number.MIN_SAFE_INTEGER : startsAt(from)}`)
}

/** Rows of which only all of them, with what the user says, tells whether they bought or sold. */
function unclearDeals(reader: Reader, ids: readonly number[], said: Said): (Deal & Placed)[] {
  if (ids.length === 0) return []
  const rows = reader.all(sql`
    SELECT a.id, a.account, a.sort_at, a.executed_at IS NOT NULL AS is_timed, a.external_id, a.kind, a.broker_type, a.symbol, a.asset_class, a.side, a.position_effect, a.quantity, a.price,
      a.amount, a.fees, a.currency, a.trade_date, a.description, a.status
    FROM json_each(${JSON.stringify(ids)}) i CROSS JOIN activities a ON a.id = i.value`)
  return rows.flatMap(row => {
    const [told, account] = [lotRowOf(row), integer(row, 'account')]
    const deal = dealOf(told, said.get(account)?.get(told.externalId))
    if (!deal) return []
    const side = Dec.isNegative(deal.quantity) ? 'sell' : 'buy'
    const { id, externalId: key, tradeDate: day } = told
    return [{ account: String(account), symbol: text(row, 'symbol'), key, day, at: lotPlace(told), id, side, effect: deal.effect, quantity: Dec.abs(deal.quantity) }]
  })
}

/** The places at which nothing was left of books at average cost; elsewhere the lots say it themselves. */
function flatFrom(reader: Reader, books: readonly WashBook[], from: LocalDate | null): Flat {
  const rows = reader.all(sql`
    SELECT b.account, b.symbol, t.last_at FROM json_each(${idsOf(books)}) i CROSS JOIN ledger_books b ON b.id = i.value CROSS JOIN ledger_trips t ON t.book = b.id
    WHERE b.method = 'average' AND t.close_day >= +${from ?? ''}`)
  const places = Map.groupBy(rows, row => `${integer(row, 'account')}|${text(row, 'symbol')}`)
  return new Map([...places].map(([name, own]) => [name, own.map(row => integer(row, 'last_at'))]))
}

/** The day of the first row of a book, or of the first fill behind the last event it had once; null where there is none. */
export function firstDayOf(reader: Reader, { account, symbol }: WashBook, behind: Pick<WashBook, 'lastAt' | 'lastId'> | null): LocalDate | null {
  const from = behind?.lastAt == null ? Number.MIN_SAFE_INTEGER : startsAt(dayOfPlace(behind.lastAt))
  const told = behind?.lastAt == null ? firstToldDay(reader, { account, symbol }) : null
  const rows = reader.iterate(sql`
    SELECT a.id, a.sort_at, ${MANNER}, a.quantity, a.trade_date FROM activities a INDEXED BY activities_symbol
    WHERE a.symbol = +${symbol} AND a.account = +${account} AND a.sort_at >= +${from} ORDER BY a.sort_at, a.id`)
  for (const row of rows) {
    const [manner, day, id] = [mannerOf(text(row, 'manner')), text<LocalDate>(row, 'trade_date'), integer(row, 'id')]
    if (behind?.lastAt == null) return told !== null && told < day ? told : day
    const at = lotPlace({ ...manner, quantity: textOrNull<Dec>(row, 'quantity'), tradeDate: day, sortAt: integer(row, 'sort_at') })
    if (manner.kind === 'trade' && (at > behind.lastAt || (at === behind.lastAt && id > (behind.lastId ?? 0)))) return day
  }
  return told
}
