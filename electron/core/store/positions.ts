import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { Position } from '../../../shared/domain/position.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, micros, text, textOrNull } from './cells.ts'
import { accountNumber } from './ledger-scope.ts'
import { learnUnits } from './opening-units.ts'

/** Replaces an account's holdings by what was just read; rows the broker states twice are kept twice. */
export function replacePositions(
  writer: Writer,
  accountId: AccountId,
  positions: readonly Omit<Position, 'accountId' | 'fetchedAt'>[],
  fetchedAt: Instant,
): void {
  writer.tx(() => {
    writer.run(sql`DELETE FROM positions WHERE account_id = ${accountId}`)
    positions.forEach((p, place) => {
      writer.run(sql`
        INSERT INTO positions (account_id, place, symbol, asset_class, quantity, average_price, market_value, unrealized, currency, as_of, fetched_at)
        VALUES (${accountId}, ${place}, ${p.symbol}, ${p.assetClass}, ${p.quantity}, ${p.averagePrice}, ${p.marketValue}, ${p.unrealized},
          ${p.currency}, ${micros(p.asOf)}, ${micros(fetchedAt)})`)
    })
    // Otherwise lots told before would wait for the next row of their account.
    const account = accountNumber(writer, accountId)
    if (account !== null) learnUnits(writer, account)
  })
}

/** Holdings of one account, or of all that are neither left out nor of a connection that was removed, by symbol. */
export function positionsOf(reader: Reader, accountId?: AccountId): Position[] {
  const gone = sql`SELECT a.id FROM accounts a LEFT JOIN connections c ON c.id = a.connection_id WHERE a.excluded = 1 OR c.removed_at IS NOT NULL`
  const where = accountId === undefined ? sql`account_id NOT IN (${gone})` : sql`account_id = ${accountId}`
  return reader.all(sql`SELECT * FROM positions WHERE ${where} ORDER BY symbol, account_id, place`).map(toPosition)
}

function toPosition(row: Row): Position {
  return {
    accountId: text<AccountId>(row, 'account_id'),
    symbol: text(row, 'symbol'),
    assetClass: text<AssetClass>(row, 'asset_class'),
    quantity: text<Dec>(row, 'quantity'),
    averagePrice: textOrNull<Dec>(row, 'average_price'),
    marketValue: textOrNull<Dec>(row, 'market_value'),
    unrealized: textOrNull<Dec>(row, 'unrealized'),
    currency: text(row, 'currency'),
    asOf: instant(row, 'as_of'),
    fetchedAt: instant(row, 'fetched_at'),
  }
}
