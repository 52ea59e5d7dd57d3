import { createScheduler, type Scheduler } from '../../../../electron/core/sync/scheduler.ts'
import { AppError, type ErrorCode, toErrorView } from '../../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../../shared/contract/events.ts'
import type { SyncResult } from '../../../../shared/contract/schemas.ts'
import type { Connection } from '../../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../../shared/domain/ids.ts'
import type { Market } from '../../../../shared/domain/market-calendar.ts'
import type { QuietHours, SyncSchedule } from '../../../../shared/domain/sync-schedule.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { type VirtualClock, virtualClock, type VirtualClockOptions } from '../../../support/virtual-clock.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const [a, b, c] = ['con_a', 'con_b', 'con_c'] as [ConnectionId, ConnectionId, ConnectionId]

export function connection(id: ConnectionId, state: Connection['state'] = { kind: 'connected' }): Connection {
  const createdAt = Instant.parse('2026-01-01T00:00:00Z')
  return { id, broker: 'alpaca', environment: 'sandbox', method: 'oauth', state, createdAt, consentedAt: createdAt, scopes: [] }
}

/** What is at hand for every connection of a desk, to be changed at will. */
export interface DeskRules {
  schedule: SyncSchedule
  market: Market
  quiet: QuietHours | null
}

export interface ScheduleDesk {
  readonly clock: VirtualClock
  readonly scheduler: Scheduler
  readonly rules: DeskRules
  /** Minutes since the start, and which connection. */
  readonly starts: [number, ConnectionId][]
  /** When each run began on the wall clock, as `2026-11-20 15:00` in UTC. */
  readonly begun: string[]
  readonly events: NewEvent['type'][]
  readonly connections: Connection[]
  fail: ErrorCode | null
  readonly aborted: ConnectionId[]
  hang: boolean
  /** A run rejects: not even its end could be saved. */
  reject: boolean
  readonly byHand: (id: ConnectionId) => void
}

export interface ScheduleDeskOptions extends VirtualClockOptions {
  readonly connections?: Connection[]
  readonly last?: (id: ConnectionId) => SyncResult | null
  readonly rules?: Partial<DeskRules>
  readonly fraction?: () => number
}

/** A scheduler over a virtual clock; every hour at any hour unless the rules say otherwise. */
export function scheduleDesk(options: ScheduleDeskOptions = {}): ScheduleDesk {
  const clock = virtualClock(options)
  const running = new Set<ConnectionId>()
  let listener: (result: SyncResult) => void = () => undefined
  const rules: DeskRules = { schedule: { every: 'hourly', marketHours: false }, market: 'us', quiet: null, ...options.rules }
  const state: Omit<ScheduleDesk, 'scheduler'> = {
    clock,
    rules,
    starts: [],
    begun: [],
    events: [],
    connections: options.connections ?? [connection(a)],
    fail: null,
    aborted: [],
    hang: false,
    reject: false,
    byHand: id => listener(resultOf(id)),
  }
  const resultOf = (connectionId: ConnectionId): SyncResult => ({
    result: state.fail ? 'failed' : 'success',
    connectionId,
    startedAt: clock.now(),
    finishedAt: clock.now(),
    accounts: [],
    error: state.fail ? toErrorView(new AppError(state.fail)) : null,
  })
  const scheduler = createScheduler({
    clock,
    cron: clock.cron,
    power: clock.power,
    network: clock.network,
    random: { bytes: () => new Uint8Array(), uuid: () => '', fraction: options.fraction ?? (() => 0) },
    sync: {
      async run(id, { signal }) {
        state.starts.push([Math.round(clock.monotonicMs() / 600) / 100, id])
        state.begun.push(clock.now().slice(0, 16).replace('T', ' '))
        running.add(id)
        if (state.hang) {
          await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
          running.delete(id)
          state.aborted.push(id)
          listener({ ...resultOf(id), result: 'failed', error: toErrorView(new AppError('app/canceled')) })
          throw new AppError('app/canceled')
        }
        await Promise.resolve()
        running.delete(id)
        if (state.reject) throw new AppError('app/disk-full')
        const result = resultOf(id)
        listener(result)
        return result
      },
      running: id => running.has(id),
      onResult: run => ((listener = run), () => undefined),
    },
    connections: () => state.connections,
    connection: id => state.connections.find(found => found.id === id) ?? null,
    lastRun: options.last ?? (() => null),
    rules: () => () => rules,
    emit: event => void state.events.push(event.type),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, guard: () => undefined },
  })
  return Object.assign(state, { scheduler })
}

/** A good run that ended this long before `now`. */
export function finishedAgo(now: Instant, ms: number): (id: ConnectionId) => SyncResult {
  const at = Instant.plus(now, -ms)
  return connectionId => ({ result: 'success', connectionId, startedAt: at, finishedAt: at, error: null, accounts: [] })
}
