import { type ConnectionState, type SignInReason, type TokenBadge, tokenBadge, tokenDeadline, type TokenLife } from './connection.ts'
import { Instant } from './time.ts'

/**
 * Where the access of a connection stands. `transient` is a passing failure that is tried again; `ambiguous` is a renewal whose end
 * is not known; `revoked` was ended at the broker; `locked` waits for the vault.
 */
export const HEALTH_KINDS = ['ok', 'due', 'refreshing', 'transient', 'ambiguous', 'sign-in-needed', 'locked', 'revoked'] as const
export type HealthKind = (typeof HEALTH_KINDS)[number]

/** How much it matters, worst last. */
export const SEVERITIES = ['good', 'notice', 'warning', 'danger'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What the renewal of a sign-in is doing. */
export interface RefreshStanding {
  readonly underWay: boolean
  /** A refresh token was presented and nobody knows whether it was used up. */
  readonly ambiguous: boolean
  /** When the background renews it next; null when nothing is planned. */
  readonly dueAt: Instant | null
  /** When it is tried again after a failure; null when none is waited for. */
  readonly retryAt: Instant | null
  readonly lastAttemptAt: Instant | null
  readonly lastError: HealthFailure | null
}

/** A failure by its code, with the sentence for the user. */
export interface HealthFailure {
  readonly code: string
  readonly message: string
  readonly action: string
}

export interface HealthFacts {
  readonly state: ConnectionState
  readonly token: TokenLife
  readonly refresh: RefreshStanding
  readonly vault: 'open' | 'locked'
  /** A passing problem of the connection as a whole. */
  readonly trouble: HealthFailure | null
  /** How long before its end a sign-in is worth a warning, in milliseconds, longest first. */
  readonly warnBeforeMs: readonly number[]
}

export interface ConnectionHealth {
  readonly kind: HealthKind
  readonly severity: Severity
  readonly badge: TokenBadge
  /** Why a sign-in is needed; null otherwise. */
  readonly because: SignInReason | null
  /** When the user has to act at the latest; null when no end is known. */
  readonly deadline: Instant | null
  /** When a failed renewal is tried again; null when none is waited for. */
  readonly retryAt: Instant | null
}

/** What a connection without tokens has of it. */
export const NO_REFRESH: RefreshStanding = { underWay: false, ambiguous: false, dueAt: null, retryAt: null, lastAttemptAt: null, lastError: null }

/**
 * Where a connection's access stands at a moment. Badge, tray, command line and notices all ask this one function, so they cannot
 * disagree. It never calls a connection ended that is not: only the stored state and a deadline that has passed do.
 */
export function connectionHealth(facts: HealthFacts, now: Instant): ConnectionHealth {
  const { state, token, refresh, trouble } = facts
  const badge = tokenBadge(token, state, now)
  const isKept = state.kind === 'connected' || state.because === 'vault-locked'
  const deadline = isKept ? tokenDeadline(token) : null
  const base = { badge, because: null, deadline, retryAt: null }
  if (!isKept) return { ...base, kind: state.because === 'revoked' ? 'revoked' : 'sign-in-needed', severity: 'danger', because: state.because }
  if (badge === 'expired') return { ...base, kind: 'sign-in-needed', severity: 'danger', because: 'expired' }
  if (state.kind === 'needs-sign-in') return { ...base, kind: 'locked', severity: 'warning', because: state.because }
  const near = nearness(facts.warnBeforeMs, deadline, now)
  if (facts.vault === 'locked') return { ...base, kind: 'locked', severity: worst('warning', near) }
  const failing = !refresh.lastError && !trouble ? 'good' : isOver(token, now) ? 'warning' : 'notice'
  if (refresh.underWay) return { ...base, kind: 'refreshing', severity: worst(failing, near) }
  const { retryAt } = refresh
  if (refresh.ambiguous) return { ...base, kind: 'ambiguous', severity: worst('warning', near), retryAt }
  if (failing !== 'good') return { ...base, kind: 'transient', severity: worst(failing, near), retryAt }
  const isDue = refresh.dueAt !== null && !Instant.isBefore(now, refresh.dueAt)
  return { ...base, kind: isDue ? 'due' : 'ok', severity: near }
}

/** The worst of several connections, for a tray icon; `good` for none. */
export function worstOf(healths: readonly Pick<ConnectionHealth, 'severity'>[]): Severity {
  return healths.reduce<Severity>((found, { severity }) => worst(found, severity), 'good')
}

function worst(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b) ? b : a
}

/** True when the access token of the moment has ended, so that nothing can be read until it is renewed. */
function isOver({ expiresAt }: TokenLife, now: Instant): boolean {
  return expiresAt !== null && !Instant.isBefore(now, expiresAt)
}

/** How much a deadline matters by how near it is. `warnBeforeMs` holds milliseconds, longest first. */
export function nearness(warnBeforeMs: readonly number[], deadline: Instant | null, now: Instant): Severity {
  if (deadline === null) return 'good'
  const left = Instant.msBetween(now, deadline)
  const last = warnBeforeMs.at(-1)
  if (last !== undefined && left <= last) return 'warning'
  return warnBeforeMs.some(before => left <= before) ? 'notice' : 'good'
}
