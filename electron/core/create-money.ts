import type { Connection } from '../../shared/domain/connection.ts'
import type { BrokerAdapter } from './brokers/adapter.ts'
import type { Events } from './bus/events.ts'
import type { Access } from './create-access.ts'
import { createJournalParts, type JournalParts } from './create-journal.ts'
import { createLedgerParts, type LedgerParts } from './create-ledger.ts'
import { createOrderParts, type OrderParts } from './create-orders.ts'
import { createPortfolioParts, type PortfolioParts } from './create-portfolio.ts'
import type { Db } from './db/open.ts'
import type { LedgerKeeper } from './ledger/keeper.ts'
import type { Log } from './log/log.ts'
import type { Redactor } from './log/redact.ts'
import type { Ports } from './ports.ts'
import type { BrokerDesk } from './services/broker-desk.ts'
import type { Sync } from './sync/sync.ts'
import type { HistoryWriter } from './sync/writer.ts'
import type { OpenVault } from './vault/data-key.ts'

export interface MoneyDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly emit: Events['emit']
  readonly broker: BrokerDesk['broker']
  /** The adapter of a connection, its simulator started where it has one. Rejects with AppError. */
  readonly adapter: (connection: Connection) => Promise<BrokerAdapter>
  readonly writer: HistoryWriter
  readonly ledger: LedgerKeeper
  readonly sync: Pick<Sync, 'run' | 'onResult'>
  readonly vault: OpenVault
  readonly events: Events
  readonly redactor: Redactor
  readonly access: Access
  /** True while the app lock is closed. */
  readonly isLocked: () => boolean
}

/** What is made of the history, and what moves money: ledger, reconciliation, orders and journal. */
export interface Money {
  readonly handlers: LedgerParts['handlers'] & PortfolioParts['handlers'] & OrderParts['handlers'] & JournalParts['handlers']
  /** Holds the accounts of a connection against its broker; to be called at the end of a sync, when the ledger is current. */
  readonly reconcile: PortfolioParts['reconcile']
  readonly recordProblem: OrderParts['recordProblem']
  /** Goes on with what an earlier run left; looks for it and reads anew only in the background. */
  start(background: boolean): void
  /** Stops for good; what is being saved, or sent, gets its time. */
  stop(): Promise<void>
}

/** Wires the four areas. Each is built by its own create file; what they share comes in here. */
export function createMoney(deps: MoneyDeps): Money {
  const ledger = createLedgerParts(deps)
  const portfolio = createPortfolioParts({ ...deps, between: deps.writer.between, ledgerCurrent: deps.ledger.settle, sync: (id, signal) => deps.sync.run(id, { signal }) })
  const orders = createOrderParts(deps)
  const journal = createJournalParts({ ...deps, ledger: ledger.handlers })
  return {
    handlers: { ...ledger.handlers, ...portfolio.handlers, ...orders.handlers, ...journal.handlers },
    reconcile: portfolio.reconcile,
    recordProblem: orders.recordProblem,
    start: orders.start,
    async stop() {
      await portfolio.stop()
      await orders.stop()
    },
  }
}
