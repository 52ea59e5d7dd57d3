import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { heldMultiplier, knownMultiplier } from '../ledger/lots/multiplier.ts'
import { text, textOrNull } from './cells.ts'
import { markSymbol } from './ledger-dirty.ts'

const PLAIN = /^\d{1,12}(?:\.\d{1,12})?$/

/** What an instrument is in an account, and how many units one is; null where nobody says it. */
export interface Units {
  readonly assetClass: AssetClass | null
  readonly multiplier: Dec | null
}

/** What the rows of an account come to, else the position its broker states, else the books of other accounts say about an instrument. */
export function unitsIn(reader: Reader, account: number, symbol: string, near: LocalDate): Units {
  const held = heldIn(reader, account, symbol)
  const books = reader.all(
    sql`SELECT account = ${account} AS own, asset_class, multiplier FROM ledger_books WHERE symbol = ${symbol} ORDER BY own DESC, multiplier IS NULL, id`,
  )
  const told = (isOwn: boolean): Dec | null => {
    const book = books.find(row => (row['own'] === 1) === isOwn && row['multiplier'] !== null)
    return book ? text<Dec>(book, 'multiplier') : null
  }
  const ownClass = books.find(row => row['own'] === 1 && row['asset_class'] !== null)
  const assetClass = held?.assetClass ?? (ownClass ? text<AssetClass>(ownClass, 'asset_class') : null)
  return { assetClass, multiplier: told(true) ?? knownMultiplier(symbol, assetClass, near) ?? held?.multiplier ?? told(false) }
}

function heldIn(reader: Reader, account: number, symbol: string): Units | null {
  const row = reader.get(sql`
    SELECT p.asset_class, p.quantity, p.average_price, p.market_value, p.unrealized FROM positions p JOIN accounts a ON a.id = p.account_id
    WHERE a.n = ${account} AND p.symbol = ${symbol} ORDER BY p.place LIMIT 1`)
  if (!row) return null
  const assetClass = text<AssetClass>(row, 'asset_class')
  const multiplier = heldMultiplier({
    assetClass,
    quantity: text<Dec>(row, 'quantity'),
    averagePrice: textOrNull<Dec>(row, 'average_price'),
    marketValue: textOrNull<Dec>(row, 'market_value'),
    unrealized: textOrNull<Dec>(row, 'unrealized'),
  })
  return { assetClass, multiplier }
}

/**
 * The multiplier a broker's row states of a contract that no table knows (`multiplier` of IBKR's Flex); null without one. Rows that move nothing are not asked: no book is read again for them. What Flex states of
 * a bond, 1, is not what its price in percent is counted by.
 */
export function statedMultiplier(reader: Reader, account: number, symbol: string): Dec | null {
  const row = reader.get(sql`
    SELECT CAST(told.multiplier AS TEXT) AS multiplier FROM (
      SELECT CASE WHEN json_valid(raw) THEN raw ->> 'multiplier' END AS multiplier, sort_at, id FROM activities INDEXED BY activities_symbol
      WHERE symbol = ${symbol} AND account = ${account} AND asset_class IN ('future', 'future-option', 'option') AND status <> 'canceled'
        AND kind NOT IN ('dividend', 'interest', 'tax', 'other')
    ) told WHERE CAST(told.multiplier AS REAL) > 0 ORDER BY told.sort_at, told.id LIMIT 1`)
  const stated = row ? textOrNull(row, 'multiplier') : null
  return stated !== null && PLAIN.test(stated) ? Dec.of(stated) : null
}

/**
 * Keeps with the lots from before an account's history what its broker's position says they are: the position goes with the sale, and their
 * cost must not. Their instruments are marked, and answered. Call it in the transaction that computes, before it does, and in one that changes
 * positions.
 */
export function learnUnits(writer: Writer, account: number): ReadonlySet<string> {
  const learned = new Set<string>()
  const untold = writer.all(sql`SELECT id, symbol, day, asset_class FROM opening_lots WHERE account = ${account} AND multiplier IS NULL`)
  for (const row of untold) {
    const [symbol, day, before] = [text(row, 'symbol'), text<LocalDate>(row, 'day'), textOrNull<AssetClass>(row, 'asset_class')]
    const isKnown = before !== null && knownMultiplier(symbol, before, day) !== null
    const held = isKnown ? null : heldIn(writer, account, symbol)
    if (!held) continue
    const multiplier = knownMultiplier(symbol, held.assetClass, day) === null ? held.multiplier : null
    if (held.assetClass === before && multiplier === null) continue
    writer.run(sql`UPDATE opening_lots SET asset_class = ${held.assetClass}, multiplier = ${multiplier} WHERE id = ${text(row, 'id')}`)
    markSymbol(writer, account, symbol)
    learned.add(symbol)
  }
  return learned
}
