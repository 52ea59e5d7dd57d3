import { create } from 'zustand'
import type { GapView } from '../../shared/contract/ledger.ts'
import type { InputOf, OutputOf } from '../../shared/contract/routes.ts'
import type { AccountId, ActivityId } from '../../shared/domain/ids.ts'
import type { LotMethod } from '../../shared/domain/lot-method.ts'
import { api } from './api.ts'
import { createLoader, idle, type Remote } from './remote.ts'

export type LedgerStatus = OutputOf<'ledger.status'>
export type OpeningLot = OutputOf<'ledger.openingLots'>[number]
export type Methods = OutputOf<'ledger.methods'>

interface LedgerState {
  readonly status: Remote<LedgerStatus>
  readonly gaps: Remote<GapView[]>
  readonly openingLots: Remote<OpeningLot[]>
  readonly methods: Remote<Methods>
}

/** How current the ledger is, what it is missing, and what the user has told it. */
export const useLedger = create<LedgerState>()(() => ({ status: idle, gaps: idle, openingLots: idle, methods: idle }))

export const refreshLedgerStatus = createLoader<LedgerState, LedgerStatus>(
  useLedger,
  { get: state => state.status, put: status => ({ status }) },
  () => api().request('ledger.status', {}),
)

export const refreshGaps = createLoader<LedgerState, GapView[]>(useLedger, { get: state => state.gaps, put: gaps => ({ gaps }) }, () =>
  api().request('ledger.gaps', {}),
)

export const refreshOpeningLots = createLoader<LedgerState, OpeningLot[]>(
  useLedger,
  { get: state => state.openingLots, put: openingLots => ({ openingLots }) },
  () => api().request('ledger.openingLots', {}),
)

export const refreshMethods = createLoader<LedgerState, Methods>(
  useLedger,
  { get: state => state.methods, put: methods => ({ methods }) },
  () => api().request('ledger.methods', {}),
)

/** Reads again what somebody has asked for. */
export async function refreshShownLedger(): Promise<void> {
  const { status, gaps, openingLots, methods } = useLedger.getState()
  await Promise.all([
    status.status === 'idle' ? undefined : refreshLedgerStatus(),
    gaps.status === 'idle' ? undefined : refreshGaps(),
    openingLots.status === 'idle' ? undefined : refreshOpeningLots(),
    methods.status === 'idle' ? undefined : refreshMethods(),
  ])
}

export type NewOpeningLot = InputOf<'ledger.addOpeningLot'>

/** Tells the ledger of a lot from before its history. Rejects with BridgeError. */
export async function addOpeningLot(lot: NewOpeningLot): Promise<void> {
  await api().request('ledger.addOpeningLot', lot)
  await Promise.all([refreshGaps(), refreshOpeningLots()])
}

/** Takes such a lot back. Rejects with BridgeError. */
export async function removeOpeningLot(id: string): Promise<void> {
  await api().request('ledger.removeOpeningLot', { id })
  await Promise.all([refreshGaps(), refreshOpeningLots()])
}

/** Says that a sale opened a short position. Rejects with BridgeError. */
export async function tellShortSale(activityId: ActivityId): Promise<void> {
  await api().request('ledger.tellShortSale', { activityId })
  await refreshGaps()
}

/** Which lots closings of an account take first. Rejects with BridgeError. */
export async function setMethod(accountId: AccountId, method: LotMethod): Promise<void> {
  await api().request('ledger.setMethod', { accountId, method })
  await refreshMethods()
}

export type Picks = InputOf<'ledger.setPicks'>['picks']

/** Names the lots one closing takes; none leaves it to the account's method. Rejects with BridgeError. */
export async function setPicks(activityId: ActivityId, picks: Picks): Promise<void> {
  await api().request('ledger.setPicks', { activityId, picks })
}

export type Override = NonNullable<InputOf<'ledger.setOverride'>['override']>

/** What the user says about a row where its broker says it wrong; null takes it back. Rejects with BridgeError. */
export async function setOverride(activityId: ActivityId, override: Override | null): Promise<void> {
  await api().request('ledger.setOverride', { activityId, override })
}
