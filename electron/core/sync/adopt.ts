import type { Connection } from '../../../shared/domain/connection.ts'
import type { BrokerAccount } from '../brokers/adapter.ts'
import type { Reader, Writer } from '../db/open.ts'
import { accountByNumber, accountsOf, adoptAccounts, numberHash, type StoredAccount } from '../store/accounts.ts'
import { getConnection } from '../store/connections.ts'

export interface Adopted {
  /** The accounts the broker lists now, known by the hash of their number. */
  readonly accounts: readonly StoredAccount[]
  /** Accounts seen before that it no longer lists; their history stays. */
  readonly gone: readonly StoredAccount[]
}

type Holder = Pick<Connection, 'id' | 'broker' | 'environment'>

/**
 * Whether another connection that is signed in holds this account. Such an account stays there: two sign-ins that both show it
 * must not pass it back and forth.
 */
export function isHeldByAnother(reader: Reader, { id, broker, environment }: Holder, number: string): boolean {
  const account = accountByNumber(reader, broker, environment, numberHash(reader, broker, environment, number))
  if (!account || account.connectionId === id) return false
  const holder = getConnection(reader, account.connectionId)
  // Files hold an account only until somebody signs in to it.
  return holder?.state.kind === 'connected' && holder.method !== 'file'
}

/** Stores what the broker lists under its connection, in one transaction, leaving out what another connection holds. */
export function adoptListed(writer: Writer, holder: Holder, listed: readonly BrokerAccount[]): Adopted {
  const { id, broker, environment } = holder
  return writer.tx(w => {
    const before = accountsOf(w, id)
    const accounts = adoptAccounts(w, {
      connectionId: id,
      broker,
      environment,
      accounts: listed.filter(account => !isHeldByAnother(w, holder, account.number)).map(account => ({
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
