import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Quote } from '../../../shared/domain/order.ts'
import type { BrokerAdapter } from '../brokers/adapter.ts'
import type { Events } from '../bus/events.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import { listConnections } from '../store/connections.ts'
import { type NewQuote, saveQuotes, type Watched, watchedAll } from '../store/watchlist.ts'

export interface QuoteRoundDeps {
  readonly db: Db
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly log: Log
  readonly emit: Events['emit']
  /** The adapter of a connection; rejects with AppError. */
  readonly adapter: (connection: Connection) => Promise<Pick<BrokerAdapter, 'quotes'>>
  readonly broker: (id: BrokerId) => { readonly name: string; readonly can: { readonly quotes: boolean } }
}

export interface QuoteRound {
  /** Asks for everything that is watched; one round at a time, whoever asks meanwhile gets its answer. */
  run(signal: AbortSignal): Promise<{ quoted: number; missing: number }>
}

/** How long one broker may take before the next is asked. */
const PATIENCE_MS = 10_000

interface Round {
  readonly quotes: Map<string, NewQuote>
  /** Why connections could not be asked. */
  readonly problems: Map<string, readonly string[]>
  readonly asked: Set<string>
}

/** Asks connected brokers for quotes of the watchlist: first who quoted a symbol last, then the others, until somebody does so without delay. */
export function createQuoteRound({ db, clock, log, emit, adapter, broker }: QuoteRoundDeps): QuoteRound {
  let running: Promise<{ quoted: number; missing: number }> | undefined

  async function ask(connection: Connection, symbols: readonly string[], signal: AbortSignal): Promise<Quote[]> {
    const late = new AbortController()
    const stop = clock.after(PATIENCE_MS, () => late.abort())
    try {
      const client = await adapter(connection)
      const quotes = await client.quotes(symbols, { signal: AbortSignal.any([signal, late.signal]) })
      return quotes.filter(({ bid, ask: offer, last }) => bid !== null || offer !== null || last !== null)
    } catch (error) {
      signal.throwIfAborted()
      if (late.signal.aborted) throw new AppError('net/timeout', { details: { host: broker(connection.broker).name }, cause: error })
      throw error
    } finally {
      stop()
    }
  }

  /** Asks one connection for what nobody has quoted without delay yet. Its failure is a sentence beside those symbols. */
  async function askFor(round: Round, connection: Connection, watched: readonly Watched[], signal: AbortSignal): Promise<void> {
    const wanted = watched.filter(({ id }) => round.quotes.get(id)?.quote.delayed !== false && !round.asked.has(`${connection.id} ${id}`))
    if (wanted.length === 0) return
    for (const { id } of wanted) round.asked.add(`${connection.id} ${id}`)
    try {
      const bySymbol = new Map(
        (
          await ask(
            connection,
            wanted.map(({ symbol }) => symbol),
            signal,
          )
        ).map(quote => [quote.symbol, quote]),
      )
      for (const { id, symbol } of wanted) {
        const quote = bySymbol.get(symbol)
        if (quote && (!quote.delayed || !round.quotes.has(id))) round.quotes.set(id, { id, connectionId: connection.id, quote })
      }
    } catch (error) {
      signal.throwIfAborted()
      const failure = error instanceof AppError ? error : new AppError('app/internal', { cause: error })
      log.info('watchlist.not-quoted', { connectionId: connection.id, failure: failure.code, cause: error })
      for (const { id } of wanted)
        round.problems.set(id, [...(round.problems.get(id) ?? []), sentenceOf(failure, broker(connection.broker).name)])
    }
  }

  async function whole(signal: AbortSignal): Promise<{ quoted: number; missing: number }> {
    const watched = watchedAll(db.reader)
    const round: Round = { quotes: new Map(), problems: new Map(), asked: new Set() }
    const connections = sources(listConnections(db.reader).filter(({ broker: id }) => broker(id).can.quotes))
    for (const connection of connections)
      await askFor(
        round,
        connection,
        watched.filter(({ connectionId }) => connectionId === connection.id),
        signal,
      )
    for (const connection of connections) await askFor(round, connection, watched, signal)
    const missing = watched
      .filter(({ id }) => !round.quotes.has(id))
      .map(({ id }) => ({ id, problem: problemOf(round.problems.get(id) ?? [], connections.length) }))
    saveQuotes(db.writer, [...round.quotes.values()], missing, clock.now())
    emit({ type: 'watchlist.changed' })
    return { quoted: round.quotes.size, missing: missing.length }
  }

  return {
    run(signal) {
      running ??= whole(signal).finally(() => {
        running = undefined
      })
      return running
    },
  }
}

/** Who may be asked, the best first: real markets before practice ones, the user's order within. A sandbox makes its prices up, so it is asked only where there is nothing else. */
function sources(connections: readonly Connection[]): Connection[] {
  const ready = connections.filter(({ state, method }) => state.kind === 'connected' && method !== 'file')
  const real = ready.filter(({ environment }) => environment !== 'sandbox')
  const [live, other] = [real.filter(({ environment }) => environment === 'live'), real.filter(({ environment }) => environment !== 'live')]
  return real.length > 0 ? [...live, ...other] : ready
}

/** Prices want a permission of their own at some brokers. */
function sentenceOf({ code, message }: AppError, broker: string): string {
  return code === 'broker/refused' || code === 'broker/scope-missing' ? `${broker} does not let this sign-in read prices.` : message
}

function problemOf(failures: readonly string[], asked: number): string {
  if (asked === 0) return 'No connected broker gives quotes.'
  return [...(failures.length < asked ? ['No broker that answered quotes it.'] : []), ...new Set(failures)].join(' ')
}
