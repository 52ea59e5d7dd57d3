import type { Connection } from '../../../shared/domain/connection.ts'
import type { BrokerAccount } from '../brokers/adapter.ts'
import type { Writer } from '../db/open.ts'
import { accountsOf, adoptAccounts, numberHash, type StoredAccount } from '../store/accounts.ts'

export interface Adopted {
  /** The accounts the broker lists now, known by the hash of their number. */
  readonly accounts: readonly StoredAccount[]
  /** Accounts seen before that it no longer lists; their history stays. */
  readonly gone: readonly StoredAccount[]
}

/** Stores what the broker lists under its connection, in one transaction. */
export function adoptListed(
  writer: Writer,
  { id, broker, environment }: Pick<Connection, 'id' | 'broker' | 'environment'>,
  listed: readonly BrokerAccount[],
): Adopted {
  return writer.tx(w => {
    const before = accountsOf(w, id)
    const accounts = adoptAccounts(w, {
      connectionId: id,
      broker,
      environment,
      accounts: listed.map(account => ({
        numberHash: numberHash(w, broker, environment, account.number),
        brokerKey: account.key,
        masked: maskNumber(account.number),
        name: account.name,
        type: account.type,
        currency: account.currency,
      })),
    })
    const now = new Set(accounts.map(account => account.id))
    return { accounts, gone: before.filter(account => !now.has(account.id)) }
  })
}

/** The last four characters of an account number, or the last two of a short one, behind dots. */
export function maskNumber(number: string): string {
  const plain = number.replace(/[^0-9A-Za-z]/g, '')
  return `••••${plain.slice(plain.length >= 8 ? -4 : -2)}`
}
