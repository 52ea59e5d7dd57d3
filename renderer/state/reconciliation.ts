import { create } from 'zustand'
import type { DriftView } from '../../shared/contract/portfolio.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { AccountId } from '../../shared/domain/ids.ts'
import { api } from './api.ts'
import { createLoader, idle, type Remote } from './remote.ts'

export type FixView = OutputOf<'reconciliation.fixes'>[number]

interface ReconciliationState {
  readonly drifts: Remote<DriftView[]>
  readonly fixes: Remote<FixView[]>
}

/** Where the ledger and the brokers differ, and what was done about it. */
export const useReconciliation = create<ReconciliationState>()(() => ({ drifts: idle, fixes: idle }))

export const refreshDrifts = createLoader<ReconciliationState, DriftView[]>(
  useReconciliation,
  { get: state => state.drifts, put: drifts => ({ drifts }) },
  () => api().request('reconciliation.drifts', {}),
)

export const refreshFixes = createLoader<ReconciliationState, FixView[]>(
  useReconciliation,
  { get: state => state.fixes, put: fixes => ({ fixes }) },
  () => api().request('reconciliation.fixes', {}),
)

/** Reads both again once somebody has asked for them. */
export async function refreshReconciliation(): Promise<void> {
  const { drifts, fixes } = useReconciliation.getState()
  await Promise.all([drifts.status === 'idle' ? undefined : refreshDrifts(), fixes.status === 'idle' ? undefined : refreshFixes()])
}

/** Does what a difference's fix says; true when the difference is gone. Rejects with BridgeError. */
export async function fixDrift(id: string): Promise<boolean> {
  try {
    return (await api().request('reconciliation.fix', { id })).isGone
  } finally {
    await Promise.all([refreshDrifts(), refreshFixes()])
  }
}

/** Leaves a difference as it is until it changes. Rejects with BridgeError. */
export async function acceptDrift(id: string): Promise<void> {
  await api().request('reconciliation.accept', { id })
  await refreshDrifts()
}

/** Takes a fix back. Rejects with BridgeError. */
export async function undoFix(id: string): Promise<void> {
  try {
    await api().request('reconciliation.undoFix', { id })
  } finally {
    await Promise.all([refreshDrifts(), refreshFixes()])
  }
}

/** Differences that still want a look. */
export function openDrifts(drifts: readonly DriftView[] | undefined): DriftView[] {
  return (drifts ?? []).filter(({ accepted }) => !accepted)
}

/** How many open differences an account has. */
export function driftsOf(drifts: readonly DriftView[] | undefined, accountId: AccountId): DriftView[] {
  return openDrifts(drifts).filter(drift => drift.accountId === accountId)
}
