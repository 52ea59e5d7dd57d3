import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { SignInReason } from '../../../shared/domain/connection.ts'
import { type TokenBadge, tokenBadge, tokenDeadline } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { durationWords, formatCountdown, formatDuration } from './duration.ts'
import { formatExact, formatMoment } from './time.ts'
import { environmentWord } from './words.ts'

export type Tone = 'good' | 'neutral' | 'warn' | 'bad'

export interface TokenText {
  readonly badge: TokenBadge
  readonly tone: Tone
  /** The state in words. */
  readonly label: string
  /** The deadline, or why there is none. */
  readonly stamp: string
  /** What is left of the sign-in's life, 0 to 1; null when no end is known. */
  readonly life: number | null
  readonly tooltip: string
  /** The whole for a screen reader. */
  readonly name: string
}

const REASONS: Readonly<Record<SignInReason, string>> = {
  expired: 'the sign-in ran out',
  revoked: 'access was ended at the broker',
  lost: 'its tokens can no longer be used',
  'vault-locked': 'the vault is locked',
  'memory-only': 'tokens were kept in memory only',
}

const TONES: Readonly<Record<TokenBadge, Tone>> = {
  expired: 'bad',
  'under-1h': 'warn',
  'under-24h': 'neutral',
  'over-24h': 'good',
  'no-expiry': 'good',
}

type TokenFacts = Pick<ConnectionView, 'environment' | 'method' | 'state' | 'token' | 'consentedAt'>

/** Everything the badge of a sign-in says at a moment. The badge follows the clock, not the last read. */
export function tokenText(connection: TokenFacts, brokerName: string, now: Instant): TokenText {
  const badge = tokenBadge(connection.token, connection.state, now)
  const who = `${brokerName}, ${environmentWord(connection.environment).toLowerCase()}`
  const base = { badge, tone: TONES[badge] }
  const { state, token } = connection
  if (state.kind === 'needs-sign-in') {
    const why = REASONS[state.because]
    const tooltip = `Sign-in needed since ${formatExact(state.since)}: ${why}.`
    return {
      ...base,
      label: 'Sign-in needed',
      stamp: `since ${formatMoment(state.since, now)}`,
      life: 0,
      tooltip,
      name: `${who}, sign-in needed: ${why}`,
    }
  }
  const deadline = tokenDeadline(token)
  if (deadline === null) return { ...base, ...noDeadline(connection, who) }
  const left = Instant.msBetween(now, deadline)
  if (left <= 0) {
    const tooltip = `The sign-in ended ${formatExact(deadline)}.`
    return { ...base, label: 'Sign-in expired', stamp: formatMoment(deadline, now), life: 0, tooltip, name: `${who}, sign-in expired` }
  }
  // A renewal moves obtainedAt but not the broker's sign-in deadline, so that life is measured from the consent.
  const began = token.signInBy && connection.consentedAt ? connection.consentedAt : token.obtainedAt
  const whole = Math.max(1, Instant.msBetween(began, deadline))
  return {
    ...base,
    label: `Sign in again within ${formatDuration(left)}`,
    stamp: formatMoment(deadline, now),
    life: Math.min(1, left / whole),
    tooltip: `Sign in again by ${formatExact(deadline)}. ${formatCountdown(left)} left.`,
    name: `${who}, sign in again within ${durationWords(left)}`,
  }
}

const LASTING: Partial<Record<Method, string>> = {
  'api-key': 'key does not expire',
  tws: 'while TWS or IB Gateway runs',
  gateway: 'while the gateway is signed in',
}

function noDeadline({ method, token }: TokenFacts, who: string): Pick<TokenText, 'label' | 'stamp' | 'life' | 'tooltip' | 'name'> {
  const stamp = LASTING[method] ?? (token.refreshable ? 'renews by itself' : 'no expiry stated')
  const until = token.expiresAt ? ` The current access token lasts until ${formatExact(token.expiresAt)}.` : ''
  return {
    label: 'Signed in',
    stamp,
    life: null,
    tooltip: `Connected since ${formatExact(token.obtainedAt)}.${until}`,
    name: `${who}, connected, ${stamp}`,
  }
}
