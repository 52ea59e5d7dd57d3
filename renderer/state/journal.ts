import { create } from 'zustand'
import type { JournalEntry } from '../../shared/contract/journal.ts'
import type { OutputOf, RequestOf } from '../../shared/contract/routes.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import type { More } from './history.ts'
import { createLoader, dataOf, failed, idle, type Remote, started, succeeded } from './remote.ts'

const PAGE_ROWS = 60
const MORE_ROWS = 150

export type JournalFilter = Pick<RequestOf<'journal.page'>, 'search' | 'tag' | 'symbol' | 'from' | 'to'>

export interface JournalRows {
  readonly rows: readonly JournalEntry[]
  readonly next: string | null
}

interface JournalState {
  readonly filter: JournalFilter
  readonly pages: Remote<JournalRows>
  readonly more: More
  readonly tags: Remote<OutputOf<'journal.tags'>>
  /** The entry that is open for reading, as it was when it was opened: it need not be among the rows. */
  readonly opened: JournalEntry | null
}

/** The user's entries as far as they are scrolled, what narrows them, and the one that is open. */
export const useJournal = create<JournalState>()(() => ({ filter: {}, pages: idle, more: idle, tags: idle, opened: null }))

const get = useJournal.getState
const set = useJournal.setState

let reading: AbortController | undefined

/** Reads the entries again, as many as are shown (200 at most). */
export async function refreshJournal(): Promise<void> {
  reading?.abort()
  const mine = new AbortController()
  reading = mine
  const { filter, pages } = get()
  set({ pages: started(pages), more: idle })
  const limit = Math.min(200, Math.max(PAGE_ROWS, dataOf(pages)?.rows.length ?? 0))
  try {
    const page = await api().request('journal.page', { ...filter, limit }, { signal: mine.signal })
    if (reading === mine) set({ pages: succeeded(page, now()) })
  } catch (error) {
    if (reading === mine && !isCanceled(error)) set({ pages: failed(get().pages, errorViewOf(error)) })
  }
}

/** Reads the page after the last one, once at a time. */
export async function readMoreEntries(): Promise<void> {
  const { pages, more, filter } = get()
  if (pages.status !== 'ready' || pages.data.next === null || more.status === 'loading') return
  const reader = reading
  set({ more: { status: 'loading' } })
  try {
    const page = await api().request('journal.page', { ...filter, limit: MORE_ROWS, after: pages.data.next }, { signal: reader?.signal })
    const known = new Set(pages.data.rows.map(({ id }) => id))
    const rows = [...pages.data.rows, ...page.rows.filter(({ id }) => !known.has(id))]
    if (reading === reader) set({ more: idle, pages: { ...pages, data: { rows, next: page.next } } })
  } catch (error) {
    if (reading === reader && !isCanceled(error)) set({ more: { status: 'failed', error: errorViewOf(error) } })
  }
}

export const refreshJournalTags = createLoader<JournalState, OutputOf<'journal.tags'>>(
  useJournal,
  { get: state => state.tags, put: tags => ({ tags }) },
  () => api().request('journal.tags', {}),
)

/** Replaces what narrows the entries; what is undefined or empty is left out. */
export async function setJournalFilter(filter: { readonly [K in keyof JournalFilter]: JournalFilter[K] | undefined }): Promise<void> {
  const { search, tag, symbol, from, to } = filter
  set({
    filter: {
      ...(search === undefined ? {} : { search }),
      ...(tag === undefined ? {} : { tag }),
      ...(symbol === undefined ? {} : { symbol }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
    pages: idle,
  })
  await refreshJournal()
}

export function isJournalFiltered(filter: JournalFilter): boolean {
  return Object.keys(filter).length > 0
}

/** Entries changed in the core: read again what is on screen. */
export async function noteJournalChanged(): Promise<void> {
  if (get().pages.status === 'idle') return
  await Promise.all([refreshJournal(), refreshJournalTags()])
}

export function openEntry(opened: JournalEntry): void {
  set({ opened })
}

export function closeEntry(): void {
  set({ opened: null })
}

/** Removes an entry with its pictures. Rejects with BridgeError. */
export async function removeEntry(id: string): Promise<void> {
  await api().request('journal.remove', { id })
  if (get().opened?.id === id) closeEntry()
  await noteJournalChanged()
}

/** Every part of the export in order. Rejects with BridgeError; stops on the signal. */
export async function* journalParts(format: 'csv' | 'json', signal: AbortSignal): AsyncGenerator<{ text: string; rows: number }> {
  let after: string | undefined
  do {
    const part = await api().request('journal.export', after === undefined ? { format } : { format, after }, { signal })
    yield { text: part.text, rows: part.rows }
    after = part.next ?? undefined
  } while (after !== undefined)
}
