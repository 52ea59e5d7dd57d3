import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock } from '../ports.ts'
import { abortError } from './wait.ts'

export interface Turn {
  readonly signal: AbortSignal
  /** The broker's name, for the sentence of a refusal. */
  readonly broker?: string | undefined
  /** Goes before all others and may use the few turns kept free: a sign-in code dies in seconds. */
  readonly urgent?: boolean | undefined
  /** Fails at once when its turn is further away than this, in milliseconds, whatever it waits for. */
  readonly mostMs?: number | undefined
}

/** Paces all callers of one broker together, in order of arrival. */
export interface Limiter {
  /**
   * Resolves when one more request may go out. Rejects with app/canceled when the signal fires, and at once with
   * broker/rate-limited when the broker asked for a longer pause than anyone should wait for.
   */
  take(options: Turn): Promise<void>
  /** Lets nobody through for `ms` from now; a longer pause already set stays. */
  pause(ms: number): void
  /** The pause to take when a broker says "slow down" without saying for how long; null leaves it to the back-off. */
  readonly pauseMs: number | null
  /** How much of the window is left at this moment; asking takes nothing of it. */
  standing(): LimiterStanding
}

export interface LimiterStanding {
  readonly requests: number
  readonly perMs: number
  /** Requests that could begin now. */
  readonly left: number
  /** Requests that wait for their turn. */
  readonly waiting: number
  /** How long the broker's own pause still lasts, in milliseconds; 0 without one. */
  readonly pausedMs: number
}

export interface LimiterOptions {
  /** At most `requests` begin in any window of `perMs`. */
  readonly requests: number
  readonly perMs: number
  readonly pauseMs?: number | undefined
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>
}

/** The longest pause a caller waits through; beyond it the call fails with the time left. */
export const LONGEST_WAIT_MS = 120_000
const LONGEST_PAUSE_MS = 86_400_000
/** Requests leave in step and arrive out of it: the broker counts by arrival, so the window is kept a little longer. */
const TRAVEL_MS = 500
/** One turn in this many is kept for urgent callers. */
const RESERVED_SHARE = 40

interface Waiter {
  readonly turn: Turn
  readonly go: () => void
  readonly fail: (error: AppError) => void
}

/** A sliding window over the last `requests` departures, on the monotonic clock. */
export function createLimiter({ requests, perMs, pauseMs, clock }: LimiterOptions): Limiter {
  const departures: number[] = []
  const urgent = new Set<Waiter>()
  const ordinary = new Set<Waiter>()
  const forOrdinary = requests - Math.floor(requests / RESERVED_SHARE)
  let pausedUntil = Number.NEGATIVE_INFINITY
  let stopTimer: (() => void) | undefined

  function freeAt(turn: Turn): number {
    const room = turn.urgent === true ? requests : forOrdinary
    const full = departures.length >= room ? (departures[departures.length - room] ?? 0) + perMs + TRAVEL_MS : Number.NEGATIVE_INFINITY
    return Math.max(full, pausedUntil)
  }

  function depart(now: number): void {
    departures.push(now)
    if (departures.length > requests) departures.shift()
  }

  function tooLong(now: number, turn: Turn): AppError | undefined {
    const { broker, mostMs } = turn
    const left = mostMs === undefined ? pausedUntil - now : freeAt(turn) - now
    return left > (mostMs ?? LONGEST_WAIT_MS) ? rateLimited(broker, Math.ceil(left)) : undefined
  }

  function leave(waiter: Waiter): void {
    urgent.delete(waiter)
    ordinary.delete(waiter)
  }

  const isQueueEmpty = (): boolean => urgent.size + ordinary.size === 0

  function serve(): void {
    stopTimer?.()
    stopTimer = undefined
    const now = clock.monotonicMs()
    for (const waiter of [...urgent, ...ordinary]) {
      const wait = freeAt(waiter.turn) - now
      const refusal = tooLong(now, waiter.turn)
      if (refusal) {
        leave(waiter)
        waiter.fail(refusal)
      } else if (wait > 0) {
        stopTimer = clock.after(Math.ceil(wait), serve)
        return
      } else {
        leave(waiter)
        depart(now)
        waiter.go()
      }
    }
  }

  function take(turn: Turn): Promise<void> {
    const { signal } = turn
    if (signal.aborted) return Promise.reject(abortError(signal, turn.broker ?? ''))
    const now = clock.monotonicMs()
    const queue = turn.urgent === true ? urgent : ordinary
    if (queue.size === 0 && freeAt(turn) <= now) {
      depart(now)
      return Promise.resolve()
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const release = (): void => signal.removeEventListener('abort', onAbort)
    const waiter: Waiter = {
      turn,
      go: () => {
        release()
        resolve()
      },
      fail: error => {
        release()
        reject(error)
      },
    }
    function onAbort(): void {
      leave(waiter)
      if (isQueueEmpty()) stopTimer?.()
      waiter.fail(abortError(signal, turn.broker ?? ''))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    queue.add(waiter)
    serve()
    return promise
  }

  function pause(ms: number): void {
    pausedUntil = Math.max(pausedUntil, clock.monotonicMs() + Math.min(Math.max(ms, 0), LONGEST_PAUSE_MS))
    if (!isQueueEmpty()) serve()
  }

  function standing(): LimiterStanding {
    const now = clock.monotonicMs()
    const used = departures.filter(at => at + perMs + TRAVEL_MS > now).length
    const pausedMs = Math.max(0, Math.ceil(pausedUntil - now))
    return { requests, perMs, left: pausedMs > 0 ? 0 : requests - used, waiting: urgent.size + ordinary.size, pausedMs }
  }

  return { take, pause, pauseMs: pauseMs ?? null, standing }
}

/** "Slow down", with the time to wait. */
export function rateLimited(broker: string | undefined, retryAfterMs: number): AppError {
  return new AppError('broker/rate-limited', { details: broker === undefined ? {} : { broker }, retryAfterMs })
}
