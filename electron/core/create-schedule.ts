import type { NewEvent } from '../../shared/contract/events.ts'
import type { Connection, TokenLife } from '../../shared/domain/connection.ts'
import type { ConnectionId } from '../../shared/domain/ids.ts'
import { type Market, marketOf } from '../../shared/domain/market-calendar.ts'
import { DEFAULT_SCHEDULE } from '../../shared/domain/sync-schedule.ts'
import { Instant } from '../../shared/domain/time.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import type { Ports } from './ports.ts'
import { assetClassesOf } from './store/asset-classes.ts'
import { getConnection } from './store/connections.ts'
import { isSyncPaused } from './store/settings.ts'
import { lastRun } from './store/sync-runs.ts'
import { listSchedules, readQuietHours } from './store/sync-schedules.ts'
import type { DueRule } from './sync/due.ts'
import { createScheduler, type Scheduler } from './sync/scheduler.ts'
import { createSweeps } from './sync/sweeps.ts'
import type { Sync } from './sync/sync.ts'
import type { Tokens } from './tokens/tokens.ts'

/** Tokens that live for less are swept every quarter of an hour. */
const SHORT_LIFE_MS = 3_600_000

export interface ScheduleDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly sync: Sync
  readonly tokens: Pick<Tokens, 'sweep' | 'life' | 'pause' | 'resume'>
  readonly connections: () => readonly Connection[]
  readonly emit: (event: NewEvent) => void
}

/** Everything that happens by itself at some time, and rests while the computer sleeps. */
export interface BackgroundSchedule {
  readonly scheduler: Scheduler
  /** Plans anew, after a commit that changed how a connection can be reached. */
  changed(connectionId: ConnectionId): void
  start(): void
  stop(): void
}

export function createSchedule({ ports, log, db, sync, tokens, connections, emit }: ScheduleDeps): BackgroundSchedule {
  const { clock, cron, power, network, random } = ports
  const markets = new Map<ConnectionId, Market>()
  // What a connection holds changes with its runs only.
  sync.onResult(({ connectionId }) => markets.delete(connectionId))
  const market = (id: ConnectionId): Market => {
    const found = markets.get(id) ?? marketOf(assetClassesOf(db.reader, id))
    markets.set(id, found)
    return found
  }
  const rules = (): ((id: ConnectionId) => DueRule) => {
    const schedules = listSchedules(db.reader)
    const quiet = readQuietHours(db.reader)
    return id => ({ schedule: schedules.get(id) ?? DEFAULT_SCHEDULE, market: market(id), quiet })
  }
  const scheduler = createScheduler({
    clock,
    cron,
    power,
    network,
    random,
    sync,
    connections,
    connection: id => getConnection(db.reader, id),
    rules,
    emit,
    log,
    lastRun: id => lastRun(db.reader, id),
    paused: isSyncPaused(db.reader),
  })
  const isShort = (life: TokenLife | null): boolean =>
    life !== null && life.refreshable && life.expiresAt !== null && Instant.msBetween(life.obtainedAt, life.expiresAt) < SHORT_LIFE_MS
  const sweeps = createSweeps({
    clock,
    cron,
    power,
    network,
    random,
    log,
    sweep: options => tokens.sweep(options),
    shortLived: () => connections().some(({ id, state }) => state.kind === 'connected' && isShort(tokens.life(id))),
  })
  const forget: (() => void)[] = []
  return {
    scheduler,
    changed(connectionId) {
      scheduler.changed(connectionId)
      sweeps.changed()
    },
    start() {
      forget.push(power.onSuspend(tokens.pause), power.onResume(tokens.resume))
      scheduler.start()
      sweeps.start()
    },
    stop() {
      for (const end of forget.splice(0)) end()
      sweeps.stop()
      scheduler.stop()
    },
  }
}
