import { AppError } from '../../shared/contract/errors.ts'
import type { ledgerRoutes } from '../../shared/contract/ledger.ts'
import type { Handlers } from './bus/router.ts'

type LedgerRoute = keyof typeof ledgerRoutes

export interface LedgerParts {
  readonly handlers: Pick<Handlers, LedgerRoute>
}

/** Wires this area. Its routes are answered one after another. */
export function createLedgerParts(): LedgerParts {
  const notBuilt = (): never => {
    throw new AppError('app/internal', { cause: 'not built yet' })
  }
  return { handlers: {
    'ledger.status': notBuilt,
    'ledger.totals': notBuilt,
    'ledger.days': notBuilt,
    'ledger.bySymbol': notBuilt,
    'ledger.byTag': notBuilt,
    'ledger.lots': notBuilt,
    'ledger.realizations': notBuilt,
    'ledger.trips': notBuilt,
    'ledger.trip': notBuilt,
    'ledger.tripOf': notBuilt,
    'ledger.statistics': notBuilt,
    'ledger.equity': notBuilt,
    'ledger.gaps': notBuilt,
    'ledger.openingLots': notBuilt,
    'ledger.addOpeningLot': notBuilt,
    'ledger.removeOpeningLot': notBuilt,
    'ledger.methods': notBuilt,
    'ledger.setMethod': notBuilt,
    'ledger.setPicks': notBuilt,
    'ledger.setOverride': notBuilt,
    'ledger.versions': notBuilt,
    'ledger.export': notBuilt,
  } }
}
