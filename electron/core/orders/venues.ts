import { AppError } from '../../../shared/contract/errors.ts'
import type { TradeRules } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Broker, BrokerAdapter, Trading } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import { getAccount, type StoredAccount } from '../store/accounts.ts'
import { getConnection, type StoredConnection } from '../store/connections.ts'

/** An account with the way to its broker. */
export interface Venue {
  readonly account: StoredAccount
  readonly connection: StoredConnection
  readonly broker: Broker
  readonly adapter: BrokerAdapter
}

/** The same where orders are taken. */
export interface OrderVenue extends Venue {
  readonly rules: TradeRules
  readonly trading: Trading
}

export interface Venues {
  /**
   * To read from, an account that is left out too: what it sent today counts, and an order in doubt there is looked for. Throws
   * app/not-found, and auth/sign-in-needed or vault/locked for a connection nobody is signed in to.
   */
  of(accountId: AccountId): Promise<Venue>
  /** Throws order/not-offered too, where the broker or this way in takes no orders, and app/not-found for an account that is left out. */
  forOrders(accountId: AccountId): Promise<OrderVenue>
}

export interface VenueDeps {
  readonly reader: Reader
  readonly broker: (id: Connection['broker']) => Broker
  readonly adapterFor: (connection: Connection) => BrokerAdapter
  /** Starts the built-in simulators where a connection needs them. */
  readonly ensureSandbox: () => Promise<void>
}

export function createVenues({ reader, broker: brokerOf, adapterFor, ensureSandbox }: VenueDeps): Venues {
  async function of(accountId: AccountId): Promise<Venue> {
    const account = getAccount(reader, accountId)
    const connection = account && getConnection(reader, account.connectionId)
    if (!account || !connection) throw new AppError('app/not-found')
    const broker = brokerOf(connection.broker)
    requireSignIn(connection, broker.name)
    if (connection.environment === 'sandbox') await ensureSandbox()
    return { account, connection, broker, adapter: adapterFor(connection) }
  }
  return {
    of,
    async forOrders(accountId) {
      if (getAccount(reader, accountId)?.excluded) throw new AppError('app/not-found')
      const venue = await of(accountId)
      const { trading } = venue.adapter
      const rules = venue.broker.can.trading
      if (!trading || !rules) throw new AppError('order/not-offered', { details: { broker: venue.broker.name } })
      return { ...venue, rules, trading }
    },
  }
}

function requireSignIn({ state }: Connection, broker: string): void {
  if (state.kind === 'connected') return
  throw new AppError(state.because === 'vault-locked' ? 'vault/locked' : 'auth/sign-in-needed', { details: { broker } })
}
