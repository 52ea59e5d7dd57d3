import type { Method } from './broker.ts'
import { Instant, instantAt, LocalDate, startOfDay, toLocalDate } from './time.ts'

/** How the access of a way in lives and ends, as its broker states it. Durations in milliseconds; null where nothing is stated. */
export interface TokenPolicy {
  /** Life of an access token; null when it does not end by itself, or there is none. */
  readonly accessMs: number | null
  /** Life of a refresh token when it is not used. */
  readonly refreshMs: number | null
  /**
   * What a renewal does: nothing can be renewed, the refresh token stays, a new one replaces it, or an idle token is woken up
   * (OAuth 1.0a).
   */
  readonly rotation: 'none' | 'keeps' | 'rotates' | 'wakes'
  readonly signInAgain: SignInRule
  /** A token sleeps after this much idle time. */
  readonly idleMs: number | null
  /** Share of an access token's life after which it is renewed. */
  readonly refreshAt: number
  /** The program behind it restarts every night by itself, so that it does not answer for some minutes. */
  readonly restartsNightly?: boolean
}

/**
 * The rule no renewal moves: none; a while after the sign-in; the end of the day in a zone; a moment of every week in a zone
 * (`weekday` 0 is Sunday, `time` is `HH:MM`); or the day the user copied from the broker's site.
 */
export type SignInRule =
  | { readonly kind: 'none' }
  | { readonly kind: 'after'; readonly ms: number }
  | { readonly kind: 'day-end'; readonly zone: string }
  | { readonly kind: 'weekly'; readonly weekday: number; readonly time: string; readonly zone: string }
  | { readonly kind: 'stated' }

/** What a way in has that its broker states nothing of. */
export const NO_POLICY: TokenPolicy = {
  accessMs: null,
  refreshMs: null,
  rotation: 'none',
  signInAgain: { kind: 'none' },
  idleMs: null,
  refreshAt: 0.8,
}

/** The policy of one of a broker's ways in. */
export function policyFor(ways: readonly { readonly method: Method; readonly policy: TokenPolicy }[], method: Method): TokenPolicy {
  return ways.find(way => way.method === method)?.policy ?? NO_POLICY
}

const HOUR_MS = 3_600_000
const WEEK_DAYS = 7
const WARNINGS_MS = [48 * HOUR_MS, 24 * HOUR_MS, 2 * HOUR_MS] as const

/** How long a sign-in lasts by its rule at most, in milliseconds; null when it has no end. */
export function signInLifeMs(rule: SignInRule): number | null {
  switch (rule.kind) {
    case 'none':
      return null
    case 'after':
      return rule.ms
    case 'day-end':
      return 24 * HOUR_MS
    case 'weekly':
      return 7 * 24 * HOUR_MS
    case 'stated':
      return 365 * 24 * HOUR_MS
  }
}

/**
 * How long before a deadline the user is warned, in milliseconds, longest first: 48 h, 24 h and 2 h, without those a fresh sign-in
 * would already be inside of. A sign-in that ends every night is announced two hours before, not all day.
 */
export function warningsBefore(rule: SignInRule): readonly number[] {
  const life = signInLifeMs(rule)
  return life === null ? [] : WARNINGS_MS.filter(before => before <= life / 2)
}

/** When a sign-in made at `at` ends by its rule; null when it has no end, or only the user knows it. */
export function signInEnd(rule: SignInRule, at: Instant): Instant | null {
  switch (rule.kind) {
    case 'none':
    case 'stated':
      return null
    case 'after':
      return Instant.plus(at, rule.ms)
    case 'day-end':
      return startOfDay(LocalDate.plusDays(toLocalDate(at, rule.zone), 1), rule.zone)
    case 'weekly':
      return nextWeekly(rule, at)
  }
}

function nextWeekly({ weekday, time, zone }: Extract<SignInRule, { kind: 'weekly' }>, at: Instant): Instant {
  const today = toLocalDate(at, zone)
  const ahead = (weekday - new Date(today).getUTCDay() + WEEK_DAYS) % WEEK_DAYS
  const next = instantAt(LocalDate.plusDays(today, ahead), `${time}:00`, zone)
  return Instant.isBefore(at, next) ? next : instantAt(LocalDate.plusDays(today, ahead + WEEK_DAYS), `${time}:00`, zone)
}
