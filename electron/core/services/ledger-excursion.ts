import type { StatisticsView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { ratio } from '../ledger/lots/share.ts'
import { lastSplitAt, pricesBetween, type TripRow } from '../store/ledger-trips.ts'
import { averageOf } from './ledger-trips.ts'

export type Excursion = StatisticsView['excursion']

const MONEY_PLACES = 4
const NONE = 'Keelson saw no price while it was open.'
const NO_ENTRY = 'What it was entered at is not known.'

/**
 * How far a run went against and for the trader while it was open: the lowest and the highest price Keelson saw, to the average entry, for
 * its largest position, costs left out. `now` (microseconds since 1970) ends an open one; `priced` says of which instruments there are prices.
 */
export function excursionOf(reader: Reader, trip: TripRow, now: number, priced?: ReadonlySet<string>): Excursion {
  if (priced?.has(`${trip.account}|${trip.symbol}`) === false) return { adverse: null, favorable: null, samples: 0, because: NONE }
  const entry = averageOf(trip, trip.isShort ? 'sold' : 'bought')
  if (entry === null || trip.multiplier === null) return { adverse: null, favorable: null, samples: 0, because: NO_ENTRY }
  const until = trip.closedAt ?? (trip.closeDay === null ? now : trip.lastAt)
  // Prices from before a split are of other shares than the entry is counted in.
  const from = Math.max(openedFrom(trip), lastSplitAt(reader, trip, until) ?? 0)
  const prices = pricesBetween(reader, trip.account, trip.symbol, from, until)
  const size = Dec.mul(trip.quantity, trip.multiplier)
  const moves = prices.map(price => Dec.mul(trip.isShort ? Dec.sub(entry, price) : Dec.sub(price, entry), size))
  if (moves.length === 0) return { adverse: null, favorable: null, samples: 0, because: NONE }
  const most = (sign: 1 | -1): Dec => moves.reduce((best, move) => (Dec.cmp(move, best) === sign ? move : best), Dec.zero)
  return { adverse: Dec.round(most(-1), MONEY_PLACES), favorable: Dec.round(most(1), MONEY_PLACES), samples: moves.length, because: null }
}

/** Where only the day is known, from its end on: what was seen on it may have been before. */
function openedFrom({ openedAt, openDay }: TripRow): number {
  return openedAt ?? Instant.toEpochMicros(startOfDay(LocalDate.plusDays(openDay, 1), EXCHANGE_ZONE))
}

/** The average of some runs' excursions, of those that have one. */
export function averageExcursion(all: readonly Excursion[]): Excursion {
  const known = all.flatMap(({ adverse, favorable }) => (adverse === null || favorable === null ? [] : [{ adverse, favorable }]))
  const samples = all.reduce((sum, one) => sum + one.samples, 0)
  if (known.length === 0) return { adverse: null, favorable: null, samples, because: 'Keelson saw no price while one of these trades was open.' }
  const average = (values: readonly Dec[]): Dec => ratio(Dec.sum(values), Dec.of(String(values.length)), MONEY_PLACES)
  const because = known.length === all.length ? null : `Of ${known.length} of ${all.length} trades; while the others were open Keelson saw no price.`
  return { adverse: average(known.map(one => one.adverse)), favorable: average(known.map(one => one.favorable)), samples, because }
}
