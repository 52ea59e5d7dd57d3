import { createJournalParts, type JournalParts } from './create-journal.ts'
import { createLedgerParts, type LedgerParts } from './create-ledger.ts'
import { createOrderParts, type OrderParts } from './create-orders.ts'
import { createPortfolioParts, type PortfolioParts } from './create-portfolio.ts'

/** What is made of the history, and what moves money: ledger, reconciliation, orders and journal. */
export interface Money {
  readonly handlers: LedgerParts['handlers'] & PortfolioParts['handlers'] & OrderParts['handlers'] & JournalParts['handlers']
  /** Goes on with what an earlier run left, in the background. */
  start(): void
  /** Stops for good; what is being saved, or sent, gets its time. */
  stop(): Promise<void>
}

/** Wires the four areas. Each is built by its own create file; what they share comes in here. */
export function createMoney(): Money {
  const ledger = createLedgerParts()
  const portfolio = createPortfolioParts()
  const orders = createOrderParts()
  const journal = createJournalParts()
  return {
    handlers: { ...ledger.handlers, ...portfolio.handlers, ...orders.handlers, ...journal.handlers },
    start() {},
    async stop() {},
  }
}
