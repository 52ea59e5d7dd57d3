import { AppError } from '../../shared/contract/errors.ts'
import type { journalRoutes } from '../../shared/contract/journal.ts'
import type { Handlers } from './bus/router.ts'

type JournalRoute = keyof typeof journalRoutes

export interface JournalParts {
  readonly handlers: Pick<Handlers, JournalRoute>
}

/** Wires this area. Its routes are answered one after another. */
export function createJournalParts(): JournalParts {
  const notBuilt = (): never => {
    throw new AppError('app/internal', { cause: 'not built yet' })
  }
  return { handlers: {
    'journal.page': notBuilt,
    'journal.add': notBuilt,
    'journal.change': notBuilt,
    'journal.remove': notBuilt,
    'journal.attach': notBuilt,
    'journal.detach': notBuilt,
    'journal.picture': notBuilt,
    'journal.tags': notBuilt,
    'journal.draft': notBuilt,
    'journal.export': notBuilt,
    'watchlist.list': notBuilt,
    'watchlist.add': notBuilt,
    'watchlist.remove': notBuilt,
    'watchlist.move': notBuilt,
    'watchlist.refresh': notBuilt,
  } }
}
