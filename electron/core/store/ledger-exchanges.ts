import type { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { Delivery } from '../ledger/lots/engine.ts'
import type { Exchange } from '../ledger/lots/exchanges.ts'
import { text, textOrNull } from './cells.ts'

/** The exchanges the books of an account were computed with. */
export function exchangesOfBooks(reader: Reader, account: number): Exchange[] {
  return reader.all(sql`SELECT * FROM ledger_exchanges WHERE account = ${account} ORDER BY out_id`).map(row => ({
    outId: text(row, 'out_id'),
    inId: text(row, 'in_id'),
    fromSymbol: text(row, 'from_symbol'),
    toSymbol: text(row, 'to_symbol'),
    quantity: text<Dec>(row, 'quantity'),
  }))
}

export function saveExchanges(writer: Writer, account: number, exchanges: readonly Exchange[]): void {
  writer.run(sql`DELETE FROM ledger_exchanges WHERE account = ${account}`)
  for (const { outId, inId, fromSymbol, toSymbol, quantity } of exchanges) {
    writer.run(sql`INSERT INTO ledger_exchanges (account, out_id, in_id, from_symbol, to_symbol, quantity) VALUES (${account}, ${outId}, ${inId}, ${fromSymbol}, ${toSymbol}, ${quantity})`)
  }
}

/** What the books of an instrument delivered under a row's id. */
export function deliveriesUnder(reader: Reader, account: number, symbol: string, key: string): Delivery[] {
  return reader
    .all(
      sql`
      SELECT d.* FROM ledger_books b JOIN ledger_deliveries d ON d.book = b.id
      WHERE b.account = ${account} AND b.symbol = ${symbol} AND d.key = ${key} ORDER BY b.id, d.place`,
    )
    .map(row => ({
      openKey: text(row, 'open_key'),
      key: text(row, 'key'),
      openDay: text<LocalDate>(row, 'open_day'),
      day: text<LocalDate>(row, 'day'),
      quantity: text<Dec>(row, 'quantity'),
      cost: textOrNull<Dec>(row, 'cost'),
    }))
}
