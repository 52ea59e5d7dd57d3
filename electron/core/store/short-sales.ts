import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'
import { markSymbol } from './ledger-dirty.ts'
import { overrideOf, setOverride } from './ledger-words.ts'

/** Rows of `activities a` that sold something and do not say whether that opened or closed a position. */
export const PLAIN_SALE: Sql = sql`a.kind = 'trade' AND a.side = 'sell' AND a.position_effect IS NULL`

/** A plain sale of what was not held: the broker's id of the row, and how many of it the history never shows bought. */
export interface UnheldSale {
  readonly row: string
  readonly quantity: Dec
}

/** The plain sales of an account behind gaps, by the number of their book. */
export function unheldSales(reader: Reader, accountId: AccountId): Map<number, UnheldSale[]> {
  const found = new Map<number, UnheldSale[]>()
  for (const row of reader.all(sql`
    SELECT g.book, g.key, g.quantity FROM ledger_books b JOIN ledger_gaps g ON g.book = b.id AND g.kind = 'needs-opening-lot'
    JOIN activities a ON a.account = b.account AND a.external_id = g.key AND ${PLAIN_SALE}
    WHERE b.account = (SELECT n FROM accounts WHERE id = ${accountId}) ORDER BY g.day, g.key`)) {
    const sale = { row: text(row, 'key'), quantity: Dec.abs(text<Dec>(row, 'quantity')) }
    const book = integer(row, 'book')
    found.set(book, [...(found.get(book) ?? []), sale])
  }
  return found
}

/** What a broker says is held short of an instrument, positive; null where it says no such thing. */
export function heldShort(reader: Reader, accountId: AccountId, symbol: string, currency: string): Dec | null {
  const rows = reader.all(
    sql`SELECT quantity FROM positions WHERE account_id = ${accountId} AND symbol = ${symbol} AND currency = ${currency}`,
  )
  const quantity = Dec.sum(rows.map(row => text<Dec>(row, 'quantity')))
  return Dec.isNegative(quantity) ? Dec.abs(quantity) : null
}

/** Keeps that a sale opened a short position, beside what else is said of its row, and marks what has to be computed anew. Call it in a transaction. */
export function tellShort(
  writer: Writer,
  account: number,
  row: { readonly externalId: string; readonly symbol: string },
  at: Instant,
): void {
  setOverride(writer, account, row.externalId, { ...overrideOf(writer, account, row.externalId), effect: 'open' }, at)
  markSymbol(writer, account, row.symbol)
}
