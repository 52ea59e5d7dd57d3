import type { ConnectionView } from '../contract/schemas.ts'
import type { Method } from '../domain/broker.ts'
import type { SignInReason, TokenBadge } from '../domain/connection.ts'
import type { ConnectionHealth, HealthKind, Severity } from '../domain/connection-health.ts'
import { Instant } from '../domain/time.ts'
import { needsUser, standingOf } from './standing.ts'
import { durationWords, formatCountdown, formatDuration, formatWait } from './duration.ts'
import { formatExact, formatMoment } from './time.ts'
import { environmentWord } from './environment.ts'

export type Tone = 'good' | 'neutral' | 'warn' | 'bad'

export interface TokenText {
  readonly kind: HealthKind
  readonly badge: TokenBadge
  readonly tone: Tone
  /** The state in words. */
  readonly label: string
  /** The deadline, the next try, or why there is none. */
  readonly stamp: string
  /** What is left of the sign-in's life, 0 to 1; null when no end is known. */
  readonly life: number | null
  readonly tooltip: string
  /** What is happening, in a sentence, when that is more than the label; else null. */
  readonly detail: string | null
  /** The whole for a screen reader. */
  readonly name: string
}

type Words = Pick<TokenText, 'label' | 'stamp' | 'life' | 'tooltip' | 'detail' | 'name'>
type TokenFacts = Pick<ConnectionView, 'environment' | 'method' | 'methods' | 'state' | 'token' | 'consentedAt' | 'trouble' | 'health'>

const REASONS: Readonly<Record<SignInReason, string>> = {
  expired: 'the sign-in ran out',
  revoked: 'access was ended at the broker',
  lost: 'its tokens can no longer be used',
  'vault-locked': 'the vault is locked',
  'memory-only': 'tokens were kept in memory only',
}

const BADGE_TONES: Readonly<Record<TokenBadge, Tone>> = {
  expired: 'bad',
  'under-1h': 'warn',
  'under-24h': 'neutral',
  'over-24h': 'good',
  'no-expiry': 'good',
}
const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { good: 'good', notice: 'neutral', warning: 'warn', danger: 'bad' }
const TONES: readonly Tone[] = ['good', 'neutral', 'warn', 'bad']

export function severityTone(severity: Severity): Tone {
  return SEVERITY_TONES[severity]
}

/** Everything the badge of a sign-in says at a moment. It follows the clock, not the last read. */
export function tokenText(connection: TokenFacts, brokerName: string, now: Instant): TokenText {
  const standing = standingOf(connection, now)
  const who = `${brokerName}, ${environmentWord(connection.environment).toLowerCase()}`
  return { kind: standing.kind, badge: standing.badge, tone: toneOf(standing), ...wordsOf(connection, standing, who, now) }
}

/** The worse of what the badge and the severity say; a first warning two days ahead leaves the badge's own colour. */
function toneOf({ kind, badge, severity }: ConnectionHealth): Tone {
  if (kind === 'locked') return 'warn'
  const byBadge = BADGE_TONES[badge]
  const bySeverity = severity === 'notice' && kind !== 'transient' ? 'good' : SEVERITY_TONES[severity]
  return TONES.indexOf(byBadge) < TONES.indexOf(bySeverity) ? bySeverity : byBadge
}

function wordsOf(facts: TokenFacts, standing: ConnectionHealth, who: string, now: Instant): Words {
  const { state, trouble, health } = facts
  if (state.kind === 'needs-sign-in' && standing.because) return endedWords(standing.because, state.since, who, now)
  if (needsUser(standing)) return ranOut(standing, who, now)
  const usual = standing.deadline === null ? noDeadline(facts, who) : deadlineWords(facts, standing.deadline, who, now)
  switch (standing.kind) {
    case 'locked':
      return {
        ...usual,
        label: 'Vault locked',
        tooltip: `Its tokens are sealed in a vault that is locked. ${usual.tooltip}`,
        name: `${who}, the vault is locked`,
      }
    case 'refreshing':
      return { ...usual, label: 'Renewing the sign-in', name: `${usual.name}, renewing now` }
    case 'ambiguous':
      return waiting(usual, standing, now, {
        label: 'Renewal unclear',
        detail: 'Whether the last renewal counted is not known. Keelson finds out by trying again.',
      })
    case 'transient':
      return health.lastError === null && trouble !== null && standing.retryAt === null
        ? usual
        : waiting(usual, standing, now, { label: 'Renewal failed', detail: health.lastError?.message ?? trouble?.message ?? null })
    case 'due':
    case 'ok':
    case 'sign-in-needed':
    case 'revoked':
      return usual
  }
}

function endedWords(because: SignInReason, since: Instant, who: string, now: Instant): Words {
  const why = REASONS[because]
  const label = because === 'vault-locked' ? 'Vault locked' : 'Sign-in needed'
  return {
    label,
    stamp: `since ${formatMoment(since, now)}`,
    life: 0,
    tooltip: `${label} since ${formatExact(since)}: ${why}.`,
    detail: null,
    name: because === 'vault-locked' ? `${who}, the vault is locked` : `${who}, sign-in needed: ${why}`,
  }
}

function ranOut({ deadline }: ConnectionHealth, who: string, now: Instant): Words {
  const ended = deadline === null ? '' : `The sign-in ended ${formatExact(deadline)}.`
  return {
    label: 'Sign-in expired',
    stamp: deadline === null ? '' : formatMoment(deadline, now),
    life: 0,
    tooltip: ended,
    detail: null,
    name: `${who}, sign-in expired`,
  }
}

/** A renewal that is tried again: when, counted down, and by when the user has to act if there is such a moment. */
function waiting(usual: Words, { retryAt, deadline }: ConnectionHealth, now: Instant, said: Pick<Words, 'label' | 'detail'>): Words {
  const left = retryAt === null ? null : Instant.msBetween(now, retryAt)
  const again = left === null ? 'tries again by itself' : left > 0 ? `tries again in ${formatWait(left)}` : 'trying again now'
  const by = deadline === null ? '' : ` ${usual.label}.`
  return {
    ...usual,
    ...said,
    stamp: again,
    tooltip: `${retryAt === null ? 'Keelson tries again by itself.' : `Tries again ${formatExact(retryAt)}.`} ${usual.tooltip}`,
    detail: said.detail === null ? null : `${said.detail}${by}`,
    // Screen readers are not told every second: the countdown stays out of the name.
    name: `${usual.name}. ${said.label}: Keelson tries again by itself`,
  }
}

function deadlineWords(facts: TokenFacts, deadline: Instant, who: string, now: Instant): Words {
  const left = Instant.msBetween(now, deadline)
  const whole = wholeLife(facts, deadline)
  return {
    label: `Sign in again within ${formatDuration(left)}`,
    stamp: formatMoment(deadline, now),
    life: Math.min(1, left / whole),
    tooltip: `Sign in again by ${formatExact(deadline)}. ${formatCountdown(left)} left.`,
    detail: null,
    name: `${who}, sign in again within ${durationWords(left)}`,
  }
}

const WEEK_MS = 604_800_000

/** The life of which the deadline is the end. A renewal moves obtainedAt but not the broker's deadline, so that it is counted from the consent. */
function wholeLife({ method, methods, token, consentedAt }: TokenFacts, deadline: Instant): number {
  const began = token.signInBy && consentedAt ? consentedAt : token.obtainedAt
  const life = Math.max(1, Instant.msBetween(began, deadline))
  // TWS wants a sign-in every week anew, however long ago it was first allowed; an end that was typed in is of another way in.
  const isWeekly = method === 'tws' && !methods.some(({ expiresAt }) => expiresAt === deadline)
  return isWeekly ? Math.min(life, WEEK_MS) : life
}

const LASTING: Partial<Record<Method, string>> = {
  'api-key': 'key does not expire',
  tws: 'while TWS or IB Gateway runs',
  gateway: 'while the gateway is signed in',
}

function noDeadline({ method, token }: TokenFacts, who: string): Words {
  const stamp = LASTING[method] ?? (token.refreshable ? 'renews by itself' : 'no expiry stated')
  const until = token.expiresAt ? ` The current access token lasts until ${formatExact(token.expiresAt)}.` : ''
  return {
    label: 'Signed in',
    stamp,
    life: null,
    tooltip: `Connected since ${formatExact(token.obtainedAt)}.${until}`,
    detail: null,
    name: `${who}, connected, ${stamp}`,
  }
}
