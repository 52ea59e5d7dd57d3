import { createHmac } from 'node:crypto'
import type { Account } from '../../../shared/domain/account.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'
import { takeBackWords } from './kept-words.ts'

export interface StoredAccount extends Account {
  /** What the broker's paths take; never shown. */
  readonly brokerKey: string
  readonly numberHash: string
  /** Its place in the broker's own list. */
  readonly position: number
  /** Left out of syncing and totals by the user. */
  readonly excluded: boolean
}

/** An account as a sign-in shows it, its number already hashed and masked. */
export interface SeenAccount {
  readonly numberHash: string
  readonly brokerKey: string
  readonly masked: string
  readonly name: string
  readonly type: string
  readonly currency: string
}

export interface SeenAccounts {
  readonly connectionId: ConnectionId
  readonly broker: BrokerId
  readonly environment: Environment
  readonly accounts: readonly SeenAccount[]
}

/** The accounts of a connection in the broker's order. */
export function accountsOf(reader: Reader, connectionId: ConnectionId): StoredAccount[] {
  return reader.all(sql`SELECT * FROM accounts WHERE connection_id = ${connectionId} ORDER BY position, id`).map(toAccount)
}

/** One account; null when there is none. */
export function getAccount(reader: Reader, id: AccountId): StoredAccount | null {
  const row = reader.get(sql`SELECT * FROM accounts WHERE id = ${id}`)
  return row ? toAccount(row) : null
}

/** Where an account is, as it is exported: its broker, environment, name and masked number; null when there is none. */
export function accountHome(
  reader: Reader,
  id: AccountId,
): { readonly broker: string; readonly environment: string; readonly accountName: string; readonly accountNumber: string } | null {
  const row = reader.get(sql`SELECT broker, environment, name, masked_number FROM accounts WHERE id = ${id}`)
  if (!row) return null
  return {
    broker: text(row, 'broker'),
    environment: text(row, 'environment'),
    accountName: text(row, 'name'),
    accountNumber: text(row, 'masked_number'),
  }
}

/** The account with this number, whichever connection holds it; null when it was never seen. */
export function accountByNumber(reader: Reader, broker: BrokerId, environment: Environment, hash: string): StoredAccount | null {
  const row = reader.get(sql`SELECT * FROM accounts WHERE broker = ${broker} AND environment = ${environment} AND number_hash = ${hash}`)
  return row ? toAccount(row) : null
}

/** An account number as a keyed hash (HMAC-SHA256, hex): the same number gives the same hash in this data folder only. */
export function numberHash(reader: Reader, broker: BrokerId, environment: Environment, number: string): string {
  return hmac(reader, `number|${broker}|${environment}|${number}`)
}

/**
 * Puts the accounts of a sign-in under its connection. The same number at the same broker and environment is the same
 * account, whatever connection had it before, so its history goes with it, and so does what the user said about a history of it
 * that was deleted. Answers them in the given order.
 */
export function adoptAccounts(writer: Writer, seen: SeenAccounts): StoredAccount[] {
  return writer.tx(() => {
    seen.accounts.forEach((account, position) => {
      const id = `acc_${hmac(writer, `id|${seen.broker}|${seen.environment}|${account.numberHash}`).slice(0, 24)}`
      writer.run(sql`
        INSERT INTO accounts (id, connection_id, broker, environment, number_hash, broker_key, masked_number, name, type, currency, position)
        VALUES (${id}, ${seen.connectionId}, ${seen.broker}, ${seen.environment}, ${account.numberHash}, ${account.brokerKey}, ${account.masked},
          ${account.name}, ${account.type}, ${account.currency}, ${position})
        ON CONFLICT (broker, environment, number_hash) DO UPDATE SET connection_id = excluded.connection_id, broker_key = excluded.broker_key,
          masked_number = excluded.masked_number, name = excluded.name, type = excluded.type, currency = excluded.currency,
          position = excluded.position`)
      takeBackWords(writer, id)
    })
    const hashes = new Set(seen.accounts.map(account => account.numberHash))
    return accountsOf(writer, seen.connectionId).filter(account => hashes.has(account.numberHash))
  })
}

/** Leaves an account out, or takes it back. */
export function setExcluded(writer: Writer, id: AccountId, excluded: boolean): void {
  writer.run(sql`UPDATE accounts SET excluded = ${excluded ? 1 : 0} WHERE id = ${id}`)
}

function hmac(reader: Reader, message: string): string {
  const row = reader.get(sql`SELECT value FROM meta WHERE name = 'account-salt'`)
  if (!row) throw new TypeError('the account salt is missing')
  return createHmac('sha256', Buffer.from(text(row, 'value'), 'hex'))
    .update(message)
    .digest('hex')
}

function toAccount(row: Row): StoredAccount {
  return {
    id: text<AccountId>(row, 'id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    name: text(row, 'name'),
    maskedNumber: text(row, 'masked_number'),
    type: text(row, 'type'),
    currency: text(row, 'currency'),
    brokerKey: text(row, 'broker_key'),
    numberHash: text(row, 'number_hash'),
    position: integer(row, 'position'),
    excluded: integer(row, 'excluded') === 1,
  }
}
