import { AppError } from '../../../shared/contract/errors.ts'
import { cryptoPair, indexSymbol, normalSymbol, parseOcc } from '../../../shared/domain/instrument.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { Random } from '../ports.ts'
import { addWatched, moveWatched, removeWatched, watchedAll, watchedCount } from '../store/watchlist.ts'
import { quoteView } from './quote-view.ts'
import type { QuoteRound } from './quote-round.ts'

export interface WatchlistDeps {
  readonly db: Db
  readonly random: Pick<Random, 'uuid'>
  readonly emit: Events['emit']
  readonly round: QuoteRound
}

const MOST = 200
/** Letters, digits and what brokers put between them, such as `BRK.B`, `BTC/USD`, `/ESZ26` and `$SPX`. */
const SYMBOL = /^[$/]?[A-Z0-9][A-Z0-9./ -]*$/

/** What the user keeps an eye on. Quotes are asked for only when a page says so. */
export function createWatchlist({
  db,
  random,
  emit,
  round,
}: WatchlistDeps): Pick<Handlers, Extract<keyof Handlers, `watchlist.${string}`>> {
  const changed = (): void => emit({ type: 'watchlist.changed' })
  return {
    'watchlist.list': () =>
      watchedAll(db.reader).map(({ quote, ...watched }) => ({ ...watched, quote: quote && quoteView(quote, quote.fetchedAt) })),
    'watchlist.add'(input) {
      const { symbol, assetClass } = instrumentOf(input.symbol, input.assetClass)
      if (watchedCount(db.reader) >= MOST)
        throw new AppError('watchlist/unknown-symbol', { details: { symbol, reason: `the list holds ${MOST} symbols already` } })
      const id = addWatched(db.writer, { id: `wch_${random.uuid()}`, symbol, assetClass })
      changed()
      return { id }
    },
    'watchlist.remove'({ id }) {
      if (!removeWatched(db.writer, id)) throw new AppError('app/not-found')
      changed()
      return {}
    },
    'watchlist.move'({ id, before }) {
      if (!moveWatched(db.writer, id, before)) throw new AppError('app/not-found')
      changed()
      return {}
    },
    'watchlist.refresh': (_input, { signal }) => round.run(signal),
  }
}

/** A symbol as Keelson spells it, and what it names as far as its spelling tells. Throws watchlist/unknown-symbol for what no symbol looks like. */
export function instrumentOf(text: string, stated?: string): { readonly symbol: string; readonly assetClass: string } {
  const symbol = normalSymbol(text.toUpperCase())
  if (!SYMBOL.test(symbol))
    throw new AppError('watchlist/unknown-symbol', { details: { symbol: text.slice(0, 40), reason: 'it is not spelled like a symbol' } })
  if (stated === 'crypto') return { symbol: cryptoPair(symbol) ?? symbol, assetClass: stated }
  if (stated === 'index') return { symbol: indexSymbol(symbol), assetClass: stated }
  if (stated !== undefined) return { symbol, assetClass: stated }
  if (parseOcc(symbol)) return { symbol, assetClass: 'option' }
  if (symbol.startsWith('$')) return { symbol: indexSymbol(symbol), assetClass: 'index' }
  if (symbol.startsWith('/')) return { symbol, assetClass: 'future' }
  const pair = /[/-]/.test(symbol) ? cryptoPair(symbol) : undefined
  return pair === undefined ? { symbol, assetClass: 'equity' } : { symbol: pair, assetClass: 'crypto' }
}
