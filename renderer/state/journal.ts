import { create } from 'zustand'
import type { JournalEntry } from '../../shared/contract/journal.ts'
import type { OutputOf, RequestOf } from '../../shared/contract/routes.ts'
import { api } from './api.ts'
import { createPages, type More, type Pages } from './pages.ts'
import { createLoader, idle, type Remote } from './remote.ts'

const PAGE_ROWS = 60
const MORE_ROWS = 150
const MOST_ANEW = 200

export type JournalFilter = Pick<RequestOf<'journal.page'>, 'search' | 'tag' | 'symbol' | 'from' | 'to'>

export type JournalRows = Pages<JournalEntry>

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

/** Reads the entries again, as many as are shown; or on from the last of them. */
export const { refresh: refreshJournal, readMore: readMoreEntries } = createPages<JournalState, JournalEntry>(
  useJournal,
  { get: state => state, put: change => change },
  {
    first: shown => Math.min(MOST_ANEW, Math.max(PAGE_ROWS, shown)),
    more: MORE_ROWS,
    read: (range, signal) => api().request('journal.page', { ...get().filter, ...range }, { signal }),
  },
)

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
