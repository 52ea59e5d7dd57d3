import { create } from 'zustand'
import type { PositionView } from '../../shared/contract/app.ts'
import { api } from './api.ts'
import { createLoader, idle, type Remote } from './remote.ts'

interface PortfolioState {
  readonly positions: Remote<PositionView[]>
}

/** What the accounts hold. */
export const usePortfolio = create<PortfolioState>()(() => ({ positions: idle }))

export const refreshPositions = createLoader<PortfolioState, PositionView[]>(
  usePortfolio,
  { get: state => state.positions, put: positions => ({ positions }) },
  () => api().request('portfolio.positions', {}),
)
