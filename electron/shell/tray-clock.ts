import { Instant } from '../../shared/domain/time.ts'
import { standingOf } from '../../shared/words/standing.ts'
import type { OpenFacts, TrayFacts } from './tray-model.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Nothing in the tray is worth waking a computer more often. */
const SOONEST_MS = 30_000

/**
 * How long until the tray may look different by the clock alone; null when only an event can change it. `isWritten` is true where the menu
 * is written before it is opened, so that its countdowns have to be followed too.
 */
export function nextLookMs(facts: TrayFacts, now: Instant, { isWritten }: { readonly isWritten: boolean }): number | null {
  if (facts.kind !== 'open') return null
  const waits = [...thresholds(facts, now), ...(isWritten ? countdowns(facts, now) : [])].filter(ms => ms > 0)
  return waits.length === 0 ? null : Math.max(SOONEST_MS, Math.min(...waits))
}

/** When a connection's standing changes by itself: at each warning, at its deadline, and when its access token ends. */
function thresholds({ connections }: OpenFacts, now: Instant): number[] {
  return connections.flatMap(connection => {
    const { deadline } = standingOf(connection, now)
    const left = deadline === null ? null : Instant.msBetween(now, deadline)
    const { expiresAt } = connection.token
    // A step behind the moment itself, where what holds from then on is certain.
    return [
      ...(left === null ? [] : [left + 1, ...connection.health.warnBeforeMs.map(before => left - before + 1)]),
      ...(expiresAt === null ? [] : [Instant.msBetween(now, expiresAt) + 1]),
    ]
  })
}

/** When the next digit of a countdown in the menu changes. */
function countdowns({ connections, nextAt, paused }: OpenFacts, now: Instant): number[] {
  const ends = connections.flatMap(connection => {
    const { deadline, retryAt } = standingOf(connection, now)
    return [deadline, retryAt]
  })
  return [...ends, paused ? null : nextAt].flatMap(end => {
    const left = end === null ? 0 : Instant.msBetween(now, end)
    if (left <= 0) return []
    const step = left > DAY_MS ? HOUR_MS : MINUTE_MS
    return [(left % step) + 1]
  })
}
