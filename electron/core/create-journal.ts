import type { journalRoutes } from '../../shared/contract/journal.ts'
import type { Handlers } from './bus/router.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import type { Ports } from './ports.ts'
import { createJournal, type LedgerForJournal } from './services/journal.ts'
import { createQuoteRound, type QuoteRoundDeps } from './services/quote-round.ts'
import { createWatchlist } from './services/watchlist.ts'

type JournalRoute = keyof typeof journalRoutes

export interface JournalParts {
  readonly handlers: Pick<Handlers, JournalRoute>
}

export interface JournalPartsDeps extends Pick<QuoteRoundDeps, 'emit' | 'broker' | 'adapter'> {
  readonly ports: Pick<Ports, 'clock' | 'random'>
  readonly log: Log
  readonly db: Db
  readonly ledger: LedgerForJournal
}

/** Wires notes and watchlist. */
export function createJournalParts({ ports, log, db, emit, broker, adapter, ledger }: JournalPartsDeps): JournalParts {
  const { clock, random } = ports
  const round = createQuoteRound({ db, clock, log, emit, adapter, broker })
  return { handlers: { ...createJournal({ db, clock, random, emit, ledger }), ...createWatchlist({ db, random, emit, round }) } }
}
