import type { NewEvent } from '../../../shared/contract/events.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Cron, Network, Power, Random } from '../ports.ts'
import { afterRejection, afterRun, dueAt, type DueRule, type LastRun, spread, STAGGER_MS, wasStopped } from './due.ts'
import type { Sync } from './sync.ts'

/** After a start or a wake-up the network and the window come first. */
const SETTLE_MS = 5000
const LOOK_AT = '*/15 * * * *'

/** Background syncing: each connection by its own schedule, one after another, with nothing while paused or asleep. */
export interface Scheduler {
  start(): void
  stop(): void
  /** Plans the first sync of a connection that was just connected or signed in again, at once, even while paused; not of one synced by hand. */
  connected(connectionId: ConnectionId): void
  /** Looks at one connection again: plans anew when it became one to sync, or ceased to be. Says nothing of its schedule. */
  changed(connectionId: ConnectionId): void
  /** Looks at the connections and their schedules again, after one was added, ended, changed or needs a sign-in. */
  replan(): void
  /** Pauses or resumes; a sync asked for by hand is not its business. */
  pause(paused: boolean): void
  paused(): boolean
  /** When the next background sync is due, of one connection or of all; null when none is planned. */
  nextAt(connectionId?: ConnectionId): Instant | null
}

export interface SchedulerDeps {
  readonly clock: Clock
  readonly cron: Cron
  readonly power: Power
  readonly network: Network
  readonly random: Random
  readonly sync: Pick<Sync, 'run' | 'running' | 'onResult'>
  readonly connections: () => readonly Connection[]
  readonly connection: (connectionId: ConnectionId) => Connection | null
  readonly lastRun: (connectionId: ConnectionId) => SyncResult | null
  /** The schedules as they stand; asked whenever plans are made. */
  readonly rules: () => (connectionId: ConnectionId) => DueRule
  readonly emit: (event: NewEvent) => void
  readonly log: Log
  readonly paused?: boolean
}

/** What is remembered of a connection between its runs. The fraction spreads its next run and stays until then. */
interface Known {
  readonly last: LastRun | null
  readonly fraction: number
}

/**
 * One exact timer stands for the earliest due connection. Every quarter of an hour node-cron has the plan looked at again, so that a
 * clock that was set, or a sleep nobody told of, is noticed before that timer ends. Plans are a function of the last runs, never of plans.
 */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { clock, sync, log } = deps
  const known = new Map<ConnectionId, Known>()
  const urgent = new Set<ConnectionId>()
  /** Background runs without a result yet. */
  const underWay = new Map<ConnectionId, AbortSignal>()
  let plan = new Map<ConnectionId, Instant>()
  /** Those that are synced, as of the last plan. */
  let synced = new Set<ConnectionId>()
  let paused = deps.paused ?? false
  let awake = false
  let started = false
  let runs = new AbortController()
  /** No run begins sooner, by the clock that only grows. */
  let earliestMs = 0
  let stopTimer = (): void => {}
  let stopLooking = (): void => {}
  const forget: (() => void)[] = []

  const learn = (id: ConnectionId, last: LastRun | null): Known => {
    const found = { last, fraction: deps.random.fraction() }
    known.set(id, found)
    return found
  }
  function recall(id: ConnectionId, now: Instant): Known {
    const found = known.get(id)
    if (found?.last && Instant.isBefore(now, found.last.finishedAt)) return learn(id, { ...found.last, finishedAt: now })
    if (found) return found
    const result = deps.lastRun(id)
    const last = result && !wasStopped(result) ? afterRun(result, null) : null
    return learn(id, last && { ...last, finishedAt: Instant.earliest(last.finishedAt, now) })
  }
  function waitingFor(idle: readonly ConnectionId[], now: Instant): { id: ConnectionId; at: Instant }[] {
    if (idle.length === 0) return []
    const rules = deps.rules()
    return idle.flatMap(id => {
      const { last, fraction } = recall(id, now)
      const at = dueAt(last, now, fraction, rules(id))
      return at === null ? [] : [{ id, at }]
    })
  }
  function replan(): void {
    stopTimer()
    const before = nextOf(plan)
    const now = clock.now()
    const from = Instant.plus(now, Math.max(0, Math.ceil(earliestMs - clock.monotonicMs())))
    synced = new Set(
      awake
        ? deps
            .connections()
            .filter(isSynced)
            .map(({ id }) => id)
        : [],
    )
    const free = [...synced].filter(id => !sync.running(id))
    const rushed = free.filter(id => urgent.has(id)).map((id): [ConnectionId, Instant] => [id, now])
    const patient = paused ? [] : free.filter(id => !urgent.has(id))
    const waiting = waitingFor(patient, now)
    plan = new Map([...spread(waiting, from, STAGGER_MS), ...rushed])
    const next = nextOf(plan)
    if (next !== null) stopTimer = clock.after(Math.max(0, Instant.msBetween(now, next)), wake)
    if (next !== before) deps.emit({ type: 'schedule.changed' })
  }
  function wake(): void {
    if (!awake) return
    // The plan may be old news: time was slept through, or somebody set the clock.
    replan()
    const now = clock.now()
    const due = [...plan].filter(([, at]) => !Instant.isBefore(now, at)).map(([id]) => id)
    for (const id of due) void runOne(id)
    if (due.length > 0) replan()
  }
  async function runOne(id: ConnectionId): Promise<void> {
    if (!urgent.delete(id)) earliestMs = clock.monotonicMs() + STAGGER_MS
    plan.delete(id)
    const { signal } = runs
    underWay.set(id, signal)
    try {
      await sync.run(id, { signal })
    } catch (error) {
      log.debug('sync.background-stopped', { connectionId: id, cause: error instanceof Error ? error.message : 'unknown' })
      if (signal.aborted) return
      underWay.delete(id)
      learn(id, afterRejection(error, known.get(id)?.last ?? null, clock.now()))
      if (awake) replan()
    }
  }
  function ran(result: SyncResult): void {
    const id = result.connectionId
    const caughtUpLater = wasStopped(result) && underWay.get(id)?.aborted === true
    underWay.delete(id)
    if (!wasStopped(result)) urgent.delete(id)
    if (caughtUpLater) known.delete(id)
    else learn(id, afterRun(result, known.get(id)?.last ?? null))
    if (awake) replan()
  }
  function networkBack(): void {
    for (const [id, { last }] of known) if (last?.unreached === true) learn(id, null)
    if (awake) replan()
  }
  function sleep(): void {
    awake = false
    runs.abort()
    stopTimer()
    stopLooking()
    replan()
  }
  function rise(): void {
    if (!started) return
    awake = true
    runs = new AbortController()
    earliestMs = clock.monotonicMs() + SETTLE_MS
    stopLooking()
    stopLooking = deps.cron.every(LOOK_AT, wake)
    replan()
  }
  return {
    start() {
      started = true
      forget.push(deps.power.onSuspend(sleep), deps.power.onResume(rise), deps.network.onReturn(networkBack), sync.onResult(ran))
      rise()
    },
    stop() {
      started = false
      for (const end of forget.splice(0)) end()
      sleep()
    },
    connected(id) {
      if (deps.rules()(id).schedule.every !== 'manual') urgent.add(id)
      known.delete(id)
      replan()
    },
    changed(id) {
      const found = awake ? deps.connection(id) : null
      if ((found !== null && isSynced(found)) !== synced.has(id)) replan()
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

function isSynced({ state, method }: Connection): boolean {
  return state.kind === 'connected' && method !== 'file'
}

function nextOf(plan: ReadonlyMap<ConnectionId, Instant>): Instant | null {
  return [...plan.values()].reduce<Instant | null>((next, at) => (next === null ? at : Instant.earliest(next, at)), null)
}
