import type { Clock, Cron, Network, Power } from '../../electron/core/ports.ts'
import { Instant } from '../../shared/domain/time.ts'
import { cronOver } from './cron-over-clock.ts'

export interface VirtualClock extends Clock {
  readonly cron: Cron
  readonly power: Power
  readonly network: Network
  /** Moves time forward, running what falls due in order; what a timer began settles before the next one runs. */
  advance(ms: number): Promise<void>
  /** Runs due timers until `done` answers true; throws when nothing is left to wait for or `withinMs` have passed. */
  until(done: () => boolean, withinMs?: number): Promise<void>
  /** Moves time forward at once, without settling in between, as the jumping clock of the fake ports does. */
  jump(ms: number): void
  /**
   * The computer sleeps: nothing runs, the wall clock goes on. `announced: false` is a host that is not told (a server, a terminal);
   * timers are late either way.
   */
  sleep(ms: number, options?: { readonly announced?: boolean }): Promise<void>
  /** Someone sets the wall clock forward or back; no timer takes part. */
  set(ms: number): void
  /** The network is back. */
  networkReturns(): Promise<void>
  /** Timers waiting, those of cron included. */
  readonly pending: number
  /** Timers that have run. */
  readonly ran: number
}

export interface VirtualClockOptions {
  readonly start?: string
  /** Whether the clock that only grows goes on in a sleep, as on Windows; it stands still on Linux and macOS. */
  readonly monotonicSleeps?: 'stops' | 'goes-on'
  /** The wall clock is off by this much all the time (its owner set it wrong). */
  readonly skewMs?: number
  /** Lets what a timer began come to rest; some turns of the event loop without it, which is enough where no socket or file takes part. */
  readonly settle?: () => Promise<void>
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Time, cron, sleep and network that move only when told to: a year passes in seconds. */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { start = '2026-11-20T15:00:00.000Z', monotonicSleeps = 'stops', skewMs = 0, settle = turns } = options
  let elapsed = 0
  let origin = Instant.toEpochMs(Instant.parse(start)) + skewMs
  let order = 0
  let ran = 0
  const timers = new Set<Timer>()
  const suspended = new Set<() => void>()
  const resumed = new Set<() => void>()
  const returned = new Set<() => void>()

  function take(timer: Timer): void {
    timers.delete(timer)
    elapsed = Math.max(elapsed, timer.at)
    ran += 1
    timer.run()
  }
  async function runDue(end: number): Promise<void> {
    for (let next = earliest(timers, end); next; next = earliest(timers, end)) {
      take(next)
      await settle()
    }
  }
  const clock: Clock = {
    now: () => Instant.fromEpochMs(Math.floor(origin + elapsed)),
    monotonicMs: () => elapsed,
    after(ms, run) {
      // As a real timer: whole milliseconds, and one at least.
      const timer = { at: elapsed + Math.max(1, Math.ceil(ms)), order: (order += 1), run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  }
  return {
    ...clock,
    cron: cronOver(clock),
    power: { onSuspend: run => listen(suspended, run), onResume: run => listen(resumed, run) },
    network: { onReturn: run => listen(returned, run) },
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      await runDue(end)
      elapsed = Math.max(elapsed, end)
      await settle()
    },
    async until(done, withinMs = Number.POSITIVE_INFINITY) {
      const end = elapsed + withinMs
      await settle()
      while (!done()) {
        const next = earliest(timers, end)
        if (!next) throw new Error('nothing is left to wait for')
        await runDue(next.at)
      }
    },
    async sleep(ms, { announced = true } = {}) {
      if (announced) for (const tell of suspended) tell()
      await settle()
      if (monotonicSleeps === 'stops') origin += ms
      else elapsed += ms
      if (announced) for (const tell of resumed) tell()
      await runDue(elapsed)
      await settle()
    },
    jump(ms) {
      const end = elapsed + ms
      for (let next = earliest(timers, end); next; next = earliest(timers, end)) take(next)
      elapsed = Math.max(elapsed, end)
    },
    set(ms) {
      origin += ms
    },
    async networkReturns() {
      for (const tell of returned) tell()
      await settle()
    },
    get pending() {
      return timers.size
    },
    get ran() {
      return ran
    },
  }
}

function earliest(timers: ReadonlySet<Timer>, end: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    const isFirst = !first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)
    if (timer.at <= end && isFirst) first = timer
  }
  return first
}

function listen(listeners: Set<() => void>, run: () => void): () => void {
  const listener = (): void => run()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve))
}
