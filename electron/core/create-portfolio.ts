import { AppError } from '../../shared/contract/errors.ts'
import type { portfolioRoutes } from '../../shared/contract/portfolio.ts'
import type { Handlers } from './bus/router.ts'

type PortfolioRoute = keyof typeof portfolioRoutes

export interface PortfolioParts {
  readonly handlers: Pick<Handlers, PortfolioRoute>
}

/** Wires this area. Its routes are answered one after another. */
export function createPortfolioParts(): PortfolioParts {
  const notBuilt = (): never => {
    throw new AppError('app/internal', { cause: 'not built yet' })
  }
  return { handlers: {
    'portfolio.overview': notBuilt,
    'portfolio.grouped': notBuilt,
    'reconciliation.drifts': notBuilt,
    'reconciliation.fix': notBuilt,
    'reconciliation.accept': notBuilt,
    'reconciliation.undoFix': notBuilt,
    'reconciliation.fixes': notBuilt,
  } }
}
