import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { type ConnectionId, newId } from '../../../shared/domain/ids.ts'
import type { Events } from '../bus/events.ts'
import type { BrokerAccount } from '../brokers/adapter.ts'
import type { Db } from '../db/open.ts'
import type { Credentials } from '../net/credentials.ts'
import type { Clock, Random } from '../ports.ts'
import { adoptListed } from '../sync/adopt.ts'
import { accountsOf, numberHash } from '../store/accounts.ts'
import { getConnection, insertConnection, listConnections, setConnectionState, setConsent, setTrouble } from '../store/connections.ts'
import type { BrokerDesk } from './broker-desk.ts'

export interface ConnectRequest {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly scopes: readonly string[]
  readonly reconnect: ConnectionId | null
  /** The new credentials, not saved yet. */
  readonly candidate: Credentials
  /** Saves the credentials; runs inside the transaction that saves the connection. */
  readonly save: (connectionId: ConnectionId) => void
  readonly signal: AbortSignal
}

export interface ConnectDeps {
  readonly db: Db
  readonly desk: BrokerDesk
  readonly clock: Clock
  readonly random: Random
  readonly events: Events
  readonly onConnected: (id: ConnectionId) => void
}

/**
 * Tries new credentials against the broker and only then saves them with the connection and its accounts, in one transaction.
 * A sign-in that fails its first call leaves nothing behind, and the old one of a reconnect stays in force.
 */
export function createConnect({ db, desk, clock, random, events, onConnected }: ConnectDeps) {
  return async function connect(request: ConnectRequest): Promise<ConnectionId> {
    const asked = request.reconnect === null ? null : existing(db, request)
    const adapter = desk.adapter(request.broker, request.environment, request.candidate)
    const accounts = await adapter.accounts({ signal: request.signal })
    if (accounts.length === 0) throw new AppError('broker/no-accounts')
    request.signal.throwIfAborted()
    const now = clock.now()
    const old = asked ?? alreadyConnected(db, request, accounts)
    const id = old?.id ?? newId.connection(random.uuid())
    db.writer.tx(w => {
      if (old) {
        setConnectionState(w, id, { kind: 'connected' })
        setTrouble(w, id, null)
      } else {
        insertConnection(w, {
          id, broker: request.broker, environment: request.environment, method: request.method, state: { kind: 'connected' }, createdAt: now,
          consentedAt: now, scopes: request.scopes,
        })
      }
      setConsent(w, id, { scopes: request.scopes, at: now })
      adoptListed(w, { id, broker: request.broker, environment: request.environment }, accounts)
      request.save(id)
    })
    events.emit({ type: 'connections.changed', connectionIds: [id] })
    onConnected(id)
    return id
  }
}

function existing(db: Db, { reconnect, broker, environment, method }: ConnectRequest): Connection {
  const connection = reconnect === null ? null : getConnection(db.reader, reconnect)
  if (!connection || connection.broker !== broker || connection.environment !== environment || connection.method !== method) throw new AppError('app/not-found')
  return connection
}

/** The connection that shows one of these accounts already: signing in again renews it instead of adding a twin. */
function alreadyConnected(db: Db, { broker, environment, method }: ConnectRequest, accounts: readonly BrokerAccount[]): Connection | null {
  const hashes = new Set(accounts.map(account => numberHash(db.reader, broker, environment, account.number)))
  const twin = listConnections(db.reader).find(connection =>
    connection.broker === broker && connection.environment === environment && connection.method === method &&
    accountsOf(db.reader, connection.id).some(account => hashes.has(account.numberHash)))
  return twin ?? null
}
