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

/** Reads one part of a store again; a newer read of the same part replaces an older one on its way. */
export function createLoader<S, T>(
  store: Pick<StoreApi<S>, 'getState' | 'setState'>,
  lens: { get: (state: S) => Remote<T>; put: (remote: Remote<T>) => Partial<S> },
  read: (signal: AbortSignal) => Promise<T>,
): () => Promise<void> {
  let running: AbortController | undefined
  return async () => {
    running?.abort()
    const mine = new AbortController()
    running = mine
    store.setState(lens.put(started(lens.get(store.getState()))))
    try {
      const data = await read(mine.signal)
      if (running === mine) store.setState(lens.put(succeeded(data, now())))
    } catch (error) {
      if (running === mine && !isCanceled(error)) store.setState(lens.put(failed(lens.get(store.getState()), errorViewOf(error))))
    } finally {
      if (running === mine) running = undefined
    }
  }
}
