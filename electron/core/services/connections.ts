import { AppError } from '../../../shared/contract/errors.ts'
import type { FlowView } from '../../../shared/contract/connections.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { BrokerAdapter } from '../brokers/adapter.ts'
import type { Db, Writer } from '../db/open.ts'
import type { SignIns } from '../oauth/flows.ts'
import type { Clock } from '../ports.ts'
import { accountsOf } from '../store/accounts.ts'
import { getConnection, listConnections, removeConnection, setTrouble } from '../store/connections.ts'
import { beginForgetting } from '../store/delete-history.ts'
import { forgetOrders } from '../store/order-intents.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { requireOpen, type Vault } from '../vault/vault.ts'
import type { AppKeys } from './app-keys.ts'
import type { BrokerDesk } from './broker-desk.ts'
import { redirectUriOf } from './broker-list.ts'
import { connectionView, type ConnectionViewDeps } from './connection-views.ts'
import type { Endings } from './endings.ts'
import type { Forgetting } from './forgetting.ts'
import type { Keepers } from './keepers.ts'
import type { Revocations } from './revocations.ts'
import type { WaysIn } from './ways-in.ts'

export interface ConnectionsDeps {
  readonly db: Db
  readonly vault: Vault
  readonly desk: BrokerDesk
  readonly clock: Clock
  readonly events: Events
  readonly tokens: Tokens
  readonly signIns: SignIns
  readonly appKeys: AppKeys
  readonly ways: WaysIn
  readonly keepers: Keepers
  readonly endings: Endings
  readonly adapterFor: (connection: Connection) => BrokerAdapter
  readonly ensureSandbox: () => Promise<void>
  readonly stopSync: (id: ConnectionId) => Promise<unknown>
  readonly revocations: Pick<Revocations, 'end'>
  readonly forgetting: Pick<Forgetting, 'finish'>
  readonly replan: () => void
  readonly views: ConnectionViewDeps
}

const DAY_MS = 86_400_000

type ConnectionHandlers = Pick<
  Handlers,
  | 'connections.list' | 'connections.signIn' | 'connections.flow' | 'connections.paste' | 'connections.cancel' | 'connections.test'
  | 'connections.disconnect'
>

/** Connecting, testing and ending broker connections, in the user's words. */
export function createConnections(deps: ConnectionsDeps): ConnectionHandlers {
  const { db, desk, clock, events, tokens, signIns, appKeys, views } = deps

  function find(id: ConnectionId): Connection {
    const connection = getConnection(db.reader, id)
    if (!connection) throw new AppError('app/not-found')
    return connection
  }

  async function signIn(input: Parameters<ConnectionHandlers['connections.signIn']>[0]): Promise<FlowView> {
    requireOpen(deps.vault)
    if (input.environment === 'sandbox') await deps.ensureSandbox()
    const broker = desk.broker(input.broker)
    const profile = desk.offer(input.broker, input.environment, 'oauth')
    const signing = profile.oauth ?? profile.oauth1
    if (!signing) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
    const client = appKeys.client(broker, input.environment, redirectUriOf(broker, input.environment))
    const offered = new Set(broker.scopes.map(scope => scope.id))
    const wanted = input.scopes ?? broker.scopes.filter(scope => scope.required).map(scope => scope.id)
    return signIns.start({
      broker,
      environment: input.environment,
      profile: signing,
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
    async 'connections.test'({ connectionId }, { signal }) {
      const connection = find(connectionId)
      const began = clock.monotonicMs()
      if (connection.environment === 'sandbox') await deps.ensureSandbox()
      const { accounts } = await deps.adapterFor(connection).testConnection({ signal }).catch((error: unknown) => {
        if (error instanceof AppError) deps.endings.failed(connection, error)
        throw error
      })
      deps.endings.works(connectionId)
      setTrouble(db.writer, connectionId, null)
      events.emit({ type: 'connections.changed', connectionIds: [connectionId] })
      return { ms: Math.round(clock.monotonicMs() - began), accounts, testedAt: clock.now() }
    },
    async 'connections.disconnect'({ connectionId, forgetHistory = false }, { signal }) {
      const connection = find(connectionId)
      await deps.stopSync(connectionId)
      const accountIds = accountsOf(db.reader, connectionId).map(({ id }) => id)
      const wipe = (w: Writer): void => {
        removeConnection(w, connectionId, clock.now())
        for (const { method } of deps.ways.stored(w, connection)) deps.ways.remove(w, connection, method)
        tokens.forget(connectionId)
        if (!forgetHistory) return
        forgetOrders(w, connectionId, { before: Instant.plus(clock.now(), -DAY_MS), at: clock.now() })
        beginForgetting(w, connectionId)
      }
      const revoked = await deps.revocations.end(connection, wipe, { signal })
      await deps.keepers.close(connectionId)
      deps.replan()
      events.emit({ type: 'connections.changed', connectionIds: [connectionId] })
      if (forgetHistory) {
        await deps.forgetting.finish()
        events.emit({ type: 'activities.changed', connectionId, accountIds })
        events.emit({ type: 'portfolio.changed', connectionId })
        events.emit({ type: 'ledger.changed' })
      }
      return { revoked }
    },
  }
}
