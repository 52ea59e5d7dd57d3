import { create } from 'zustand'
import type { LotView } from '../../shared/contract/ledger.ts'
import type { GroupedPosition } from '../../shared/contract/portfolio.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import { errorViewOf } from '../bridge/index.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { currentEnvironment } from './environment.ts'
import { createReplacingLoader, failed, idle, type Remote, started, succeeded } from './remote.ts'

export type Overview = OutputOf<'portfolio.overview'>
export type Grouping = 'broker' | 'account' | 'asset-class'

interface PortfolioState {
  readonly by: Grouping
  readonly overview: Remote<Overview>
  readonly grouped: Remote<GroupedPosition[]>
  /** Lots of the instruments that are opened, by symbol. */
  readonly lots: Readonly<Record<string, Remote<LotView[]>>>
}

/** What the accounts hold and are worth. */
export const usePortfolio = create<PortfolioState>()(() => ({ by: 'broker', overview: idle, grouped: idle, lots: {} }))

const scope = () => {
  const environment = currentEnvironment()
  return environment === undefined ? {} : { environment }
}

export const refreshOverview = createReplacingLoader<PortfolioState, Overview>(
  usePortfolio,
  { get: state => state.overview, put: overview => ({ overview }) },
  signal => api().request('portfolio.overview', { ...scope(), by: usePortfolio.getState().by }, { signal }),
)

export const refreshGrouped = createReplacingLoader<PortfolioState, GroupedPosition[]>(
  usePortfolio,
  { get: state => state.grouped, put: grouped => ({ grouped }) },
  signal => api().request('portfolio.grouped', scope(), { signal }),
)

/** Shows the overview's figures by something else. */
export async function groupBy(by: Grouping): Promise<void> {
  usePortfolio.setState({ by })
  await refreshOverview()
}

function putLots(symbol: string, change: (before: Remote<LotView[]>) => Remote<LotView[]>): void {
  usePortfolio.setState(({ lots }) => ({ lots: { ...lots, [symbol]: change(lots[symbol] ?? idle) } }))
}

/** Reads the lots an instrument is held in. */
export async function refreshLots(symbol: string): Promise<void> {
  putLots(symbol, started)
  try {
    const lots = await api().request('ledger.lots', { symbol })
    putLots(symbol, () => succeeded(lots, now()))
  } catch (error) {
    putLots(symbol, before => failed(before, errorViewOf(error)))
  }
}

/** Reads again what is on screen: nothing that was not asked for yet. */
export async function refreshShownPortfolio(): Promise<void> {
  const { overview, grouped, lots } = usePortfolio.getState()
  await Promise.all([
    overview.status === 'idle' ? undefined : refreshOverview(),
    grouped.status === 'idle' ? undefined : refreshGrouped(),
    ...Object.keys(lots).map(refreshLots),
  ])
}
