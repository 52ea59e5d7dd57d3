import { AppError } from '../../shared/contract/errors.ts'
import type { ledgerRoutes } from '../../shared/contract/ledger.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../shared/domain/time.ts'
import type { Handlers } from './bus/router.ts'
import type { Db } from './db/open.ts'
import type { LedgerKeeper } from './ledger/keeper.ts'
import type { Ports } from './ports.ts'
import { lotViews } from './services/ledger-lots.ts'
import { bySymbol, days, totals } from './services/ledger-sums.ts'
import { createLedgerWords } from './services/ledger-words.ts'
import { everyAccount } from './store/ledger-scope.ts'
import { ledgerStatus } from './store/ledger-status.ts'
import type { HistoryWriter } from './sync/writer.ts'

type LedgerRoute = keyof typeof ledgerRoutes

export interface LedgerDeps {
  readonly ports: Pick<Ports, 'clock' | 'random'>
  readonly db: Db
  readonly writer: Pick<HistoryWriter, 'between'>
  readonly ledger: LedgerKeeper
}

export interface LedgerParts {
  readonly handlers: Pick<Handlers, LedgerRoute>
}

/** What the history comes to: results, lots, round trips, and what is missing to know them. */
export function createLedgerParts({ ports: { clock, random }, db, writer, ledger }: LedgerDeps): LedgerParts {
  const { reader } = db
  const today = () => toLocalDate(clock.now(), EXCHANGE_ZONE)
  const notBuilt = (): never => {
    throw new AppError('app/internal', { cause: 'not built yet' })
  }
  return {
    handlers: {
      ...createLedgerWords({ db, clock, random, ledger, between: writer.between }),
      'ledger.status': () => ledgerStatus(reader),
      'ledger.totals': scope => totals(reader, scope),
      'ledger.days': scope => days(reader, scope),
      'ledger.bySymbol': scope => bySymbol(reader, scope),
      'ledger.byTag': notBuilt,
      'ledger.lots': ({ accountId, symbol }) => lotViews(reader, everyAccount(reader, accountId), { symbol }, today()),
      'ledger.realizations': notBuilt,
      'ledger.trips': notBuilt,
      'ledger.trip': notBuilt,
      'ledger.tripOf': notBuilt,
      'ledger.statistics': notBuilt,
      'ledger.equity': notBuilt,
      'ledger.gaps': notBuilt,
      'ledger.export': notBuilt,
    },
  }
}
