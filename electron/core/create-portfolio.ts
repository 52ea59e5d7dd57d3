import type { portfolioRoutes } from '../../shared/contract/portfolio.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import type { ConnectionId } from '../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../shared/domain/time.ts'
import type { Events } from './bus/events.ts'
import type { Handlers } from './bus/router.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import type { Ports } from './ports.ts'
import { groupedPositions } from './services/portfolio-grouped.ts'
import { accountsIn, overview } from './services/portfolio-overview.ts'
import { createReconciliation } from './services/reconciliation.ts'

type PortfolioRoute = keyof typeof portfolioRoutes

export interface PortfolioDeps {
  readonly ports: Pick<Ports, 'clock' | 'random'>
  readonly db: Db
  readonly events: Pick<Events, 'emit' | 'subscribe'>
  readonly log: Log
  readonly broker: (id: BrokerId) => { readonly name: string }
  /** Runs a small write while no long one is under way. */
  readonly between: <T>(run: () => T) => Promise<T>
  /** Resolves once the ledger has seen every change made until now. */
  readonly ledgerCurrent: () => Promise<void>
  readonly sync: (connectionId: ConnectionId, signal: AbortSignal) => Promise<unknown>
}

export interface PortfolioParts {
  readonly handlers: Pick<Handlers, PortfolioRoute>
  /** Holds the accounts of a connection against its broker; to be called at the end of a sync, when the ledger is current. */
  readonly reconcile: (connectionId: ConnectionId) => Promise<void>
  readonly stop: () => Promise<void>
}

/** What is held and worth over all brokers, and whether the ledger agrees with them. */
export function createPortfolioParts({ ports, db, events, log, broker, between, ledgerCurrent, sync }: PortfolioDeps): PortfolioParts {
  const { clock, random } = ports
  const brokerName = (id: BrokerId): string => broker(id).name
  const reconciliation = createReconciliation({ db, clock, random, events, log, brokerName, between, ledgerCurrent, sync })
  return {
    reconcile: reconciliation.check,
    stop: reconciliation.stop,
    handlers: {
      ...reconciliation.handlers,
      'portfolio.overview': input => overview({ reader: db.reader, today: toLocalDate(clock.now(), EXCHANGE_ZONE), brokerName }, input),
      'portfolio.grouped': ({ environment }) => groupedPositions(db.reader, accountsIn(db.reader, environment).accounts),
    },
  }
}
