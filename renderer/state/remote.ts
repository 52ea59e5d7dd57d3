import type { StoreApi } from 'zustand'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { Instant } from '../../shared/domain/time.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { now } from './clock.ts'

/**
 * Data that lives on the other side of the bridge. `readAt` is when this window read it; `problem` is set when a later
 * read failed and the data is what was known before.
 */
export type Remote<T> =
  | { readonly status: 'idle' }
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: ErrorView }
  | { readonly status: 'ready'; readonly data: T; readonly readAt: Instant; readonly problem: ErrorView | null }

export const idle = { status: 'idle' } as const

export function started<T>(before: Remote<T>): Remote<T> {
  return before.status === 'ready' ? before : { status: 'loading' }
}

export function succeeded<T>(data: T, readAt: Instant): Remote<T> {
  return { status: 'ready', data, readAt, problem: null }
}

/** A failed re-read keeps what is shown and says so; a failed first read has nothing to show. */
export function failed<T>(before: Remote<T>, error: ErrorView): Remote<T> {
  return before.status === 'ready' ? { ...before, problem: error } : { status: 'failed', error }
}

export function dataOf<T>(remote: Remote<T>): T | undefined {
  return remote.status === 'ready' ? remote.data : undefined
}

interface Lens<S, T> {
  readonly get: (state: S) => Remote<T>
  readonly put: (remote: Remote<T>) => Partial<S>
}

type Store<S> = Pick<StoreApi<S>, 'getState' | 'setState'>

async function readOnce<S, T>(store: Store<S>, lens: Lens<S, T>, read: () => Promise<T>, isWanted: () => boolean): Promise<void> {
  store.setState(lens.put(started(lens.get(store.getState()))))
  try {
    const data = await read()
    if (isWanted()) store.setState(lens.put(succeeded(data, now())))
  } catch (error) {
    if (isWanted() && !isCanceled(error)) store.setState(lens.put(failed(lens.get(store.getState()), errorViewOf(error))))
  }
}

/** Reads one part of a store again. Called while it reads, it reads once more afterwards: many events never starve an answer. */
export function createLoader<S, T>(store: Store<S>, lens: Lens<S, T>, read: () => Promise<T>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  async function run() {
    do {
      again = false
      await readOnce(store, lens, read, () => true)
    } while (again)
    running = undefined
  }
  return () => {
    again = running !== undefined
    running ??= run()
    return running
  }
}

/** Reads one part of a store that depends on what the user chose: a newer read replaces an older one on its way. */
export function createReplacingLoader<S, T>(
  store: Store<S>,
  lens: Lens<S, T>,
  read: (signal: AbortSignal) => Promise<T>,
): () => Promise<void> {
  let running: AbortController | undefined
  return () => {
    running?.abort()
    const mine = new AbortController()
    running = mine
    return readOnce(
      store,
      lens,
      () => read(mine.signal),
      () => running === mine,
    )
  }
}
