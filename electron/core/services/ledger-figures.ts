import type { LedgerScope, StatisticsView } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, type LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { addSums } from '../ledger/closed-sums.ts'
import { statisticsOf } from '../ledger/lots/statistics.ts'
import { type ClosedSums, NO_CLOSINGS } from '../store/ledger-days.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { closedIn } from '../store/ledger-sums.ts'
import { closedTrips, pricedSymbols } from '../store/ledger-trips.ts'
import { worthOfDays } from '../store/ledger-worth.ts'
import { runName, runsAre, taggedRuns, tripsTagged } from '../store/noted-runs.ts'
import { averageExcursion, excursionOf } from './ledger-excursion.ts'
import { days, totals } from './ledger-sums.ts'

/** What closed runs come to, by currency. */
export function statistics(reader: Reader, scope: LedgerScope, now: Instant): StatisticsView[] {
  const trips = closedTrips(reader, accountsIn(reader, scope), scope)
  const [at, priced] = [Instant.toEpochMicros(now), pricedSymbols(reader)]
  return [...Map.groupBy(trips, ({ currency }) => currency)].map(([currency, own]) => ({
    currency, ...statisticsOf(own), excursion: averageExcursion(own.map(trip => excursionOf(reader, trip, at, priced))),
  }))
}

type Equity = OutputOf<'ledger.equity'>[number]

/** Results, dividends, interest and fees as they add up by day, and what the brokers said all was worth on days every account is known. */
export function equity(reader: Reader, scope: LedgerScope): Equity[] {
  const { from, to, ...always } = scope
  const worth = worthOfDays(reader, accountsIn(reader, scope), { from, to })
  // What was made before the first day is part of where the curve begins; it is summed and not shown.
  const all = days(reader, { ...always, ...(to === undefined ? {} : { to }) })
  const currencies = new Set([...all.map(({ currency }) => currency), ...worth.keys()])
  return [...currencies].map(currency => {
    let running = Dec.zero
    const realized = new Map<LocalDate, Dec>()
    for (const day of all) {
      if (day.currency !== currency) continue
      running = Dec.add(running, Dec.sub(Dec.add(Dec.add(day.realized, day.dividends), day.interest), day.otherFees))
      realized.set(day.day, running)
    }
    return { currency, points: pointsOf(realized, isOfAccounts(scope) ? (worth.get(currency) ?? new Map()) : new Map(), from) }
  })
}

const isOfAccounts = ({ symbol, assetClass, tag }: LedgerScope): boolean => symbol === undefined && assetClass === undefined && tag === undefined

function pointsOf(realized: ReadonlyMap<LocalDate, Dec>, worth: ReadonlyMap<LocalDate, Dec>, from: LocalDate | undefined): Equity['points'] {
  let last = Dec.zero
  return [...new Set([...realized.keys(), ...worth.keys()])].toSorted().flatMap(day => {
    last = realized.get(day) ?? last
    return from !== undefined && day < from ? [] : [{ day, realized: last, netLiquidation: worth.get(day) ?? null }]
  })
}

type ByTag = OutputOf<'ledger.byTag'>[number]

type RunCounts = Pick<ByTag, 'trips' | 'known' | 'wins'>

const NO_RUNS: RunCounts = { trips: 0, known: 0, wins: 0 }

/**
 * What closings made, by the tags of the runs they are in, ended or not: that of a tag is what the same question says with the tag as its
 * filter. A run with two tags counts for both, one without for none (null). `trips` are those of the runs that ended.
 */
export function byTag(reader: Reader, scope: LedgerScope): ByTag[] {
  const accounts = accountsIn(reader, scope)
  const tagged = taggedRuns(reader)
  const sums = new Map<string, ByTag>()
  const add = (tag: string | null, currency: string, more: ClosedSums, runs = NO_RUNS): void => {
    const name = JSON.stringify([tag, currency])
    const known = sums.get(name) ?? { ...NO_CLOSINGS, ...NO_RUNS, tag, currency }
    sums.set(name, { ...known, ...addSums(known, more), trips: known.trips + runs.trips, known: known.known + runs.known, wins: known.wins + runs.wins })
  }
  for (const { currency, realized, fees, closings, unknown } of totals(reader, scope)) add(null, currency, { realized, fees, closings, unknown })
  for (const row of closedIn(reader, accounts, scope, scope.tag === undefined ? runsAre(tagged.values()) : tripsTagged(reader, scope.tag))) {
    const { realized, fees, closings, unknown } = row
    for (const tag of tagged.get(runName(row))?.tags.values() ?? []) add(tag, row.currency, { realized, fees, closings, unknown })
    add(null, row.currency, { realized: Dec.neg(realized), fees: Dec.neg(fees), closings: -closings, unknown: -unknown })
  }
  for (const trip of closedTrips(reader, accounts, scope)) {
    const { currency, realized } = trip
    const tags = [...(tagged.get(runName(trip))?.tags.values() ?? [])]
    for (const tag of tags.length === 0 ? [null] : tags)
      add(tag, currency, NO_CLOSINGS, { trips: 1, known: realized === null ? 0 : 1, wins: realized !== null && Dec.cmp(realized, Dec.zero) > 0 ? 1 : 0 })
  }
  return [...sums.values()]
    .filter(({ closings, unknown, trips }) => closings > 0 || unknown > 0 || trips > 0)
    .toSorted((a, b) => (a.tag ?? '\u{10FFFF}').localeCompare(b.tag ?? '\u{10FFFF}'))
}
