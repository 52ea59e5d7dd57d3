import { create } from 'zustand'
import type { ActivityFilter } from '../../shared/contract/activities.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { ActivityRow } from '../../shared/contract/schemas.ts'
import type { ActivityId } from '../../shared/domain/ids.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { api } from './api.ts'
import { createLoader, createReplacingLoader, idle, type Remote, succeeded } from './remote.ts'
import { now } from './clock.ts'
import { createPages, type More, type Pages } from './pages.ts'

/** The first page is small to be quick; the ones after it are read before the reader gets there. */
export const PAGE_ROWS = 100
const MORE_ROWS = 300

export type HistoryRows = Pages<ActivityRow>

interface HistoryState {
  readonly filter: ActivityFilter
  readonly pages: Remote<HistoryRows>
  readonly more: More
  readonly count: Remote<OutputOf<'activities.count'>>
  readonly total: Remote<OutputOf<'activities.count'>>
  readonly coverage: Remote<OutputOf<'activities.coverage'>>
  /** True when rows changed while the user was reading further down. */
  readonly fresh: boolean
  readonly openId: ActivityId | null
  readonly detail: Remote<OutputOf<'activities.detail'>>
}

/** The trade history as far as it is scrolled, what narrows it, and the row that is open. */
export const useHistory = create<HistoryState>()(() => ({
  filter: {},
  pages: idle,
  more: idle,
  count: idle,
  total: idle,
  coverage: idle,
  fresh: false,
  openId: null,
  detail: idle,
}))

const get = useHistory.getState
const set = useHistory.setState

const list = createPages<HistoryState, ActivityRow>(
  useHistory,
  { get: state => state, put: change => change },
  {
    first: () => PAGE_ROWS,
    more: MORE_ROWS,
    read: (range, signal) => api().request('activities.page', { ...get().filter, ...range }, { signal }),
  },
)

/** Reads the first page again, dropping what was scrolled to. */
export function refreshHistory(): Promise<void> {
  set({ fresh: false })
  return list.refresh()
}

export const { readMore } = list

const refreshFilteredCount = createReplacingLoader<HistoryState, OutputOf<'activities.count'>>(
  useHistory,
  { get: state => state.count, put: count => ({ count }) },
  signal => api().request('activities.count', get().filter, { signal }),
)

const refreshTotal = createLoader<HistoryState, OutputOf<'activities.count'>>(
  useHistory,
  { get: state => state.total, put: total => ({ total }) },
  () => api().request('activities.count', {}),
)

const refreshCoverage = createLoader<HistoryState, OutputOf<'activities.coverage'>>(
  useHistory,
  { get: state => state.coverage, put: coverage => ({ coverage }) },
  () => api().request('activities.coverage', {}),
)

/** Reads counts and coverage again: cheap, and beside the rows. */
export async function refreshCounts(): Promise<void> {
  await Promise.all([refreshFilteredCount(), refreshTotal(), refreshCoverage()])
}

/** Replaces what narrows the history; keys with undefined are left out. */
export async function setFilter(filter: ActivityFilter): Promise<void> {
  set({ filter, pages: idle, count: idle })
  await Promise.all([refreshHistory(), refreshFilteredCount()])
}

export function isFiltered(filter: ActivityFilter): boolean {
  return Object.values(filter).some(value => value !== undefined)
}

/** Rows changed in the core: counts at once; rows at once when the top is in view, else on the user's word. */
export async function noteNewActivities(): Promise<void> {
  const { pages } = get()
  if (pages.status === 'idle') return refreshTotal()
  const scrolled = pages.status === 'ready' && pages.data.rows.length > PAGE_ROWS
  if (scrolled) set({ fresh: true })
  await Promise.all([scrolled ? undefined : refreshHistory(), refreshCounts()])
}

let opening: AbortController | undefined

/** Opens a row: its facts are known, the broker's own record is read. */
export async function openActivity(id: ActivityId): Promise<void> {
  opening?.abort()
  const mine = new AbortController()
  opening = mine
  set({ openId: id, detail: { status: 'loading' } })
  try {
    const detail = await api().request('activities.detail', { id }, { signal: mine.signal })
    if (opening === mine) set({ detail: succeeded(detail, now()) })
  } catch (error) {
    if (opening === mine && !isCanceled(error)) set({ detail: { status: 'failed', error: errorViewOf(error) } })
  }
}

export function closeActivity(): void {
  opening?.abort()
  set({ openId: null, detail: idle })
}

/** Every part of the export in order. Rejects with BridgeError; stops on the signal. */
export async function* exportParts(filter: ActivityFilter, signal: AbortSignal): AsyncGenerator<{ text: string; rows: number }> {
  let after: string | undefined
  do {
    const part = await api().request('activities.csv', after === undefined ? filter : { ...filter, after }, { signal })
    yield { text: part.text, rows: part.rows }
    after = part.next ?? undefined
  } while (after !== undefined)
}
