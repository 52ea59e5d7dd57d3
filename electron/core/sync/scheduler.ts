import type { NewEvent } from '../../../shared/contract/events.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Power, Random } from '../ports.ts'
import { afterRejection, afterRun, dueAt, isWithinReach, type LastRun, spread, STAGGER_MS, wasStopped } from './due.ts'
import type { Sync } from './sync.ts'

/** After a start or a wake-up the network and the window come first. */
const SETTLE_MS = 5000

/** Background syncing: each connection about once an hour, one after another, with nothing while paused or asleep. */
export interface Scheduler {
  start(): void
  stop(): void
  /** Plans the first sync of a connection that was just connected or signed in again, at once, even while paused. */
  connected(connectionId: ConnectionId): void
  /** Looks at the connections again, after one was added, ended or needs a sign-in. */
  replan(): void
  /** Pauses or resumes; a sync asked for by hand is not its business. */
  pause(paused: boolean): void
  paused(): boolean
  /** When the next background sync is due, of one connection or of all; null when none is planned. */
  nextAt(connectionId?: ConnectionId): Instant | null
}

export interface SchedulerDeps {
  readonly clock: Clock
  readonly power: Power
  readonly random: Random
  readonly sync: Pick<Sync, 'run' | 'running' | 'onResult'>
  readonly connections: () => readonly Connection[]
  readonly lastRun: (connectionId: ConnectionId) => SyncResult | null
  readonly emit: (event: NewEvent) => void
  readonly log: Log
  readonly paused?: boolean
}

/**
 * One timer stands for the earliest due connection: nothing ticks in between. node-cron also sleeps until its next match, but
 * it reads the machine's clock and dice by itself, so it could be neither tested, nor told of a suspend, nor spread out.
 */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { clock, sync, log } = deps
  const known = new Map<ConnectionId, LastRun>()
  const urgent = new Set<ConnectionId>()
  /** Background runs without a result yet. */
  const underWay = new Map<ConnectionId, AbortSignal>()
  let plan = new Map<ConnectionId, Instant>()
  let paused = deps.paused ?? false
  let awake = false
  let started = false
  let runs = new AbortController()
  let earliest = clock.now()
  let stopTimer = (): void => {}
  const forget: (() => void)[] = []

  const last = (id: ConnectionId): LastRun | null => {
    const found = known.get(id)
    if (found) return found
    const result = deps.lastRun(id)
    if (!result || wasStopped(result)) return null
    const run = afterRun(result, null)
    known.set(id, run)
    return run
  }
  const dueOf = (id: ConnectionId, now: Instant): Instant => {
    const planned = plan.get(id)
    return planned !== undefined && isWithinReach(planned, now) ? planned : dueAt(last(id), now, deps.random.fraction())
  }
  function replan(): void {
    stopTimer()
    const before = nextOf(plan)
    const now = clock.now()
    const from = Instant.isBefore(now, earliest) && Instant.msBetween(now, earliest) <= SETTLE_MS ? earliest : now
    const idle = awake ? deps.connections().filter(({ id, state, method }) => state.kind === 'connected' && method !== 'file' && !sync.running(id)) : []
    const rushed = idle.filter(({ id }) => urgent.has(id)).map(({ id }): [ConnectionId, Instant] => [id, now])
    const waiting = paused ? [] : idle.filter(({ id }) => !urgent.has(id)).map(({ id }) => ({ id, at: dueOf(id, now) }))
    plan = new Map([...spread(waiting, from, STAGGER_MS), ...rushed])
    const next = nextOf(plan)
    if (next !== null) stopTimer = clock.after(Math.max(0, Instant.msBetween(now, next)), wake)
    if (next !== before) deps.emit({ type: 'schedule.changed' })
  }
  function wake(): void {
    const now = clock.now()
    for (const [id, at] of plan) if (!Instant.isBefore(now, at)) void runOne(id)
    replan()
  }
  async function runOne(id: ConnectionId): Promise<void> {
    urgent.delete(id)
    plan.delete(id)
    const { signal } = runs
    underWay.set(id, signal)
    try {
      await sync.run(id, { signal })
    } catch (error) {
      log.debug('sync.background-stopped', { connectionId: id, cause: error instanceof Error ? error.message : 'unknown' })
      if (signal.aborted) return
      underWay.delete(id)
      known.set(id, afterRejection(error, known.get(id) ?? null, clock.now()))
      plan.delete(id)
      if (awake) replan()
    }
  }
  function ran(result: SyncResult): void {
    const id = result.connectionId
    const caughtUpLater = wasStopped(result) && underWay.get(id)?.aborted === true
    underWay.delete(id)
    if (caughtUpLater) known.delete(id)
    else known.set(id, afterRun(result, known.get(id) ?? null))
    plan.delete(id)
    if (awake) replan()
  }
  function sleep(): void {
    awake = false
    runs.abort()
    stopTimer()
    replan()
  }
  function rise(): void {
    if (!started) return
    awake = true
    runs = new AbortController()
    earliest = Instant.plus(clock.now(), SETTLE_MS)
    plan.clear()
    replan()
  }
  return {
    start() {
      started = true
      forget.push(deps.power.onSuspend(sleep), deps.power.onResume(rise), sync.onResult(ran))
      rise()
    },
    stop() {
      started = false
      for (const end of forget.splice(0)) end()
      sleep()
    },
    connected(id) {
      urgent.add(id)
      known.delete(id)
      replan()
    },
    replan,
    pause(wanted) {
      if (paused === wanted) return
      paused = wanted
      replan()
      deps.emit({ type: 'schedule.changed' })
    },
    paused: () => paused,
    nextAt: id => (id === undefined ? nextOf(plan) : (plan.get(id) ?? null)),
  }
}

function nextOf(plan: ReadonlyMap<ConnectionId, Instant>): Instant | null {
  return [...plan.values()].reduce<Instant | null>((next, at) => (next === null ? at : Instant.earliest(next, at)), null)
}
