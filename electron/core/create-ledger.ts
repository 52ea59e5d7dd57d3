import type { ledgerRoutes } from '../../shared/contract/ledger.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../shared/domain/time.ts'
import type { Handlers } from './bus/router.ts'
import type { Db } from './db/open.ts'
import type { LedgerKeeper } from './ledger/keeper.ts'
import type { Ports } from './ports.ts'
import { exportPart, exportReady } from './services/ledger-export.ts'
import { byTag, equity, statistics } from './services/ledger-figures.ts'
import { gaps } from './services/ledger-gaps.ts'
import { lotViews } from './services/ledger-lots.ts'
import { bySymbol, days, totals } from './services/ledger-sums.ts'
import { tripDetail } from './services/ledger-trip.ts'
import { realizations, realizationsReady, trips, tripsReady } from './services/ledger-trips.ts'
import { createLedgerWords } from './services/ledger-words.ts'
import { everyAccount } from './store/ledger-scope.ts'
import { ledgerStatus } from './store/ledger-status.ts'
import { tripOfRow } from './store/ledger-trips.ts'
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
  return {
    handlers: {
      ...createLedgerWords({ db, clock, random, ledger, between: writer.between }),
      'ledger.status': () => ledgerStatus(reader),
      'ledger.totals': scope => totals(reader, scope),
      'ledger.days': scope => days(reader, scope),
      'ledger.bySymbol': scope => bySymbol(reader, scope),
      'ledger.byTag': scope => byTag(reader, scope),
      'ledger.lots': ({ accountId, symbol }) => lotViews(reader, everyAccount(reader, accountId), { symbol }, today()),
      async 'ledger.realizations'(input, { signal }) {
        await realizationsReady(reader, input, { signal, clock })
        return realizations(reader, input)
      },
      async 'ledger.trips'(input, { signal }) {
        await tripsReady(reader, input, { signal, clock })
        return trips(reader, input)
      },
      'ledger.trip': ({ id }) => tripDetail(db, id, clock.now()),
      'ledger.tripOf': ({ activityId }) => ({ id: tripOfRow(reader, activityId) }),
      'ledger.statistics': scope => statistics(reader, scope, clock.now()),
      'ledger.equity': scope => equity(reader, scope),
      'ledger.gaps': ({ accountId }) => gaps(reader, accountId),
      async 'ledger.export'(input, { signal }) {
        await exportReady(reader, input, { signal, clock })
        return exportPart(reader, input, clock.now())
      },
    },
  }
}
