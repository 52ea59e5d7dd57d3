import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { standardMultiplier } from '../../../shared/domain/instrument.ts'
import type { Position } from '../../../shared/domain/position.ts'
import { EXCHANGE_ZONE, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, micros, text } from './cells.ts'

const PLACES = 6

/** A future by what it gained, a bond by a price in percent, and what nobody classed by who knows what. */
const VALUED_OTHERWISE = new Set<Position['assetClass']>(['future', 'future-option', 'bond', 'other'])

type Marked = Pick<Position, 'symbol' | 'assetClass' | 'quantity' | 'marketValue' | 'asOf'>

/**
 * Keeps the price of one unit of each holding as its broker values it, six decimals: of each day the highest, the lowest and the last.
 * Nothing is kept of what is not valued by price times quantity (futures, bonds) or whose units only the broker knows. Call it in the
 * transaction that saves the positions.
 */
export function savePriceMarks(writer: Writer, accountId: AccountId, positions: readonly Marked[]): void {
  const account = writer.get(sql`SELECT n FROM accounts WHERE id = ${accountId}`)
  if (!account) return
  const n = integer(account, 'n')
  for (const position of positions) {
    const price = unitPrice(position)
    if (price === null) continue
    const at = micros(position.asOf)
    writer.run(sql`INSERT OR REPLACE INTO price_marks (account, symbol, at, price) VALUES (${n}, ${position.symbol}, ${at}, ${price})`)
    thin(writer, n, position)
  }
}

/** What one unit is worth; null where that cannot be told from value and quantity. */
export function unitPrice({ symbol, assetClass, quantity, marketValue }: Omit<Marked, 'asOf'>): Dec | null {
  const units = assetClass === 'option' ? standardMultiplier(symbol) : Dec.of('1')
  if (VALUED_OTHERWISE.has(assetClass) || marketValue === null || units === undefined || Dec.isZero(quantity)) return null
  return Dec.divide(marketValue, Dec.mul(quantity, units), PLACES)
}

function thin(writer: Writer, account: number, { symbol, asOf }: Marked): void {
  const day = micros(startOfDay(toLocalDate(asOf, EXCHANGE_ZONE), EXCHANGE_ZONE))
  const marks = writer
    .all(sql`SELECT at, price FROM price_marks WHERE account = ${account} AND symbol = ${symbol} AND at >= ${day} ORDER BY at`)
    .map(row => ({ at: integer(row, 'at'), price: text<Dec>(row, 'price') }))
  const sorted = marks.toSorted((a, b) => Dec.cmp(a.price, b.price) || a.at - b.at)
  const kept = new Set([sorted.at(0), sorted.at(-1), marks.at(-1)].map(mark => mark?.at))
  for (const { at } of marks) {
    if (!kept.has(at)) writer.run(sql`DELETE FROM price_marks WHERE account = ${account} AND symbol = ${symbol} AND at = ${at}`)
  }
}
