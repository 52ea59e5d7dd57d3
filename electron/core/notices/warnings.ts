import { lastSessionBefore } from '../../../shared/domain/market-calendar.ts'
import { Instant } from '../../../shared/domain/time.ts'

/** A moment from which a deadline is announced, by name. */
export interface Warning {
  readonly name: string
  readonly at: Instant
}

const HOUR_MS = 3_600_000

/**
 * When a deadline is announced, earliest first: each stated time before it, and at the opening of the last session of the US exchanges
 * that begins before it, so that a sign-in which ends over a weekend is announced while somebody trades. A sign-in without warnings has none.
 * `warnBeforeMs` holds milliseconds.
 */
export function warningsOf(deadline: Instant, warnBeforeMs: readonly number[]): readonly Warning[] {
  const [longest] = warnBeforeMs
  if (longest === undefined) return []
  const stated = warnBeforeMs.map(ms => ({ name: `${ms / HOUR_MS}h`, at: Instant.plus(deadline, -ms) }))
  const session = longest > 2 * HOUR_MS ? [{ name: 'session', at: lastSessionBefore(deadline).open }] : []
  return [...stated, ...session].toSorted((a, b) => Instant.msBetween(b.at, a.at))
}

/** The last warning that is due at a moment; null before the first and once the deadline has passed. */
export function warningAt(deadline: Instant, warnBeforeMs: readonly number[], now: Instant): Warning | null {
  if (!Instant.isBefore(now, deadline)) return null
  return warningsOf(deadline, warnBeforeMs).findLast(({ at }) => !Instant.isBefore(now, at)) ?? null
}

/** When the next warning is due, or the deadline itself; null once that has passed. */
export function nextWarningAt(deadline: Instant, warnBeforeMs: readonly number[], now: Instant): Instant | null {
  if (!Instant.isBefore(now, deadline)) return null
  return warningsOf(deadline, warnBeforeMs).find(({ at }) => Instant.isBefore(now, at))?.at ?? deadline
}
