import path from 'node:path'
import type { Envelope } from '../../shared/contract/envelope.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { Connection } from '../../shared/domain/connection.ts'
import { Instant } from '../../shared/domain/time.ts'
import { createEvents, type Events } from './bus/events.ts'
import { createRouter, type Handlers } from './bus/router.ts'
import { lockDataFolder } from './db/folder-lock.ts'
import { type Db, openDatabase } from './db/open.ts'
import { createLog, type Log } from './log/log.ts'
import { createSignIns } from './oauth/flows.ts'
import { refreshGrant } from './oauth/refresh.ts'
import type { Ports } from './ports.ts'
import { createAppKeys } from './services/app-keys.ts'
import { createBackups } from './services/backups.ts'
import { createBrokerDesk } from './services/broker-desk.ts'
import { createBrokerList, redirectUriOf } from './services/broker-list.ts'
import { createConnect } from './services/connect.ts'
import { createConnections } from './services/connections.ts'
import { createHistory } from './services/history.ts'
import { bearerCredentials, keyHeaders } from './services/key-credentials.ts'
import { createPortfolio } from './services/portfolio.ts'
import { createRevocation } from './services/revocation.ts'
import { createExplore, createSandboxHost } from './services/sandbox.ts'
import { createStatus } from './services/status.ts'
import { createSyncing } from './services/syncing.ts'
import { createVaultHandlers } from './services/vault.ts'
import { listConnections } from './store/connections.ts'
import { isSyncPaused } from './store/settings.ts'
import { lastRun } from './store/sync-runs.ts'
import { createScheduler } from './sync/scheduler.ts'
import { createSync } from './sync/sync.ts'
import { createWriter } from './sync/writer.ts'
import { createTokens } from './tokens/tokens.ts'
import { openVault, type OpenVault } from './vault/data-key.ts'

export interface Core {
  /** Answers any request that came over a transport; never rejects. */
  dispatch(request: unknown, options: { readonly signal: AbortSignal }): Promise<Envelope<unknown>>
  subscribe(listener: (event: AppEvent) => void): () => void
  /** Stops timers, lets what is being saved finish and closes the files. */
  close(): Promise<void>
}

export interface CoreOptions {
  /** False for one-shot commands: no background refresh or sync starts by itself. True by default. */
  readonly background?: boolean
}

const DATABASE = 'keelson.db'

/**
 * Builds the application over its ports: the one place where parts are wired. Throws app/busy when another process owns the
 * data folder, app/data-newer and app/data-damaged for a database it must not touch.
 */
export async function createCore(ports: Ports, { background = true }: CoreOptions = {}): Promise<Core> {
  const { clock, paths } = ports
  const log = createLog(ports.log, clock)
  const folder = lockDataFolder(paths.dataDir, { startedAt: clock.now() })
  const file = path.join(paths.dataDir, DATABASE)
  const backupDir = path.join(paths.dataDir, 'backups')
  const opened: { db?: Db; vault?: OpenVault } = {}
  try {
    const db = (opened.db = openDatabase({ file, backupDir, now: clock.now }))
    const vault = (opened.vault = await openVault({ db, box: ports.secretBox, random: ports.random, clock }))
    const events = createEvents({ log })
    const parts = wire({ ports, log, db, vault, events, file })
    await parts.start(background)
    const backups = createBackups({ db, dir: backupDir, clock, power: ports.power, log })
    if (background) backups.start()
    const closing = new AbortController()
    const router = createRouter({ handlers: parts.handlers, clock, log })
    log.info('core.started', { version: ports.version, host: ports.host, vault: vault.status().state, protection: vault.status().protection })
    return {
      dispatch: (request, { signal }) => router.dispatch(request, { signal: AbortSignal.any([signal, closing.signal]) }),
      subscribe: events.subscribe,
      async close() {
        // What still asks a broker is given up; what is being saved is not.
        closing.abort()
        await backups.stop()
        await parts.stop()
        vault.close()
        db.close()
        folder.release()
        log.info('core.stopped')
      },
    }
  } catch (error) {
    opened.vault?.close()
    opened.db?.close()
    folder.release()
    throw error
  }
}

interface WiringDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly vault: OpenVault
  readonly events: Events
  readonly file: string
}

interface Parts {
  readonly handlers: Handlers
  start(background: boolean): Promise<void>
  stop(): Promise<void>
}

function wire({ ports, log, db, vault, events, file }: WiringDeps): Parts {
  const { clock, random, power } = ports
  const { emit } = events
  const connections = (): Connection[] => listConnections(db.reader)
  const sandbox = createSandboxHost({ ports, log })
  const desk = createBrokerDesk({ ports, log, sandboxOrigin: sandbox.origin })
  const appKeys = createAppKeys({ db, vault, env: ports.env, log })
  const profileOf = ({ broker, environment, method }: Connection) => (method === 'oauth' ? desk.profile(broker, environment).oauth : null)
  const tokens = createTokens({
    db, vault, clock, random, log,
    lockDir: path.join(ports.paths.dataDir, 'locks'),
    brokerName: ({ broker }) => desk.broker(broker).name,
    keyHeaders: ({ broker }, keyId, secret) => keyHeaders(desk.broker(broker), keyId, secret),
    async refreshGrant(connection, refresh, { signal }) {
      const { broker: id, environment } = connection
      const broker = desk.broker(id)
      const profile = profileOf(connection)
      if (!profile) throw new AppError('auth/sign-in-needed', { details: { broker: broker.name } })
      const client = appKeys.client(broker, environment, redirectUriOf(broker, environment))
      return refreshGrant({ http: desk.http(id, environment), profile, client, broker: broker.name }, { refresh, now: clock.now, signal })
    },
    // Tokens may be saved inside a transaction; a microtask runs after its commit.
    onState: id => queueMicrotask(() => {
      emit({ type: 'connections.changed', connectionIds: [id] })
      scheduler.replan()
    }),
  })
  const adapterFor = (connection: Connection) => desk.adapter(connection.broker, connection.environment, tokens.credentials(connection))
  const writer = createWriter({ db, file, script: ports.paths.writerScript, clock })
  const sync = createSync({
    db, writer, broker: desk.broker, clock, emit, log,
    async adapter(connection) {
      if (connection.environment === 'sandbox') await sandbox.ensure()
      return adapterFor(connection)
    },
  })
  const scheduler = createScheduler({
    clock, power, random, sync, connections, emit, log, lastRun: id => lastRun(db.reader, id), paused: isSyncPaused(db.reader),
  })
  const connect = createConnect({ db, desk, clock, random, events, stopSync: sync.stop, onConnected: scheduler.connected })
  const signIns = createSignIns({
    clock, random, log, browser: ports.browser,
    http: (broker, environment) => desk.http(broker.id, environment),
    onChange: flowId => emit({ type: 'flow.changed', flowId }),
    onTokens: ({ broker, environment, profile, scopes, reconnect }, grant, signal) => connect({
      broker: broker.id, environment, method: 'oauth', scopes: grant.scopes.length > 0 ? grant.scopes : scopes, reconnect,
      candidate: bearerCredentials(grant.access), signal,
      save: id => tokens.save(id, grant, { signInBy: profile.signInLifeMs === null ? null : Instant.plus(grant.receivedAt, profile.signInLifeMs) }),
    }),
  })
  const forget: (() => void)[] = []
  const views = { db, clock, life: tokens.life, syncing: sync.running, nextSyncAt: (id: Connection['id']) => scheduler.nextAt(id) }
  const connectionHandlers = createConnections({
    db, vault, desk, clock, events, tokens, signIns, appKeys, connect, adapterFor, views,
    ensureSandbox: sandbox.ensure, stopSync: sync.stop, revoke: createRevocation({ tokens, desk, appKeys }), replan: scheduler.replan,
  })
  const handlers: Handlers = {
    ...createStatus({ ports, vault, sandbox }),
    ...createVaultHandlers({ vault, tokens, events, log }),
    ...createBrokerList({ desk, appKeys, events }),
    ...connectionHandlers,
    ...createExplore({ db, host: sandbox, events, signIns, signIn: connectionHandlers['connections.signIn'] }),
    ...createSyncing({ db, sync, scheduler }),
    ...createHistory({ db }),
    ...createPortfolio({ db }),
  }
  return {
    handlers,
    async start(background) {
      if (connections().some(({ environment }) => environment === 'sandbox')) await sandbox.ensure()
      await tokens.recover()
      if (!background) return
      tokens.start()
      scheduler.start()
      forget.push(power.onSuspend(tokens.pause), power.onResume(tokens.resume))
    },
    async stop() {
      for (const end of forget) end()
      scheduler.stop()
      await tokens.stop()
      await signIns.close()
      await sync.close()
      await writer.close()
      await desk.close()
      await sandbox.close()
    },
  }
}
