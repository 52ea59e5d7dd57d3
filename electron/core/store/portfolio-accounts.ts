import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { text } from './cells.ts'
import { readHistory } from './history.ts'

/** An account whose figures count. */
export interface CountedAccount {
  readonly id: AccountId
  readonly connectionId: ConnectionId
  readonly broker: BrokerId
  readonly environment: Environment
  readonly name: string
  readonly maskedNumber: string
  /** False where only files tell of it: there is no broker to agree with. */
  readonly isRead: boolean
  /** The one its broker reports the whole in. */
  readonly currency: string
}

/** The accounts of connections that are there, in the order of the cards; those the user left out are not in it. */
export function countedAccounts(reader: Reader): CountedAccount[] {
  return reader
    .all(
      sql`
      SELECT a.id, a.connection_id, a.broker, a.environment, a.name, a.masked_number, a.currency, c.method FROM accounts a JOIN connections c ON c.id = a.connection_id
      WHERE a.excluded = 0 AND c.removed_at IS NULL ORDER BY c.created_at, c.id, a.position, a.id`,
    )
    .map(toCounted)
}

/** Whether the history its broker has of an account was never read to its end. */
export function isUnread(reader: Reader, { id, isRead }: Pick<CountedAccount, 'id' | 'isRead'>): boolean {
  return isRead && (readHistory(reader, id)?.completeFrom ?? null) === null
}

/** The broker of an account; null when there is no such account. */
export function brokerOf(reader: Reader, id: AccountId): BrokerId | null {
  const row = reader.get(sql`SELECT broker FROM accounts WHERE id = ${id}`)
  return row ? text<BrokerId>(row, 'broker') : null
}

function toCounted(row: Row): CountedAccount {
  return {
    id: text<AccountId>(row, 'id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    broker: text<BrokerId>(row, 'broker'),
    environment: text<Environment>(row, 'environment'),
    name: text(row, 'name'),
    maskedNumber: text(row, 'masked_number'),
    isRead: text(row, 'method') !== 'file',
    currency: text(row, 'currency'),
  }
}
