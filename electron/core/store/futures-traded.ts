import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { text, textOrNull } from './cells.ts'

const MOST_TRADES = 200
const MOST_SYMBOLS = 3

/**
 * The futures an account traded last in a currency, as far as their rows state no more cash than their costs, and the last day of which a
 * row tells what futures settled; null without such a row.
 */
export function futuresTraded(
  reader: Reader,
  accountId: AccountId,
  currency: string,
): { readonly symbols: readonly string[]; readonly settledUntil: LocalDate | null } {
  const account = sql`account = (SELECT n FROM accounts WHERE id = ${accountId})`
  const trades = reader.all(sql`
    SELECT symbol, amount, fees FROM activities WHERE ${account} AND asset_class = 'future' AND kind = 'trade' AND currency = ${currency}
      AND status <> 'canceled' AND symbol IS NOT NULL ORDER BY sort_at DESC LIMIT ${MOST_TRADES}`)
  const costsAlone = trades.every(row => {
    const amount = textOrNull<Dec>(row, 'amount')
    return amount === null || Dec.cmp(Dec.abs(amount), Dec.abs(text<Dec>(row, 'fees'))) <= 0
  })
  const last = reader.get(sql`
    SELECT max(trade_date) AS day FROM activities WHERE ${account} AND kind = 'journal' AND currency = ${currency} AND status <> 'canceled'
      AND broker_type LIKE '%Mark to Market%'`)
  return {
    symbols: costsAlone ? [...new Set(trades.map(row => text(row, 'symbol')))].slice(0, MOST_SYMBOLS) : [],
    settledUntil: last ? textOrNull<LocalDate>(last, 'day') : null,
  }
}
