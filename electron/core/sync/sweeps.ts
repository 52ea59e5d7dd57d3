import type { Log } from '../log/log.ts'
import type { Clock, Cron, Network, Power, Random } from '../ports.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** What the hourly and the quarter-hourly sweep renew: tokens that end within this. */
const HOURLY_REACH_MS = 24 * HOUR_MS
const QUARTER_REACH_MS = 20 * MINUTE_MS
/** A catch-up waits for the network to come up, and a little longer so that not all of the world's begin at once. */
const SETTLE_MS = 5000
const SPREAD_MS = 20_000

/** How a sweep over the tokens ended: those that were due, and what became of them. */
export interface SweepOutcome {
  readonly due: number
  readonly renewed: number
  readonly failed: number
}

/** The safety net under the exact timers of single tokens. */
export interface Sweeps {
  start(): void
  stop(): void
  /** Asks again whether there are short-lived tokens, soon after some tokens changed. */
  changed(): void
}

export interface SweepsDeps {
  readonly clock: Clock
  readonly cron: Cron
  readonly power: Power
  readonly network: Network
  readonly random: Random
  readonly log: Log
  /** Renews every token that ends within the time given; never rejects. */
  readonly sweep: (options: { readonly dueWithinMs: number; readonly signal: AbortSignal }) => Promise<SweepOutcome>
  /** Whether any token lives so short that an hour between two sweeps is too long for it. */
  readonly shortLived: () => boolean
}

/**
 * Sweeps over all tokens: every hour those that end within a day, every quarter of an hour those that end within 20 minutes, as long as
 * there are any that short, and all once after a start, a resume and a return of the network. Asleep none begins, and one under way is
 * stopped. Named in UTC, where no hour comes twice; at minutes of this run's own, so that not every Keelson asks at full hours.
 */
export function createSweeps({ clock, cron, power, network, random, log, sweep, shortLived }: SweepsDeps): Sweeps {
  const minute = Math.floor(random.fraction() * 60)
  let awake: AbortController | null = null
  let running = false
  /** The reach of a sweep that came during another and follows it; 0 for none. */
  let nextReachMs = 0
  let stopHourly = (): void => {}
  let stopQuarterly: (() => void) | null = null
  let stopCatchUp: (() => void) | null = null
  let stopLook: (() => void) | null = null
  const forget: (() => void)[] = []

  async function run(dueWithinMs: number): Promise<void> {
    const signal = awake?.signal
    if (!signal) return
    if (running) {
      nextReachMs = Math.max(nextReachMs, dueWithinMs)
      return
    }
    running = true
    try {
      const outcome = await sweep({ dueWithinMs, signal })
      if (outcome.due > 0) log.info('tokens.swept', { due: outcome.due, renewed: outcome.renewed, failed: outcome.failed })
    } finally {
      running = false
      const reach = nextReachMs
      nextReachMs = 0
      if (reach > 0) void run(reach)
    }
  }
  function catchUp(): void {
    if (!awake) return
    stopCatchUp ??= clock.after(SETTLE_MS + random.fraction() * SPREAD_MS, () => {
      stopCatchUp = null
      void run(HOURLY_REACH_MS)
    })
  }
  function look(): void {
    const wanted = awake !== null && shortLived()
    if (wanted) stopQuarterly ??= cron.every(quarterly(minute), () => run(QUARTER_REACH_MS))
    if (wanted) return
    stopQuarterly?.()
    stopQuarterly = null
  }
  function rise(): void {
    if (awake) return
    awake = new AbortController()
    stopHourly = cron.every(`${minute} * * * *`, () => run(HOURLY_REACH_MS))
    look()
    catchUp()
  }
  function sleep(): void {
    awake?.abort()
    awake = null
    nextReachMs = 0
    stopHourly()
    stopCatchUp?.()
    stopLook?.()
    stopCatchUp = stopLook = null
    look()
  }
  return {
    start() {
      forget.push(power.onSuspend(sleep), power.onResume(rise), network.onReturn(catchUp))
      rise()
    },
    stop() {
      for (const end of forget.splice(0)) end()
      sleep()
    },
    changed() {
      if (!awake) return
      stopLook ??= clock.after(SETTLE_MS, () => {
        stopLook = null
        look()
      })
    },
  }
}

/** The three moments between two hourly sweeps, whose reach takes in theirs. */
function quarterly(minute: number): string {
  const moments = [15, 30, 45].map(after => (minute + after) % 60)
  return `${moments.sort((a, b) => a - b).join(',')} * * * *`
}
