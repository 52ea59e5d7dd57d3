import type { ConnectionView } from '../contract/schemas.ts'
import { type ConnectionHealth, connectionHealth } from '../domain/connection-health.ts'
import type { Instant } from '../domain/time.ts'

export type StandingFacts = Pick<ConnectionView, 'state' | 'token' | 'trouble' | 'health'>

/**
 * Where a connection's access stands at a moment, by the one function that says so. What was read a while ago becomes what the core would
 * say now: deadlines and warnings follow the clock, the rest stays as it was read.
 */
export function standingOf({ state, token, trouble, health }: StandingFacts, now: Instant): ConnectionHealth {
  const { kind, because, dueAt, retryAt, lastAttemptAt, lastError, warnBeforeMs } = health
  return connectionHealth(
    {
      state,
      token,
      trouble,
      refresh: { underWay: kind === 'refreshing', ambiguous: kind === 'ambiguous', dueAt, retryAt, lastAttemptAt, lastError },
      vault: kind === 'locked' && because === null ? 'locked' : 'open',
      warnBeforeMs,
    },
    now,
  )
}

/** True when nothing can be read until the user signs in. */
export function needsUser({ kind }: Pick<ConnectionHealth, 'kind'>): boolean {
  return kind === 'sign-in-needed' || kind === 'revoked'
}
