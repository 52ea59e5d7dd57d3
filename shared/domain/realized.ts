import type { Dec } from './decimal.ts'

/** What some closings made. `unknown` ones are in no sum. */
export interface Made {
  readonly realized: Dec
  readonly closings: number
  readonly unknown: number
}

/** A figure of closings of which nothing is known is unknown, and never 0. */
export function knownOf<T>({ closings, unknown }: Pick<Made, 'closings' | 'unknown'>, figure: T): T | null {
  return closings === 0 && unknown > 0 ? null : figure
}
