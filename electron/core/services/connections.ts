import { AppError } from '../../../shared/contract/errors.ts'
import type { FlowView } from '../../../shared/contract/connections.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { BrokerAdapter } from '../brokers/adapter.ts'
import type { Db } from '../db/open.ts'
import type { SignIns } from '../oauth/flows.ts'
import type { Clock } from '../ports.ts'
import { getConnection, listConnections, removeConnection, setTrouble } from '../store/connections.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { Secret } from '../vault/secret.ts'
import { requireOpen, type Vault } from '../vault/vault.ts'
import type { AppKeys } from './app-keys.ts'
import type { BrokerDesk } from './broker-desk.ts'
import { redirectUriOf } from './broker-list.ts'
import type { createConnect } from './connect.ts'
import { connectionView, type ConnectionViewDeps } from './connection-views.ts'
import { keyCredentials } from './key-credentials.ts'

export interface ConnectionsDeps {
  readonly db: Db
  readonly vault: Vault
  readonly desk: BrokerDesk
  readonly clock: Clock
  readonly events: Events
  readonly tokens: Tokens
  readonly signIns: SignIns
  readonly appKeys: AppKeys
  readonly connect: ReturnType<typeof createConnect>
  readonly adapterFor: (connection: Connection) => BrokerAdapter
  readonly ensureSandbox: () => Promise<void>
  readonly stopSync: (id: ConnectionId) => Promise<void>
  readonly revoke: (connection: Connection, signal: AbortSignal) => Promise<'yes' | 'no' | 'not-offered'>
  readonly replan: () => void
  readonly views: ConnectionViewDeps
}

type ConnectionHandlers = Pick<Handlers, Extract<keyof Handlers, `connections.${string}`>>

/** Connecting, testing and ending broker connections, in the user's words. */
export function createConnections(deps: ConnectionsDeps): ConnectionHandlers {
  const { db, desk, clock, events, tokens, signIns, appKeys, connect, views } = deps

  function find(id: ConnectionId): Connection {
    const connection = getConnection(db.reader, id)
    if (!connection) throw new AppError('app/not-found')
    return connection
  }

  async function signIn(input: Parameters<ConnectionHandlers['connections.signIn']>[0]): Promise<FlowView> {
    requireOpen(deps.vault)
    if (input.environment === 'sandbox') await deps.ensureSandbox()
    const broker = desk.broker(input.broker)
    const profile = desk.profile(input.broker, input.environment)
    if (!profile.oauth || !profile.methods.includes('oauth')) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
    const client = appKeys.client(broker, input.environment, redirectUriOf(broker, input.environment))
    const offered = new Set(broker.scopes.map(scope => scope.id))
    const wanted = input.scopes ?? broker.scopes.filter(scope => scope.required).map(scope => scope.id)
    return signIns.start({
      broker,
      environment: input.environment,
      profile: profile.oauth,
      client,
      scopes: wanted.filter(scope => scope !== '' && offered.has(scope)),
      open: input.open ?? true,
      ...(input.reconnect === undefined ? {} : { reconnect: find(input.reconnect).id }),
    })
  }

  return {
    'connections.list': () => listConnections(db.reader).map(connection => connectionView(views, connection)),
    'connections.signIn': signIn,
    'connections.flow': ({ flowId }) => signIns.view(flowId),
    'connections.paste': ({ flowId, text }) => signIns.paste(flowId, text),
    'connections.cancel': ({ flowId }) => signIns.cancel(flowId),
    async 'connections.withKeys'(input, { signal }) {
      requireOpen(deps.vault)
      if (input.environment === 'sandbox') await deps.ensureSandbox()
      const broker = desk.broker(input.broker)
      if (!desk.profile(input.broker, input.environment).methods.includes('api-key')) {
        throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
      }
      const keyId = Secret.of(input.keyId)
      const secret = Secret.of(input.secret)
      try {
        const connectionId = await connect({
          broker: input.broker, environment: input.environment, method: 'api-key', scopes: [], reconnect: input.reconnect ?? null,
          candidate: keyCredentials(broker, keyId, secret), save: id => tokens.saveKeys(id, keyId, secret), signal,
        })
        return { connectionId }
      } catch (error) {
        const refused = error instanceof AppError && error.code === 'auth/sign-in-needed'
        throw refused ? new AppError('auth/bad-keys', { details: { broker: broker.name }, cause: error }) : error
      }
    },
    async 'connections.test'({ connectionId }, { signal }) {
      const connection = find(connectionId)
      const began = clock.monotonicMs()
      const { accounts } = await deps.adapterFor(connection).testConnection({ signal })
      setTrouble(db.writer, connectionId, null)
      events.emit({ type: 'connections.changed', connectionIds: [connectionId] })
      return { ms: Math.round(clock.monotonicMs() - began), accounts, testedAt: clock.now() }
    },
    async 'connections.disconnect'({ connectionId }, { signal }) {
      const connection = find(connectionId)
      await deps.stopSync(connectionId)
      const revoked = await deps.revoke(connection, signal)
      db.writer.tx(w => {
        removeConnection(w, connectionId, clock.now())
        tokens.forget(connectionId)
      })
      deps.replan()
      events.emit({ type: 'connections.changed', connectionIds: [connectionId] })
      return { revoked }
    },
  }
}
