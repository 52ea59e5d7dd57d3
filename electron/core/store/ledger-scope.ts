import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'

/** An account as the ledger names it. */
export interface ScopedAccount {
  readonly n: number
  readonly accountId: AccountId
  readonly connectionId: ConnectionId
  readonly environment: Environment
  /** False once its connection was removed: what it made stays in every result, and it holds nothing any more. */
  readonly isThere: boolean
}

/**
 * The accounts a question is about; those the user left out never count. Without an environment it is real money, unless an account or a
 * connection says which.
 */
export function accountsIn(reader: Reader, { environment, broker, connectionId, accountId }: LedgerScope): ScopedAccount[] {
  const conditions = [sql`excluded = 0`]
  if (accountId !== undefined) conditions.push(sql`id = ${accountId}`)
  if (connectionId !== undefined) conditions.push(sql`connection_id = ${connectionId}`)
  if (broker !== undefined) conditions.push(sql`broker = ${broker}`)
  if (environment !== undefined) conditions.push(sql`environment = ${environment}`)
  else if (accountId === undefined && connectionId === undefined) conditions.push(sql`environment = 'live'`)
  return reader.all(sql`
    SELECT n, id, connection_id, environment, NOT EXISTS (SELECT 1 FROM connections c WHERE c.id = connection_id AND c.removed_at IS NOT NULL) AS is_there
    FROM accounts WHERE ${all(conditions)} ORDER BY n`).map(row => ({
    n: integer(row, 'n'),
    accountId: text<AccountId>(row, 'id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    environment: text<Environment>(row, 'environment'),
    isThere: integer(row, 'is_there') === 1,
  }))
}

/** One account, or each of every environment that counts: for what names the account beside each figure. */
export function everyAccount(reader: Reader, accountId?: AccountId): ScopedAccount[] {
  if (accountId !== undefined) return accountsIn(reader, { accountId })
  return (['live', 'paper', 'sandbox'] as const).flatMap(environment => accountsIn(reader, { environment }))
}

/** What a question says of instruments, for books named `b`. */
export function booksIn(accounts: readonly Pick<ScopedAccount, 'n'>[], { symbol, assetClass }: LedgerScope): Sql {
  const conditions = [sql`b.account IN (${sql.list(accounts.map(({ n }) => n))})`]
  if (symbol !== undefined) conditions.push(sql`b.symbol = ${symbol}`)
  if (assetClass !== undefined) conditions.push(sql`b.asset_class = ${assetClass}`)
  return all(conditions)
}

/** The days of a question, for a column that is literal text. */
export function daysIn(column: Sql, { from, to }: LedgerScope): Sql {
  const conditions = [sql`TRUE`]
  if (from !== undefined) conditions.push(sql`${column} >= ${from}`)
  if (to !== undefined) conditions.push(sql`${column} <= ${to}`)
  return all(conditions)
}

/** The number of an account; null for an unknown one. */
export function accountNumber(reader: Reader, id: AccountId): number | null {
  const row = reader.get(sql`SELECT n FROM accounts WHERE id = ${id}`)
  return row ? integer(row, 'n') : null
}

export function all(conditions: readonly Sql[]): Sql {
  return sql.join(conditions, sql` AND `)
}
