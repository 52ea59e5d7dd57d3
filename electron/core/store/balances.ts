import type { Balance } from '../../../shared/domain/account.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, micros, text, textOrNull } from './cells.ts'

/** Replaces what is known of an account's balances by what was just read. One row a currency; the last one counts. */
export function replaceBalances(
  writer: Writer,
  accountId: AccountId,
  balances: readonly Omit<Balance, 'accountId' | 'fetchedAt'>[],
  fetchedAt: Instant,
): void {
  writer.tx(() => {
    writer.run(sql`DELETE FROM balances WHERE account_id = ${accountId}`)
    for (const { currency, netLiquidation, cash, buyingPower, asOf, toBase = null } of balances) {
      writer.run(sql`
        INSERT OR REPLACE INTO balances (account_id, currency, net_liquidation, cash, buying_power, as_of, fetched_at, to_base)
        VALUES (${accountId}, ${currency}, ${netLiquidation}, ${cash}, ${buyingPower}, ${micros(asOf)}, ${micros(fetchedAt)}, ${toBase})`)
    }
  })
}

/** The balances of an account as last read, by currency. */
export function balancesOf(reader: Reader, accountId: AccountId): Balance[] {
  return reader.all(sql`SELECT * FROM balances WHERE account_id = ${accountId} ORDER BY currency`).map(row => ({
    accountId,
    currency: text(row, 'currency'),
    netLiquidation: textOrNull<Dec>(row, 'net_liquidation'),
    cash: textOrNull<Dec>(row, 'cash'),
    buyingPower: textOrNull<Dec>(row, 'buying_power'),
    asOf: instant(row, 'as_of'),
    fetchedAt: instant(row, 'fetched_at'),
    ...rateOf(textOrNull<Dec>(row, 'to_base')),
  }))
}

function rateOf(toBase: Dec | null): Pick<Balance, 'toBase'> {
  return toBase === null ? {} : { toBase }
}
