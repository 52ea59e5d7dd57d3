import type { LedgerScope, StatisticsView } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, type LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { addSums } from '../ledger/closed-sums.ts'
import { statisticsOf } from '../ledger/lots/statistics.ts'
import { type ClosedSums, NO_CLOSINGS } from '../store/ledger-days.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { closedTrips, pricedSymbols, tripNotes } from '../store/ledger-trips.ts'
import { worthOfDays } from '../store/ledger-worth.ts'
import { averageExcursion, excursionOf } from './ledger-excursion.ts'
import { days } from './ledger-sums.ts'

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

/** Results by the tags of the rows that opened each run; a run with two tags counts for both, one without for none (null). */
export function byTag(reader: Reader, scope: LedgerScope): ByTag[] {
  const trips = closedTrips(reader, accountsIn(reader, scope), scope)
  const notes = tripNotes(reader, trips)
  const sums = new Map<string, ByTag>()
  const add = (tag: string | null, currency: string, more: ClosedSums, won: { readonly known: number; readonly wins: number }): void => {
    const known = sums.get(`${tag ?? ''}|${currency}`) ?? { ...NO_CLOSINGS, tag, currency, trips: 0, known: 0, wins: 0 }
    sums.set(`${tag ?? ''}|${currency}`, { ...known, ...addSums(known, more), trips: known.trips + 1, known: known.known + won.known, wins: known.wins + won.wins })
  }
  for (const { account, key, currency, realized, fees } of trips) {
    const tags = notes.get(`${account}|${key}`)?.tags ?? []
    const own: ClosedSums = realized === null ? { ...NO_CLOSINGS, unknown: 1 } : { realized, fees, closings: 1, unknown: 0 }
    const won = { known: realized === null ? 0 : 1, wins: realized !== null && Dec.cmp(realized, Dec.zero) > 0 ? 1 : 0 }
    for (const tag of tags.length === 0 ? [null] : tags) add(tag, currency, own, won)
  }
  return [...sums.values()].toSorted((a, b) => (a.tag ?? '\u{10FFFF}').localeCompare(b.tag ?? '\u{10FFFF}'))
}

