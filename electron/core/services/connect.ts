import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { type ConnectionId, newId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { BrokerAccount } from '../brokers/adapter.ts'
import type { Events } from '../bus/events.ts'
import type { Db, Reader, Writer } from '../db/open.ts'
import type { Clock, Random } from '../ports.ts'
import { accountsOf, numberHash } from '../store/accounts.ts'
import {
  getConnection,
  insertConnection,
  listConnections,
  removeConnection,
  setConnectionState,
  setConsent,
  setTrouble,
} from '../store/connections.ts'
import { forgetHistory } from '../store/history.ts'
import { adoptListed } from '../sync/adopt.ts'
import type { BrokerDesk } from './broker-desk.ts'
import type { Keepers } from './keepers.ts'
import type { WayIn } from './way-in.ts'
import type { SavedForm, WaysIn } from './ways-in.ts'

export interface ConnectRequest {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly scopes: readonly string[]
  readonly reconnect: ConnectionId | null
  /** The new way in, not saved yet. */
  readonly candidate: WayIn
  /** What is kept of its form; asked for after it was tried. */
  readonly form: () => SavedForm
  /** Saves tokens or keys; runs inside the transaction that saves the connection. */
  readonly save: (connectionId: ConnectionId) => void
  readonly signal: AbortSignal
}

export interface Connected {
  readonly connectionId: ConnectionId
  /** It became another way in of a connection that was there. */
  readonly joined: boolean
}

export interface ConnectDeps {
  readonly db: Db
  readonly desk: BrokerDesk
  readonly ways: WaysIn
  readonly keepers: Keepers
  readonly clock: Clock
  readonly random: Random
  readonly events: Events
  /** Stops a run under way and waits for its end. Answers whether there was one. */
  readonly stopSync: (id: ConnectionId) => Promise<boolean>
  readonly onConnected: (id: ConnectionId) => void
}

/**
 * Tries a new way in against the broker and only then saves it with the connection and its accounts, in one transaction.
 * One that fails its first call leaves nothing behind, and the old one of a reconnect stays in force.
 */
export function createConnect(deps: ConnectDeps) {
  const { db, desk, ways, keepers, clock, random, events } = deps
  let tries = 0

  async function shownBy({ broker, environment, candidate, signal }: ConnectRequest): Promise<BrokerAccount[]> {
    const scope = `try ${(tries += 1)}`
    try {
      const accounts = await desk.adapter({ broker, environment, ways: [candidate], keep: keepers.of(scope) }).accounts({ signal })
      if (accounts.length === 0) throw new AppError('broker/no-accounts')
      return accounts
    } finally {
      await keepers.close(scope)
    }
  }

  function saveNew(w: Writer, request: ConnectRequest): ConnectionId {
    const id = newId.connection(random.uuid())
    insertConnection(w, freshConnection(id, request, clock.now()))
    return id
  }

  function renew(w: Writer, request: ConnectRequest, id: ConnectionId, accounts: readonly BrokerAccount[]): void {
    const connection = existing(w, request, id)
    const before = accountsOf(w, id)
    const shown = hashesOf(w, connection, accounts)
    if (before.length > 0 && !before.some(account => shown.has(account.numberHash))) {
      throw new AppError('auth/other-account', { details: { broker: desk.broker(request.broker).name } })
    }
    setConnectionState(w, id, { kind: 'connected' })
    setTrouble(w, id, null)
    // A form has no scopes of its own and takes none away.
    setConsent(w, id, { scopes: request.candidate.method === 'oauth' ? request.scopes : connection.scopes, at: clock.now() })
  }

  /** The connection to renew or to join. It may have been disconnected in the meantime: then there is nothing to renew. */
  function existing(reader: Reader, { broker, environment, candidate }: ConnectRequest, id: ConnectionId): Connection {
    const connection = getConnection(reader, id)
    if (!connection || connection.broker !== broker || connection.environment !== environment || connection.method === 'file')
      throw new AppError('app/not-found')
    if (!desk.broker(broker).joinsMethods && connection.method !== candidate.method) throw new AppError('app/not-found')
    return connection
  }

  function has(reader: Reader, connection: Connection, { candidate }: ConnectRequest): boolean {
    return ways.stored(reader, connection).some(({ method }) => method === candidate.method)
  }

  /**
   * The connection this sign-in belongs to: one whose every account it shows, which it renews instead of adding a twin; or, where
   * several ways in make one connection, any that shows an account of it.
   */
  function belongsTo(reader: Reader, request: ConnectRequest, accounts: readonly BrokerAccount[]): ConnectionId | null {
    const joins = desk.broker(request.broker).joinsMethods === true
    const shown = hashesOf(reader, request, accounts)
    const home = listConnections(reader).find(connection => {
      const { id, broker, environment, method } = connection
      if (broker !== request.broker || environment !== request.environment || method === 'file') return false
      const known = accountsOf(reader, id)
      const shows = ({ numberHash: hash }: { readonly numberHash: string }): boolean => shown.has(hash)
      if (joins) return known.some(shows)
      return has(reader, connection, request) && known.length > 0 && known.every(shows)
    })
    return home?.id ?? null
  }

  async function save(request: ConnectRequest, accounts: readonly BrokerAccount[], chosen: ConnectionId | null): Promise<Connected> {
    request.signal.throwIfAborted()
    const { broker, environment, candidate } = request
    const saved = db.writer.tx(w => {
      const before = chosen === null ? null : existing(w, request, chosen)
      const joined = before !== null && !has(w, before, request)
      if (chosen !== null) renew(w, request, chosen, accounts)
      const id = chosen ?? saveNew(w, request)
      if (adoptListed(w, { id, broker, environment }, accounts).accounts.length === 0) throw new AppError('auth/account-connected')
      removeEmptied(w, request, clock.now())
      // Another way in may reach further back than those before it.
      if (joined) forgetHistory(w, id)
      ways.save(w, { id, broker }, candidate.method, request.form())
      request.save(id)
      return { connectionId: id, joined }
    })
    await keepers.close(saved.connectionId)
    events.emit({ type: 'connections.changed', connectionIds: [saved.connectionId] })
    deps.onConnected(saved.connectionId)
    return saved
  }

  return async function connect(request: ConnectRequest): Promise<Connected> {
    if (request.reconnect !== null) existing(db.reader, request, request.reconnect)
    const accounts = await shownBy(request)
    const chosen = request.reconnect ?? belongsTo(db.reader, request, accounts)
    // A run that began with the old sign-in must not read on with the new one: it could show another account's rows.
    const stopped = chosen !== null && (await deps.stopSync(chosen))
    try {
      return await save(request, accounts, chosen)
    } catch (error) {
      // The old sign-in stays in force, and so does what was under way with it.
      if (stopped) deps.onConnected(chosen)
      throw error
    }
  }
}

/** Connections that only held files and whose accounts a sign-in has taken over. */
function removeEmptied(w: Writer, { broker, environment }: ConnectRequest, now: Instant): void {
  for (const connection of listConnections(w)) {
    const isFiles = connection.method === 'file' && connection.broker === broker && connection.environment === environment
    if (isFiles && accountsOf(w, connection.id).length === 0) removeConnection(w, connection.id, now)
  }
}

function freshConnection(id: ConnectionId, { broker, environment, candidate, scopes }: ConnectRequest, now: Instant): Connection {
  return { id, broker, environment, method: candidate.method, state: { kind: 'connected' }, createdAt: now, consentedAt: now, scopes }
}

function hashesOf(
  reader: Reader,
  { broker, environment }: Pick<Connection, 'broker' | 'environment'>,
  accounts: readonly BrokerAccount[],
): Set<string> {
  return new Set(accounts.map(account => numberHash(reader, broker, environment, account.number)))
}
