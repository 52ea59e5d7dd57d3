import type { StoreApi } from 'zustand'
import type { ErrorView } from '../../shared/contract/errors.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { now } from './clock.ts'
import { dataOf, failed, idle, type Remote, started, succeeded } from './remote.ts'

/** Rows as far as they were read, and where the ones after them begin; null when these are all. */
export interface Pages<R> {
  readonly rows: readonly R[]
  readonly next: string | null
}

/** How reading on stands. */
export type More = { readonly status: 'idle' | 'loading' } | { readonly status: 'failed'; readonly error: ErrorView }

interface Paged<R> {
  readonly pages: Remote<Pages<R>>
  readonly more: More
}

interface Lens<S, R> {
  readonly get: (state: S) => Paged<R>
  readonly put: (change: Partial<Paged<R>>) => Partial<S>
}

/** What one read asks for; `after` is the `next` of the page before it. */
export interface Range {
  readonly limit: number
  readonly after?: string
}

interface Reader<R> {
  /** Rows of the first page, by how many are shown. */
  readonly first: (shown: number) => number
  readonly more: number
  readonly read: (range: Range, signal: AbortSignal) => Promise<Pages<R>>
}

/**
 * Reads a long list from its beginning, and on from where it ended. Reading anew gives up what is on its way; a row that moved between two
 * reads is shown once; a later page that fails keeps what is there.
 */
export function createPages<S, R extends { readonly id: string }>(
  store: Pick<StoreApi<S>, 'getState' | 'setState'>,
  lens: Lens<S, R>,
  { first, more, read }: Reader<R>,
) {
  const get = () => lens.get(store.getState())
  const put = (change: Partial<Paged<R>>) => store.setState(lens.put(change))
  let reading = new AbortController()
  return {
    /** Reads the first page again. */
    async refresh(): Promise<void> {
      reading.abort()
      const mine = new AbortController()
      reading = mine
      const { pages } = get()
      put({ pages: started(pages), more: idle })
      try {
        const page = await read({ limit: first(dataOf(pages)?.rows.length ?? 0) }, mine.signal)
        if (reading === mine) put({ pages: succeeded(page, now()) })
      } catch (error) {
        if (reading === mine && !isCanceled(error)) put({ pages: failed(get().pages, errorViewOf(error)) })
      }
    },
    /** Reads the page after the last one, once at a time. */
    async readMore(): Promise<void> {
      const before = get()
      const data = dataOf(before.pages)
      const after = data?.next ?? null
      if (!data || after === null || before.more.status === 'loading') return
      const mine = reading
      put({ more: { status: 'loading' } })
      try {
        const page = await read({ limit: more, after }, mine.signal)
        if (reading !== mine) return
        const { pages } = get()
        // Of the list there was before it was read anew.
        if (pages.status !== 'ready' || pages.data !== data) return put({ more: idle })
        put({ more: idle, pages: { ...pages, data: joined(data, page) } })
      } catch (error) {
        if (reading === mine && !isCanceled(error)) put({ more: { status: 'failed', error: errorViewOf(error) } })
      }
    },
  }
}

/** Two pages as one. */
export function joined<R extends { readonly id: string }>(before: Pages<R>, page: Pages<R>): Pages<R> {
  const known = new Set(before.rows.map(({ id }) => id))
  return { rows: [...before.rows, ...page.rows.filter(({ id }) => !known.has(id))], next: page.next }
}
