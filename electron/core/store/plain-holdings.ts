import { Dec } from '../../../shared/domain/decimal.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'

/** Rows of `activities a` that say nothing of a holding, or bought or sold something that is not sold before it is held. */
const PLAIN = sql`(a.status = 'canceled' OR a.kind IN ('interest', 'tax', 'other') OR (a.kind = 'dividend' AND a.broker_type NOT LIKE 'Receive Deliver%')
  OR (a.kind = 'fee' AND coalesce(a.quantity, '0') = '0')
  OR (a.kind = 'trade' AND coalesce(a.asset_class, '') NOT IN ('option', 'future', 'future-option', 'forex') AND a.broker_type <> 'OPTRD'
    AND coalesce(a.description, '') NOT LIKE '%assign%' AND coalesce(a.description, '') NOT LIKE '%exercis%' AND coalesce(a.description, '') NOT LIKE '%asn%'
    AND coalesce(a.side, '') || coalesce(a.position_effect, '') NOT IN ('buyclose', 'sellopen')))`

interface Holding {
  readonly account: number
  readonly symbol: string
  readonly currency: string
}

/**
 * What is held of an instrument of which all was bought by rows and sold once it was held, and about which the user says nothing, by its book: one more lot
 * from before is then just that much more. Null for every other, such as after a split, a short sale or a transfer.
 */
export function plainlyHeld(reader: Reader, { account, symbol, currency }: Holding): Dec | null {
  const other = reader.get(sql`
    SELECT 1 WHERE EXISTS (SELECT 1 FROM reconciliation_fixes WHERE account = +${account} AND symbol = +${symbol})
      OR EXISTS (SELECT 1 FROM opening_lots WHERE account = +${account} AND symbol = +${symbol})
      OR EXISTS (SELECT 1 FROM ledger_books b JOIN ledger_gaps g ON g.book = b.id AND g.kind = 'needs-opening-lot' WHERE b.account = +${account} AND b.symbol = +${symbol})
      OR EXISTS (SELECT 1 FROM activities a INDEXED BY activities_symbol WHERE a.symbol = +${symbol} AND a.account = +${account}
        AND (NOT ${PLAIN} OR EXISTS (SELECT 1 FROM row_overrides o WHERE o.account = a.account AND o.external_id = a.external_id)))`)
  if (other) return null
  const book = reader.get(sql`SELECT quantity FROM ledger_books WHERE account = +${account} AND symbol = +${symbol} AND currency = +${currency}`)
  return book ? text<Dec>(book, 'quantity') : Dec.zero
}

/** How many rows of an account are about an instrument. */
export function rowsOf(reader: Reader, account: number, symbol: string): number {
  const row = reader.get(sql`SELECT count(*) AS rows FROM activities INDEXED BY activities_symbol WHERE symbol = +${symbol} AND account = +${account}`)
  return row ? integer(row, 'rows') : 0
}
