import { Instant } from '../../../shared/domain/time.ts'
import type { Clock } from '../ports.ts'
import { isLoopback } from './address.ts'

/** How far this computer's clock is from the brokers'. */
export interface Drift {
  /** Positive when this computer is ahead; null before anything was measured. */
  readonly driftMs: number | null
  /** When it was measured last. */
  readonly asOf: Instant | null
}

/** Estimates how wrong the wall clock is, from the `Date` of answers. */
export interface ClockSkew {
  /** Notes an answer's `Date`, with the monotonic moments of its request and of its receipt. */
  note(host: string, date: string | undefined, exchange: { readonly sentMs: number; readonly receivedMs: number }): void
  current(): Drift
  /** Milliseconds to take off this computer's time to get the brokers'; 0 while nothing, or next to nothing, was measured. */
  correctionMs(): number
}

interface Sample {
  readonly host: string
  /** The server's time at the monotonic clock's zero. */
  readonly originMs: number
  /** Ours then: a step of the wall clock, or a sleep, parts the two and makes the sample worthless. */
  readonly wallOriginMs: number
  readonly at: Instant
}

/** Of each host. */
const KEPT = 9
const MOST = 200
const LONGEST_RTT_MS = 5_000
/** `Date` has whole seconds, and its half is the best guess. */
const HALF_SECOND_MS = 500
const STEP_MS = 2_000
/** Less than this is what a network and whole seconds make of a good clock. */
const WORTH_MS = 5_000

/**
 * The median of what the hosts say, each by the median of its last answers, so that none outvotes the others by talking more; of two
 * that contradict each other the one counts that is closer to this computer. Answers that took long are left out, since nobody knows when in between they were
 * written; so are those of this computer itself.
 */
export function createClockSkew(clock: Pick<Clock, 'now' | 'monotonicMs'>): ClockSkew {
  let samples: readonly Sample[] = []

  const wallOrigin = (): number => Instant.toEpochMs(clock.now()) - clock.monotonicMs()

  function current(): Drift {
    const origin = wallOrigin()
    const fresh = samples.filter(({ wallOriginMs }) => Math.abs(wallOriginMs - origin) <= STEP_MS)
    const last = fresh.at(-1)
    const hosts = Map.groupBy(fresh, ({ host }) => host)
    const middle = median([...hosts.values()].flatMap(said => median(said.map(({ originMs }) => origin - originMs)) ?? []))
    return last === undefined || middle === undefined ? { driftMs: null, asOf: null } : { driftMs: Math.round(middle), asOf: last.at }
  }

  return {
    note(host, date, { sentMs, receivedMs }) {
      const at = Date.parse(date ?? '')
      if (Number.isNaN(at) || receivedMs - sentMs > LONGEST_RTT_MS || receivedMs < sentMs || isLoopback(host)) return
      const originMs = at + HALF_SECOND_MS - (sentMs + receivedMs) / 2
      const own = samples.filter(sample => sample.host === host)
      const kept = own.length < KEPT ? samples : samples.filter(sample => sample !== own[0])
      samples = [...kept, { host, originMs, wallOriginMs: wallOrigin(), at: clock.now() }].slice(-MOST)
    },
    current,
    correctionMs() {
      const { driftMs } = current()
      return driftMs !== null && Math.abs(driftMs) >= WORTH_MS ? driftMs : 0
    },
  }
}

/** The one in the middle, of two the one closer to zero; undefined for none. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low !== undefined && high !== undefined && Math.abs(low) < Math.abs(high) ? low : high
}
