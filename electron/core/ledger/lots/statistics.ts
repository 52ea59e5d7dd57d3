import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { ratio } from './share.ts'
import type { Trip } from './trip.ts'

/** Decimals of averages of money, of the profit factor, and of percents and days. */
export const AVERAGE_PLACES = 4
export const FACTOR_PLACES = 4
export const PERCENT_PLACES = 2

export type ClosedTrip = Pick<Trip, 'realized' | 'fees' | 'openDay' | 'closeDay'>

/** What some closed trips in one currency come to. Sums are exact; averages and ratios are rounded half to even. */
export interface Statistics {
  readonly trips: number
  readonly wins: number
  readonly losses: number
  readonly flat: number
  /** Trips without a known result; they are in no figure but `trips` and `fees`. */
  readonly unknown: number
  /** Percent of the trips with a known result, 2 decimals. */
  readonly winRate: Dec | null
  /** 4 decimals; a loss is negative. */
  readonly averageWin: Dec | null
  readonly averageLoss: Dec | null
  /** Sums of the wins, and of the losses (negative or 0). */
  readonly grossProfit: Dec
  readonly grossLoss: Dec
  /** Gross profit by the size of the gross loss, 4 decimals; null without a loss. */
  readonly profitFactor: Dec | null
  /** Result by trip, 4 decimals. */
  readonly expectancy: Dec | null
  readonly best: Dec | null
  readonly worst: Dec | null
  /** The deepest fall of the running result below its highest point (0 at the start), positive or 0. */
  readonly maxDrawdown: Dec | null
  /** Calendar days from opening to closing, 2 decimals. */
  readonly averageDaysHeld: Dec | null
  readonly fees: Dec
}

/** The statistics of closed trips, handed in as they closed, the oldest first; open ones are left out. */
export function statisticsOf(all: readonly ClosedTrip[]): Statistics {
  const trips = all.filter((trip): trip is ClosedTrip & { readonly closeDay: LocalDate } => trip.closeDay !== null)
  const results = trips.flatMap(({ realized }) => realized ?? [])
  const [wins, losses] = [results.filter(result => Dec.cmp(result, Dec.zero) > 0), results.filter(Dec.isNegative)]
  const [grossProfit, grossLoss] = [Dec.sum(wins), Dec.sum(losses)]
  const days = trips.map(({ openDay, closeDay }) => daysBetween(openDay, closeDay))
  return {
    trips: trips.length,
    wins: wins.length,
    losses: losses.length,
    flat: results.length - wins.length - losses.length,
    unknown: trips.length - results.length,
    winRate: results.length === 0 ? null : ratio(count(wins.length * 100), count(results.length), PERCENT_PLACES),
    averageWin: average(grossProfit, wins.length),
    averageLoss: average(grossLoss, losses.length),
    grossProfit,
    grossLoss,
    profitFactor: losses.length === 0 ? null : ratio(grossProfit, Dec.neg(grossLoss), FACTOR_PLACES),
    expectancy: average(Dec.add(grossProfit, grossLoss), results.length),
    best: extreme(results, 1),
    worst: extreme(results, -1),
    maxDrawdown: results.length === 0 ? null : maxDrawdown(results),
    averageDaysHeld: days.length === 0 ? null : ratio(count(days.reduce((total, each) => total + each, 0)), count(days.length), PERCENT_PLACES),
    fees: Dec.sum(trips.map(({ fees }) => fees)),
  }
}

/** The deepest fall below the highest point of a running sum that starts at 0; positive or 0. */
export function maxDrawdown(results: readonly Dec[]): Dec {
  let [running, peak, deepest] = [Dec.zero, Dec.zero, Dec.zero]
  for (const result of results) {
    running = Dec.add(running, result)
    if (Dec.cmp(running, peak) > 0) peak = running
    const fall = Dec.sub(peak, running)
    if (Dec.cmp(fall, deepest) > 0) deepest = fall
  }
  return deepest
}

/** Calendar days between two days. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

/** Held over a year: the closing lies after the same day of the next year, as the United States count it. */
export function isLongTerm(openDay: LocalDate, closeDay: LocalDate): boolean {
  const [year, rest] = [openDay.slice(0, 4), openDay.slice(4)]
  return closeDay > `${Number(year) + 1}${rest}`
}

function average(sum: Dec, of: number): Dec | null {
  return of === 0 ? null : ratio(sum, count(of), AVERAGE_PLACES)
}

function extreme(results: readonly Dec[], sign: 1 | -1): Dec | null {
  return results.reduce<Dec | null>((best, each) => (best === null || Dec.cmp(each, best) === sign ? each : best), null)
}

function count(value: number): Dec {
  return Dec.of(String(value))
}
