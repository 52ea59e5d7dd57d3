import { create } from 'zustand'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import { Instant } from '../../shared/domain/time.ts'
import { errorViewOf } from '../bridge/error.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { createLoader, idle, type Remote } from './remote.ts'

export type WatchedView = OutputOf<'watchlist.list'>[number]

/** Quotes older than this are asked for again while the page is visible, and dimmed when nobody gives newer ones. */
export const QUOTES_EVERY_MS = 60_000

interface WatchlistState {
  readonly list: Remote<OutputOf<'watchlist.list'>>
  readonly asking: boolean
  readonly askedAt: Instant | null
  /** Why the last asking ended without an answer. */
  readonly problem: ErrorView | null
}

/** What the user keeps an eye on. */
export const useWatchlist = create<WatchlistState>()(() => ({ list: idle, asking: false, askedAt: null, problem: null }))

const set = useWatchlist.setState

export const refreshWatchlist = createLoader<WatchlistState, OutputOf<'watchlist.list'>>(
  useWatchlist,
  { get: state => state.list, put: list => ({ list }) },
  () => api().request('watchlist.list', {}),
)

export async function noteWatchlistChanged(): Promise<void> {
  if (useWatchlist.getState().list.status !== 'idle') await refreshWatchlist()
}

let again = false

/** Asks the brokers for quotes now, once at a time; whoever asks meanwhile, such as for a new symbol, is asked for once more. */
export async function askQuotes(): Promise<void> {
  if (useWatchlist.getState().asking) {
    again = true
    return
  }
  again = false
  set({ asking: true, problem: null })
  try {
    await api().request('watchlist.refresh', {})
  } catch (error) {
    set({ problem: errorViewOf(error) })
  }
  set({ asking: false, askedAt: now() })
  await noteWatchlistChanged()
  if (again) await askQuotes()
}

/** Asks when the last asking is a minute ago, or none was. */
export async function askQuotesWhenDue(): Promise<void> {
  const { asking, askedAt } = useWatchlist.getState()
  if (asking) return
  if (askedAt === null || Instant.msBetween(askedAt, now()) >= QUOTES_EVERY_MS) await askQuotes()
}

/** Adds a symbol and asks for its quote; answers its id. Rejects with BridgeError. */
export async function watch(symbol: string): Promise<string> {
  const { id } = await api().request('watchlist.add', { symbol })
  await refreshWatchlist()
  void askQuotes()
  return id
}

/** Adds several one after the other, then asks for all their quotes. Rejects with BridgeError; those before stay. */
export async function watchAll(symbols: readonly string[]): Promise<void> {
  try {
    for (const symbol of symbols) await api().request('watchlist.add', { symbol })
  } finally {
    await refreshWatchlist()
    void askQuotes()
  }
}

/** Rejects with BridgeError. */
export async function unwatch(id: string): Promise<void> {
  await api().request('watchlist.remove', { id })
  await refreshWatchlist()
}

/** Moves one up or down by a place. Rejects with BridgeError. */
export async function moveWatched(id: string, by: 1 | -1): Promise<void> {
  const { list } = useWatchlist.getState()
  if (list.status !== 'ready') return
  const at = list.data.findIndex(row => row.id === id)
  const target = at + by
  if (at < 0 || target < 0 || target >= list.data.length) return
  const before = list.data[by < 0 ? target : target + 1]?.id ?? null
  await api().request('watchlist.move', { id, before })
  await refreshWatchlist()
}

/** Whether a quote is too old to be taken for the present. */
export function isStale({ quote, problem }: WatchedView, at: Instant): boolean {
  return quote !== null && (problem !== null || Instant.msBetween(quote.fetchedAt, at) > 2 * QUOTES_EVERY_MS)
}
