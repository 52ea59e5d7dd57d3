import { create } from 'zustand'
import type { RevocationView } from '../../shared/contract/revocations.ts'
import { api } from './api.ts'
import { createLoader, idle, type Remote } from './remote.ts'

interface RevocationsState {
  readonly list: Remote<RevocationView[]>
}

/** Accesses that are still to be ended at their brokers. */
export const useRevocations = create<RevocationsState>()(() => ({ list: idle }))

export const refreshRevocations = createLoader<RevocationsState, RevocationView[]>(
  useRevocations,
  { get: state => state.list, put: list => ({ list }) },
  () => api().request('revocations.list', {}),
)

/** Asks the broker now; true when the access is ended. Rejects with BridgeError. */
export async function retryRevocation(id: string): Promise<boolean> {
  const { revoked } = await api().request('revocations.retry', { id })
  await refreshRevocations()
  return revoked === 'yes'
}

/** Asks no more and wipes what was kept for it. Rejects with BridgeError. */
export async function forgetRevocation(id: string): Promise<void> {
  await api().request('revocations.forget', { id })
  await refreshRevocations()
}
