import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, type LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, micros, text, textOrNull } from './cells.ts'
import { FROM_OUTSIDE, LEFT_OUT } from './counted-rows.ts'
import { WHOLE, WHOLE_BEGUN } from './ledger-dirty.ts'
import { accountNumber } from './ledger-scope.ts'
import { unheldClosings } from './unknown-closings.ts'

/** What our books say of one day of an account in one currency. */
export interface DayResult {
  readonly realized: Dec | null
  /** Closings whose cost nobody knows, those of what the history never shows opened, and those in another currency, which nobody can add. */
  readonly unknown: number
  /** What happened on the day is in the history and not in the books yet. */
  readonly isBehind: boolean
  /** Symbols that were traded on the day, by the history and by the orders. */
  readonly traded: readonly string[]
}

export function dayResult(reader: Reader, accountId: AccountId, currency: string, day: LocalDate): DayResult {
  const books = reader.get(sql`
    SELECT d.realized, d.unknown FROM ledger_days d JOIN accounts a ON a.n = d.account WHERE a.id = ${accountId} AND d.currency = ${currency} AND d.day = ${day}`)
  const abroad = reader.get(sql`
    SELECT coalesce(sum(d.closings + d.unknown), 0) AS closings FROM ledger_days d JOIN accounts a ON a.n = d.account WHERE a.id = ${accountId} AND d.currency <> ${currency} AND d.day = ${day}`)
  const traded = reader.all(sql`
    SELECT symbol FROM activities JOIN accounts a ON a.n = account WHERE a.id = ${accountId} AND trade_date = ${day} AND kind IN ('trade', 'option-event') AND symbol IS NOT NULL
    UNION SELECT symbol FROM orders WHERE account_id = ${accountId} AND updated_at >= ${micros(startOfDay(day, EXCHANGE_ZONE))} AND filled_quantity <> '0' AND symbol IS NOT NULL`)
  const behind = reader.get(sql`
    SELECT 1 AS yes FROM ledger_dirty x JOIN accounts a ON a.n = x.account
    WHERE a.id = ${accountId} AND (x.symbol IN (${WHOLE}, ${WHOLE_BEGUN}) OR EXISTS (SELECT 1 FROM activities t WHERE t.account = a.n AND t.symbol = x.symbol AND t.trade_date = ${day})) LIMIT 1`)
  return {
    realized: books ? text<Dec>(books, 'realized') : null,
    unknown: (books ? integer(books, 'unknown') : 0) + (abroad ? integer(abroad, 'closings') : 0) + unheldOn(reader, accountId, day),
    isBehind: behind !== undefined,
    traded: traded.map(row => text(row, 'symbol')),
  }
}

/** In every currency: what they made nobody knows. */
function unheldOn(reader: Reader, accountId: AccountId, day: LocalDate): number {
  const n = accountNumber(reader, accountId)
  return n === null ? 0 : unheldClosings(reader, [{ n }], { from: day, to: day }).length
}

/**
 * Money and securities that came or went after a day, by the history. `amount` is null for what has none in the currency. A withdrawal
 * the user took out counts no more, a deposit still does: nobody makes today's loss smaller by a word of his own.
 */
export function transfersAfter(reader: Reader, accountId: AccountId, currency: string, day: LocalDate): { readonly amount: Dec | null }[] {
  return reader
    .all(
      sql`
      SELECT CASE WHEN activities.currency = ${currency} THEN amount END AS amount FROM activities JOIN accounts a ON a.n = account
      WHERE a.id = ${accountId} AND trade_date > ${day} AND ${FROM_OUTSIDE}
        AND NOT (${LEFT_OUT} AND coalesce(amount, '') LIKE '-%')`,
    )
    .map(row => ({ amount: textOrNull<Dec>(row, 'amount') }))
}
