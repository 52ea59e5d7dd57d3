import { create } from 'zustand'
import type { DayResult, LedgerScope, ResultView, StatisticsView, TripView } from '../../shared/contract/ledger.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { LocalDate } from '../../shared/domain/time.ts'
import { api } from './api.ts'
import { currentEnvironment } from './environment.ts'
import { createPages, type More, type Pages } from './pages.ts'
import { createReplacingLoader, idle, type Remote } from './remote.ts'

/** What narrows the results; the environment is said apart. */
export type ResultFilter = Omit<LedgerScope, 'environment'>
export interface TripFilter {
  readonly state?: 'open' | 'closed'
  readonly outcome?: 'win' | 'loss'
  /** Those of one day of the calendar alone. */
  readonly day?: LocalDate
}
export type TripRows = Pages<TripView>
export type SymbolResult = OutputOf<'ledger.bySymbol'>[number]
export type TagResult = OutputOf<'ledger.byTag'>[number]
export type Equity = OutputOf<'ledger.equity'>

interface PerformanceState {
  readonly filter: ResultFilter
  readonly tripFilter: TripFilter
  /** The currency looked at; null for the first there is. */
  readonly currency: string | null
  readonly totals: Remote<ResultView[]>
  readonly days: Remote<DayResult[]>
  readonly symbols: Remote<SymbolResult[]>
  readonly tags: Remote<TagResult[]>
  readonly statistics: Remote<StatisticsView[]>
  readonly equity: Remote<Equity>
  readonly trips: Remote<TripRows>
  readonly more: More
}

/** What was made and lost, and what narrows it. */
export const usePerformance = create<PerformanceState>()(() => ({
  filter: {},
  tripFilter: {},
  currency: null,
  totals: idle,
  days: idle,
  symbols: idle,
  tags: idle,
  statistics: idle,
  equity: idle,
  trips: idle,
  more: idle,
}))

const get = usePerformance.getState
const set = usePerformance.setState
const TRIP_ROWS = 100

/** The question as the core takes it: live is only asked for where it is meant. */
export function scopeOf(filter: ResultFilter): LedgerScope {
  const environment = currentEnvironment()
  return environment === undefined ? filter : { ...filter, environment }
}
const scope = () => scopeOf(get().filter)

const refreshTotals = createReplacingLoader<PerformanceState, ResultView[]>(
  usePerformance,
  { get: state => state.totals, put: totals => ({ totals }) },
  signal => api().request('ledger.totals', scope(), { signal }),
)
const refreshDays = createReplacingLoader<PerformanceState, DayResult[]>(
  usePerformance,
  { get: state => state.days, put: days => ({ days }) },
  signal => api().request('ledger.days', scope(), { signal }),
)
const refreshSymbols = createReplacingLoader<PerformanceState, SymbolResult[]>(
  usePerformance,
  { get: state => state.symbols, put: symbols => ({ symbols }) },
  signal => api().request('ledger.bySymbol', scope(), { signal }),
)
const refreshTags = createReplacingLoader<PerformanceState, TagResult[]>(
  usePerformance,
  { get: state => state.tags, put: tags => ({ tags }) },
  signal => api().request('ledger.byTag', scope(), { signal }),
)
const refreshStatistics = createReplacingLoader<PerformanceState, StatisticsView[]>(
  usePerformance,
  { get: state => state.statistics, put: statistics => ({ statistics }) },
  signal => api().request('ledger.statistics', scope(), { signal }),
)
const refreshEquity = createReplacingLoader<PerformanceState, Equity>(
  usePerformance,
  { get: state => state.equity, put: equity => ({ equity }) },
  signal => api().request('ledger.equity', scope(), { signal }),
)
/** What the list of round trips asks for. */
function tripScope() {
  const { day, ...rest } = get().tripFilter
  return { ...scope(), ...rest, ...(day === undefined ? {} : { from: day, to: day }) }
}

const list = createPages<PerformanceState, TripView>(
  usePerformance,
  { get: ({ trips, more }) => ({ pages: trips, more }), put: ({ pages, ...more }) => (pages ? { ...more, trips: pages } : more) },
  {
    first: () => TRIP_ROWS,
    more: TRIP_ROWS,
    read: (range, signal) => api().request('ledger.trips', { ...tripScope(), ...range }, { signal }),
  },
)

/** Reads the round trips after the last one shown. */
export const readMoreTrips = list.readMore

/** One part of the page read again, for its own retry. */
export const refreshPart = {
  totals: refreshTotals,
  days: refreshDays,
  symbols: refreshSymbols,
  tags: refreshTags,
  statistics: refreshStatistics,
  equity: refreshEquity,
  trips: list.refresh,
} as const

/** Reads every part of the page again. */
export async function refreshPerformance(): Promise<void> {
  await Promise.all(Object.values(refreshPart).map(refresh => refresh()))
}

/** The same, once somebody looks at the page. */
export async function refreshShownPerformance(): Promise<void> {
  if (get().days.status !== 'idle') await refreshPerformance()
}

/** Replaces what narrows the results. */
export async function setResultFilter(filter: ResultFilter): Promise<void> {
  set({ filter })
  await refreshPerformance()
}

/** Shows open or closed round trips, won or lost ones; all without. */
export async function setTripFilter(tripFilter: TripFilter): Promise<void> {
  set({ tripFilter, trips: idle })
  await list.refresh()
}

export function chooseCurrency(currency: string): void {
  set({ currency })
}

/** The currencies there are results in, the one with most closings first. */
export function currenciesOf(totals: readonly ResultView[]): string[] {
  return totals.toSorted((a, b) => b.closings - a.closings || (a.currency < b.currency ? -1 : 1)).map(({ currency }) => currency)
}

/** The currency to show: the user's choice while it is there. */
export function shownCurrency(totals: readonly ResultView[] | undefined, chosen: string | null): string | undefined {
  const present = currenciesOf(totals ?? [])
  return chosen !== null && present.includes(chosen) ? chosen : present[0]
}
