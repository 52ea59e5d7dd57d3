import type { Environment } from '../../../shared/domain/broker.ts'

/** Under this share of runs that came back whole in 24 hours, somebody should look. */
export const ALERT_BELOW = 0.9
/** What 30 days should stay over. */
export const TARGET = 0.99
/** Fewer runs than this say nothing. */
export const ENOUGH_RUNS = 10

export interface RateOf {
  /** Runs that ended by themselves. */
  readonly runs: number
  /** The share of them that came back whole; null when there were none. */
  readonly rate: number | null
}

/** `alert` under 90 % of a day, `below-target` under 99 % of a month, `unknown` while too little ran to say. */
export type SlaStanding = 'met' | 'below-target' | 'alert' | 'unknown'

/** Judges a day and a month. A day that is bad and well filled counts before anything else. */
export function slaStanding(day: RateOf, month: RateOf): SlaStanding {
  if (day.rate !== null && day.runs >= ENOUGH_RUNS && day.rate < ALERT_BELOW) return 'alert'
  if (month.rate === null || month.runs < ENOUGH_RUNS) return 'unknown'
  return month.rate > TARGET ? 'met' : 'below-target'
}

/** The environments a figure over everything is about: all in use, but where there are real ones and the sandbox, the real ones. */
export function countedEnvironments(inUse: readonly Environment[]): readonly Environment[] | undefined {
  const all = [...new Set(inUse)]
  if (all.length === 0) return undefined
  const real = all.filter(environment => environment !== 'sandbox')
  return real.length > 0 ? real : all
}
