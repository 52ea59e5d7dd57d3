import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { type ConnectionId, newId } from '../../../shared/domain/ids.ts'
import type { Events } from '../bus/events.ts'
import type { BrokerAccount } from '../brokers/adapter.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Db, Reader, Writer } from '../db/open.ts'
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
  /** Stops a run under way and waits for its end. */
  readonly stopSync: (id: ConnectionId) => Promise<void>
  readonly onConnected: (id: ConnectionId) => void
}

/**
 * Tries new credentials against the broker and only then saves them with the connection and its accounts, in one transaction.
 * A sign-in that fails its first call leaves nothing behind, and the old one of a reconnect stays in force.
 */
export function createConnect({ db, desk, clock, random, events, stopSync, onConnected }: ConnectDeps) {
  return async function connect(request: ConnectRequest): Promise<ConnectionId> {
    if (request.reconnect !== null) existing(db.reader, request, request.reconnect)
    const adapter = desk.adapter(request.broker, request.environment, request.candidate)
    const accounts = await adapter.accounts({ signal: request.signal })
    if (accounts.length === 0) throw new AppError('broker/no-accounts')
    const chosen = request.reconnect ?? alreadyConnected(db.reader, request, accounts)
    // A run that began with the old sign-in must not read on with the new one: it could show another account's rows.
    if (chosen !== null) await stopSync(chosen)
    request.signal.throwIfAborted()
    const id = chosen ?? newId.connection(random.uuid())
    db.writer.tx(w => {
      if (chosen === null) insertConnection(w, freshConnection(id, request, clock.now()))
      else renew(w, desk.broker(request.broker).name, existing(w, request, chosen), accounts)
      setConsent(w, id, { scopes: request.scopes, at: clock.now() })
      if (adoptListed(w, { id, broker: request.broker, environment: request.environment }, accounts).accounts.length === 0) {
        throw new AppError('auth/account-connected')
      }
      request.save(id)
    })
    events.emit({ type: 'connections.changed', connectionIds: [id] })
    onConnected(id)
    return id
  }
}

function freshConnection(id: ConnectionId, { broker, environment, method, scopes }: ConnectRequest, now: Instant): Connection {
  return { id, broker, environment, method, state: { kind: 'connected' }, createdAt: now, consentedAt: now, scopes }
}

/** Marks a connection renewed. A sign-in as somebody else, with none of its accounts, is refused. */
function renew(w: Writer, brokerName: string, connection: Connection, accounts: readonly BrokerAccount[]): void {
  const before = accountsOf(w, connection.id)
  const shown = hashesOf(w, connection, accounts)
  if (before.length > 0 && !before.some(account => shown.has(account.numberHash))) throw new AppError('auth/other-account', { details: { broker: brokerName } })
  setConnectionState(w, connection.id, { kind: 'connected' })
  setTrouble(w, connection.id, null)
}

/** The connection to renew. It may have been disconnected in the meantime: then there is nothing to renew. */
function existing(reader: Reader, { broker, environment, method }: ConnectRequest, id: ConnectionId): Connection {
  const connection = getConnection(reader, id)
  if (!connection || connection.broker !== broker || connection.environment !== environment || connection.method !== method) throw new AppError('app/not-found')
  return connection
}

/** The connection whose every account this sign-in shows: signing in again renews it instead of adding a twin. */
function alreadyConnected(reader: Reader, request: ConnectRequest, accounts: readonly BrokerAccount[]): ConnectionId | null {
  const shown = hashesOf(reader, request, accounts)
  const twin = listConnections(reader).find(({ id, broker, environment, method }) => {
    if (broker !== request.broker || environment !== request.environment || method !== request.method) return false
    const known = accountsOf(reader, id)
    return known.length > 0 && known.every(account => shown.has(account.numberHash))
  })
  return twin?.id ?? null
}

function hashesOf(reader: Reader, { broker, environment }: Pick<Connection, 'broker' | 'environment'>, accounts: readonly BrokerAccount[]): Set<string> {
  return new Set(accounts.map(account => numberHash(reader, broker, environment, account.number)))
}
