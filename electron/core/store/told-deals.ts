import { Dec } from '../../../shared/domain/decimal.ts'
import { bareRoot } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { dealOf } from '../ledger/lots/lot-rows.ts'
import { lotPlace, openingPlace } from '../ledger/lots/place.ts'
import type { Closing, Deal } from '../ledger/lots/wash.ts'
import { integer, text } from './cells.ts'
import { fixRows } from './reconciliation-fixes.ts'

/** A book by what names it. */
interface Named {
  readonly id: number
  readonly account: number
  readonly symbol: string
}

/** What the user told of a book beside its rows: the places of what fixes booked, and what was bought or sold short by fixes and by lots. */
export interface ToldDeals {
  readonly places: readonly { readonly account: number; readonly symbol: string; readonly key: string; readonly at: number }[]
  readonly deals: readonly Deal[]
}

const NONE: ToldDeals = { places: [], deals: [] }

interface Asked {
  readonly from: LocalDate | null
  /** What was closed from that day on. */
  readonly closings: readonly Pick<Closing, 'account' | 'symbol' | 'closeDay'>[]
}

/**
 * Purchases and short sales that stand in no row of a broker, from a day on: a trade a fix booked, and a lot from before the history at a
 * price the user told for its day. The lot a fix added has a made-up day, and what left another account as a lot of that day was bought there:
 * neither is a purchase of its own. Nor is a lot of the day before something left its book: earlier versions filled that day in by themselves.
 */
export function toldDeals(reader: Reader, books: readonly Named[], { from, closings }: Asked): ToldDeals {
  const symbols = JSON.stringify([...new Set(books.map(({ symbol }) => symbol))])
  const lots = lotsToldOf(reader, symbols, books)
  const fixed = reader.all(sql`SELECT DISTINCT account, symbol FROM reconciliation_fixes WHERE symbol IN (SELECT value FROM json_each(${symbols}))`)
  if (lots.length === 0 && fixed.length === 0) return NONE
  const names = new Set(books.map(nameOf))
  const rows = fixed
    .map(row => ({ account: integer(row, 'account'), symbol: text(row, 'symbol') }))
    .filter(home => names.has(nameOf(home)))
    .flatMap(({ account, symbol }) => fixRows(reader, account, symbol).map(row => ({ account, symbol, row, at: lotPlace(row) })))
    .filter(({ row }) => from === null || row.tradeDate >= from)
  const traded = rows.flatMap(({ account, symbol, row, at }): Deal[] => {
    const deal = dealOf(row)
    return deal ? [dealt({ account, symbol, key: row.externalId, day: row.tradeDate, at }, deal)] : []
  })
  const bought = boughtHere(reader, withSaidDays(reader, lots, { books, closings }), books)
    .filter(({ day }) => from === null || day >= from)
    .map(({ account, symbol, key, day, quantity }) =>
      dealt({ account, symbol, key, day, at: openingPlace(day) }, { quantity, effect: Dec.isNegative(quantity) ? 'open' : null }),
    )
  return { places: rows.map(({ account, symbol, row, at }) => ({ account, symbol, key: row.externalId, at })), deals: [...traded, ...bought] }
}

/** The first day of what the user told of a book; null where he told nothing. */
export function firstToldDay(reader: Reader, { account, symbol }: Pick<Named, 'account' | 'symbol'>): LocalDate | null {
  const row = reader.get(sql`
    SELECT min(day) AS day FROM (SELECT day FROM opening_lots WHERE account = ${account} AND symbol = ${symbol}
      UNION ALL SELECT day FROM reconciliation_fixes WHERE account = ${account} AND symbol = ${symbol})`)
  return row && row['day'] !== null ? text<LocalDate>(row, 'day') : null
}

type Where = Omit<Deal, 'account' | 'side' | 'effect' | 'quantity'> & { readonly account: number }

function dealt({ account, ...where }: Where, { quantity, effect }: Pick<Deal, 'quantity' | 'effect'>): Deal {
  return { ...where, account: String(account), side: Dec.isNegative(quantity) ? 'sell' : 'buy', effect, quantity: Dec.abs(quantity) }
}

const nameOf = ({ account, symbol }: Pick<Named, 'account' | 'symbol'>): string => `${account}|${symbol}`

interface LotTold {
  readonly key: string
  readonly account: number
  readonly symbol: string
  readonly day: LocalDate
  readonly quantity: Dec
}

/** Lots from before the history with a price, but for those a fix added. */
function lotsToldOf(reader: Reader, symbols: string, books: readonly Named[]): LotTold[] {
  const rows = reader.all(sql`
    SELECT id, account, symbol, day, quantity FROM opening_lots WHERE symbol IN (SELECT value FROM json_each(${symbols})) AND price IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM reconciliation_fixes f WHERE f.id = opening_lots.id) ORDER BY day, created_at, id`)
  const names = new Set(books.map(nameOf))
  return rows
    .map(row => ({ key: text(row, 'id'), account: integer(row, 'account'), symbol: text(row, 'symbol'), day: text<LocalDate>(row, 'day'), quantity: text<Dec>(row, 'quantity') }))
    .filter(lot => names.has(nameOf(lot)))
}

/** Without those of the day before something left their book, by a closing or as it is. */
function withSaidDays(reader: Reader, lots: readonly LotTold[], { books, closings }: Pick<Asked, 'closings'> & { readonly books: readonly Named[] }): LotTold[] {
  if (lots.length === 0) return []
  const nextOf = ({ account, symbol, day }: LotTold): string => `${account}|${symbol}|${LocalDate.plusDays(day, 1)}`
  const names = new Set(lots.map(nextOf))
  const met = new Set(closings.map(({ account, symbol, closeDay }) => `${account}|${symbol}|${closeDay}`).filter(name => names.has(name)))
  const days = JSON.stringify(lots.map(({ day }) => LocalDate.plusDays(day, 1)))
  const left = reader.all(sql`
    SELECT b.account, b.symbol, d.day FROM json_each(${JSON.stringify(books.map(({ id }) => id))}) i CROSS JOIN ledger_books b ON b.id = i.value
    CROSS JOIN ledger_deliveries d ON d.book = b.id WHERE d.day IN (SELECT value FROM json_each(${days}))`)
  for (const row of left) met.add(`${integer(row, 'account')}|${text(row, 'symbol')}|${text(row, 'day')}`)
  return lots.filter(lot => !met.has(nextOf(lot)))
}

/** Without what left other accounts as lots of the same day. */
function boughtHere(reader: Reader, lots: readonly LotTold[], books: readonly Named[]): LotTold[] {
  if (lots.length === 0) return []
  const left = reader
    .all(sql`
      SELECT b.account, b.symbol, d.open_day, d.quantity FROM json_each(${JSON.stringify(books.map(({ id }) => id))}) i CROSS JOIN ledger_books b ON b.id = i.value
      CROSS JOIN ledger_deliveries d ON d.book = b.id WHERE d.open_day IN (SELECT value FROM json_each(${JSON.stringify(lots.map(({ day }) => day))}))`)
    .map(row => ({ account: integer(row, 'account'), root: bareRoot(text(row, 'symbol')), day: text<LocalDate>(row, 'open_day'), left: Dec.abs(text<Dec>(row, 'quantity')) }))
  return lots.flatMap(lot => {
    let size = Dec.abs(lot.quantity)
    for (const one of left) {
      if (one.account === lot.account || one.day !== lot.day || one.root !== bareRoot(lot.symbol)) continue
      const part = Dec.cmp(one.left, size) < 0 ? one.left : size
      one.left = Dec.sub(one.left, part)
      size = Dec.sub(size, part)
    }
    return Dec.isZero(size) ? [] : [{ ...lot, quantity: Dec.isNegative(lot.quantity) ? Dec.neg(size) : size }]
  })
}
