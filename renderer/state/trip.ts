import { create } from 'zustand'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { ActivityId } from '../../shared/domain/ids.ts'
import { api } from './api.ts'
import { createReplacingLoader, idle, type Remote } from './remote.ts'

export type TripDetail = OutputOf<'ledger.trip'>
export type Versions = OutputOf<'ledger.versions'>

interface TripState {
  readonly openId: string | null
  readonly detail: Remote<TripDetail>
  /** The row of history whose part in the ledger is shown. */
  readonly activityId: ActivityId | null
  /** Its round trip; null where it belongs to none. */
  readonly ofActivity: Remote<TripDetail | null>
  readonly versions: Remote<Versions>
}

/** The open round trip, and what the ledger makes of the open row of history. */
export const useTrip = create<TripState>()(() => ({ openId: null, detail: idle, activityId: null, ofActivity: idle, versions: idle }))

const get = useTrip.getState
const set = useTrip.setState

const readTrip = createReplacingLoader<TripState, TripDetail>(
  useTrip,
  { get: state => state.detail, put: detail => ({ detail }) },
  signal => api().request('ledger.trip', { id: get().openId ?? '' }, { signal }),
)

const readTripOf = createReplacingLoader<TripState, TripDetail | null>(
  useTrip,
  { get: state => state.ofActivity, put: ofActivity => ({ ofActivity }) },
  async signal => {
    const { activityId } = get()
    if (activityId === null) return null
    const { id } = await api().request('ledger.tripOf', { activityId }, { signal })
    return id === null ? null : api().request('ledger.trip', { id }, { signal })
  },
)

const readVersions = createReplacingLoader<TripState, Versions>(
  useTrip,
  { get: state => state.versions, put: versions => ({ versions }) },
  async signal => {
    const { activityId } = get()
    return activityId === null ? { override: null, versions: [] } : api().request('ledger.versions', { activityId }, { signal })
  },
)

/** Opens a round trip. */
export async function openTrip(id: string): Promise<void> {
  if (get().openId !== id) set({ openId: id, detail: idle })
  await readTrip()
}

export function closeTrip(): void {
  set({ openId: null, detail: idle })
}

/** Shows what the ledger makes of a row of history. */
export async function openFill(activityId: ActivityId): Promise<void> {
  if (get().activityId !== activityId) set({ activityId, ofActivity: idle, versions: idle })
  await Promise.all([readTripOf(), readVersions()])
}

export function closeFill(): void {
  set({ activityId: null, ofActivity: idle, versions: idle })
}

export const refreshTripOf = readTripOf
export const refreshVersions = readVersions

/** Reads again what is open. */
export async function refreshShownTrips(): Promise<void> {
  const { openId, activityId } = get()
  await Promise.all([openId === null ? undefined : readTrip(), activityId === null ? undefined : openFill(activityId)])
}
