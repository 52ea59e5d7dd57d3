import path from 'node:path'
import type { Envelope } from '../../shared/contract/envelope.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { Connection } from '../../shared/domain/connection.ts'
import type { BrokerAdapter } from './brokers/adapter.ts'
import { createEvents, type Events } from './bus/events.ts'
import { createRouter, type Handlers } from './bus/router.ts'
import { createAccess } from './create-access.ts'
import { createConnecting } from './create-connecting.ts'
import { createCounting } from './create-counting.ts'
import { createGuard, type Guard } from './create-guard.ts'
import { createHealthParts, LOG_LINES } from './create-health.ts'
import { createMoney } from './create-money.ts'
import { createNotices } from './create-notices.ts'
import { createSchedule } from './create-schedule.ts'
import { lockDataFolder } from './db/folder-lock.ts'
import { type Db, openDatabase } from './db/open.ts'
import { sqliteVersion } from './db/state.ts'
import { createLedgerKeeper } from './ledger/keeper.ts'
import { createLog, type Log } from './log/log.ts'
import { createRecentLog, type RecentLog } from './log/recent.ts'
import { createRedactor, type Redactor } from './log/redact.ts'
import { createSignIns } from './oauth/flows.ts'
import type { Ports } from './ports.ts'
import { type Backups, createBackups } from './services/backups.ts'
import { createConnect } from './services/connect.ts'
import { createDesktop } from './services/desktop.ts'
import type { ConnectionViewDeps } from './services/connection-views.ts'
import { nameOf } from './services/finding.ts'
import { createForgetting } from './services/forgetting.ts'
import { createHistory } from './services/history.ts'
import { importScript } from './services/import-thread.ts'
import { createImports } from './services/imports.ts'
import { createPortfolio } from './services/portfolio.ts'
import { createStatus } from './services/status.ts'
import { createSyncing } from './services/syncing.ts'
import { triedWayIn } from './services/way-in.ts'
import { listConnections } from './store/connections.ts'
import { createSync } from './sync/sync.ts'
import { createWriter } from './sync/writer.ts'
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
  /** What this process does with the data folder, for whoever finds it taken; such as `keelson connect`. */
  readonly task?: string
}

const DATABASE = 'keelson.db'
/** How long a slow key store holds up a window, and a command, which has no second chance. */
const START_PATIENCE_MS = 3_000
const COMMAND_PATIENCE_MS = 15_000

/**
 * Builds the application over its ports: the one place where parts are wired. Throws app/busy when another process owns the
 * data folder, app/data-newer and app/data-damaged for a database it must not touch.
 */
export async function createCore(ports: Ports, { background = true, task }: CoreOptions = {}): Promise<Core> {
  const { clock, paths } = ports
  const redactor = createRedactor()
  const recent = createRecentLog(ports.log, LOG_LINES)
  const log = createLog(recent.sink, clock, redactor)
  const folder = lockDataFolder(paths.dataDir, { startedAt: clock.now(), task: task ?? null })
  const file = path.join(paths.dataDir, DATABASE)
  const backupDir = path.join(paths.dataDir, 'backups')
  const opened: { db?: Db; vault?: OpenVault } = {}
  try {
    const db = (opened.db = openDatabase({ file, backupDir, now: clock.now }))
    const vault = (opened.vault = await openVault({
      db, box: ports.secretBox, random: ports.random, clock, log, patienceMs: background ? START_PATIENCE_MS : COMMAND_PATIENCE_MS,
    }))
    const events = createEvents({ log })
    const backups = createBackups({ db, dir: backupDir, clock, power: ports.power, log })
    const parts = wire({ ports, log, db, vault, events, backups, redactor, recent, files: { file, backupDir } })
    await parts.start(background)
    if (background) backups.start()
    const closing = new AbortController()
    const router = createRouter({ handlers: parts.handlers, clock, log, isLocked: parts.guard.isLocked })
    log.info('core.started', { version: ports.version, host: ports.host, vault: vault.status().state, protection: vault.status().protection })
    return {
      dispatch: (request, { signal }) => router.dispatch(request, { signal: AbortSignal.any([signal, closing.signal]) }),
      subscribe: parts.guard.subscribe,
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
  readonly backups: Backups
  readonly redactor: Redactor
  readonly recent: RecentLog
  readonly files: { readonly file: string; readonly backupDir: string }
}

interface Parts {
  readonly handlers: Handlers
  readonly guard: Guard
  start(background: boolean): Promise<void>
  stop(): Promise<void>
}

function wire({ ports, log, db, vault, events, backups, redactor, recent, files }: WiringDeps): Parts {
  const { clock, random } = ports
  const { emit } = events
  const connections = (): Connection[] => listConnections(db.reader)
  const onChange = (id: Connection['id']): void => {
    emit({ type: 'connections.changed', connectionIds: [id] })
    schedule.changed(id)
  }
  const adapterOf = async (connection: Connection): Promise<BrokerAdapter> => {
    if (connection.environment === 'sandbox') await sandbox.ensure()
    return adapterFor(connection)
  }
  const writer = createWriter({ db, file: files.file, script: ports.paths.writerScript, clock })
  const counting = createCounting({ db, clock, log, writer })
  const access = createAccess({ ports, log, db, vault, counting, onChange })
  const { sandbox, desk, keepers, tokens, ways, endings, adapterFor } = access
  const ledger = createLedgerKeeper({ db, writer, clock, log, emit })
  const imports = createImports({ db, file: files.file, script: importScript(ports.paths.writerScript), writer, clock, random, events, settle: ledger.settle })
  const sync = createSync({
    db, writer, broker: desk.broker, settle: connection => settle(connection), clock, emit, log, onFailure: endings.failed, onEnded: counting.record.synced,
    adapter: adapterOf,
  })
  const schedule = createSchedule({ ports, log, db, sync, tokens, connections, emit })
  const { scheduler } = schedule
  const connect = createConnect({ db, desk, ways, keepers, clock, random, events, stopSync: sync.stop, onConnected: scheduler.connected })
  const signIns = createSignIns({
    clock, random, log, browser: ports.browser, discovery: access.discovery, driftMs: access.skew.correctionMs,
    http: (broker, environment) => desk.http(broker.id, environment),
    onChange: flowId => {
      counting.flowChanged(() => signIns.view(flowId))
      emit({ type: 'flow.changed', flowId })
    },
    onTokens: async ({ broker, environment, scopes, reconnect }, grant, signal, { candidate: credentials, signInBy }) => {
      const candidate = triedWayIn('oauth', credentials)
      const { connectionId } = await connect({
        broker: broker.id, environment, scopes: grant.scopes.length > 0 ? grant.scopes : scopes, reconnect, candidate, signal,
        form: () => ({ settings: candidate.found, secrets: {}, expiresAt: null }),
        save: id => tokens.save(id, grant, { signInBy }),
      })
      return connectionId
    },
  })
  const views: ConnectionViewDeps = {
    db, clock, vault, life: tokens.life, standing: tokens.standing, methods: connection => ways.stored(db.reader, connection),
    signInRule: connection => access.policy(connection).signInAgain, syncing: sync.running, nextSyncAt: id => scheduler.nextAt(id),
  }
  const forgetting = createForgetting({ db, log, writer })
  const connecting = createConnecting({ clock, log, db, vault, events, access, counting, sync, scheduler, connect, signIns, forgetting, views })
  const guard = createGuard({ ports, log, db, vault, events, tokens, writer })
  const health = createHealthParts({ ports, db, vault, counting, backups, redactor, recent, files, views, isPaused: scheduler.paused, recordProblem: () => money.recordProblem(), access })
  const notices = createNotices({
    ports, log, db, vault, events, connections: health.connections, nameOf: view => nameOf(view, id => desk.broker(id).name),
    findings: health.findings, isLocked: guard.isLocked,
  })
  const desktop = createDesktop({ desktop: ports.desktop, emit, sqlite: sqliteVersion(db) })
  const money = createMoney({ ports, log, db, emit, broker: desk.broker, adapter: adapterOf, writer, sync, ledger, vault, events, redactor, access, isLocked: guard.isLocked })
  const settle = async ({ id }: Connection): Promise<void> => {
    await ledger.settle()
    await money.reconcile(id)
  }
  const handlers: Handlers = {
    ...createStatus({ ports, vault, sandbox }),
    ...desktop.handlers,
    ...guard.handlers,
    ...connecting,
    ...createSyncing({ db, sync, scheduler, events }),
    ...createHistory({ db }),
    ...imports.handlers,
    ...createPortfolio({ db }),
    ...health.handlers,
    ...notices.handlers,
    ...money.handlers,
  }
  return {
    handlers,
    guard,
    async start(background) {
      if (connections().some(({ environment }) => environment === 'sandbox')) await sandbox.ensure()
      await tokens.recover()
      forgetting.start()
      money.start(background)
      ledger.start()
      if (!background) return
      guard.start()
      notices.start()
      access.start()
      schedule.start()
    },
    async stop() {
      desktop.stop()
      await notices.stop()
      await guard.stop()
      schedule.stop()
      await access.stop()
      await signIns.close()
      await money.stop()
      // What is not computed yet waits for the next start; a sync that ends now does not wait for it.
      await ledger.stop()
      await sync.close()
      await forgetting.stop()
      // An import that waits for its turn to write gets it first.
      await writer.close()
      await imports.close()
      await keepers.closeAll()
      await desk.close()
      await sandbox.close()
      counting.metrics.stop()
    },
  }
}
