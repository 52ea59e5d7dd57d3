import { create } from 'zustand'
import type { DeskView, LimitsView, OrderRequestView, OrderRow, PlacedView } from '../../shared/contract/orders.ts'
import type { OutputOf, RequestOf } from '../../shared/contract/routes.ts'
import type { AccountId, ConnectionId } from '../../shared/domain/ids.ts'
import { api } from './api.ts'
import { createPages, joined, type More, type Pages } from './pages.ts'
import { createLoader, createReplacingLoader, dataOf, idle, type Remote } from './remote.ts'

type OrderPage = OutputOf<'orders.list'>
export type OrderDetail = OutputOf<'orders.detail'>
export type OrderLimits = OutputOf<'orders.limits'>
export type AuditState = OutputOf<'audit.verify'>
export type AuditRows = OutputOf<'audit.page'>

interface OrdersState {
  /** Switches, the kill switch and what the brokers take: what the frame shows too. */
  readonly desk: Remote<DeskView>
  readonly open: Remote<OrderPage>
  readonly done: Remote<Pages<OrderRow>>
  readonly doneMore: More
  readonly requests: Remote<OrderRequestView[]>
  readonly limits: Remote<OrderLimits>
  readonly audit: Remote<AuditState>
  readonly record: Remote<AuditRows>
  readonly openId: string | null
  readonly detail: Remote<OrderDetail>
  /** What the user waits for: a cancel, by the broker's id; a look, by the intent's. */
  readonly busy: ReadonlySet<string>
}

const PAGE = 50
const MORE = 150
const MOST = 500
const RECORD_PAGE = 200
/** 10,000 orders: far more than any broker lets work. */
const MOST_PAGES = 20

/** Orders at the brokers, and what may be sent. */
export const useOrders = create<OrdersState>()(() => ({
  desk: idle,
  open: idle,
  done: idle,
  doneMore: idle,
  requests: idle,
  limits: idle,
  audit: idle,
  record: idle,
  openId: null,
  detail: idle,
  busy: new Set<string>(),
}))

const get = useOrders.getState
const set = useOrders.setState

export const refreshDesk = createLoader<OrdersState, DeskView>(useOrders, { get: state => state.desk, put: desk => ({ desk }) }, () =>
  api().request('orders.desk', {}),
)

export const refreshOpenOrders = createLoader<OrdersState, OrderPage>(
  useOrders,
  { get: state => state.open, put: open => ({ open }) },
  readOpen,
)

/** Every order that works, page after page: what is not seen cannot be canceled. One that moved between two pages is there once. */
async function readOpen(): Promise<OrderPage> {
  const read = (after: string | null) => api().request('orders.list', { state: 'open', limit: MOST, ...(after === null ? {} : { after }) })
  let all: Pages<OrderRow> = await read(null)
  for (let page = 1; all.next !== null && page < MOST_PAGES; page += 1) all = joined(all, await read(all.next))
  return { rows: [...all.rows], next: all.next }
}

/** Reads the done orders again, as many as are shown (500 at most); or on from the last of them. */
export const { refresh: refreshDoneOrders, readMore: moreDone } = createPages<OrdersState, OrderRow>(
  useOrders,
  {
    get: ({ done, doneMore }) => ({ pages: done, more: doneMore }),
    put: ({ pages, more }) => ({ ...(pages ? { done: pages } : {}), ...(more ? { doneMore: more } : {}) }),
  },
  {
    first: shown => Math.min(MOST, Math.max(PAGE, shown)),
    more: MORE,
    read: (range, signal) => api().request('orders.list', { state: 'done', ...range }, { signal }),
  },
)

export const refreshRequests = createLoader<OrdersState, OrderRequestView[]>(
  useOrders,
  { get: state => state.requests, put: requests => ({ requests }) },
  () => api().request('orders.requests', {}),
)

export const refreshLimits = createLoader<OrdersState, OrderLimits>(
  useOrders,
  { get: state => state.limits, put: limits => ({ limits }) },
  () => api().request('orders.limits', {}),
)

/** Holds the record of orders against its seal. */
export const verifyAudit = createLoader<OrdersState, AuditState>(useOrders, { get: state => state.audit, put: audit => ({ audit }) }, () =>
  api().request('audit.verify', {}),
)

/** Takes the record as it is, with the problem that was shown, so that orders go again; nothing in it is deleted. Rejects with BridgeError. */
export async function acceptAudit(shown: string): Promise<void> {
  try {
    await api().request('audit.accept', { shown })
  } finally {
    await verifyAudit()
  }
  await refreshDesk()
}

export const refreshRecord = createLoader<OrdersState, AuditRows>(
  useOrders,
  { get: state => state.record, put: record => ({ record }) },
  () => api().request('audit.page', { limit: RECORD_PAGE }),
)

/** Reads the entries before the oldest that is shown. Rejects with BridgeError. */
export async function olderRecord(): Promise<void> {
  const { record } = get()
  if (record.status !== 'ready' || record.data.next === null) return
  const { rows, next } = await api().request('audit.page', { limit: RECORD_PAGE, after: record.data.next })
  // Read anew meanwhile: it begins again.
  if (get().record !== record) return
  set({ record: { ...record, data: { rows: [...record.data.rows, ...rows], next } } })
}

const readDetail = createReplacingLoader<OrdersState, OrderDetail>(
  useOrders,
  { get: state => state.detail, put: detail => ({ detail }) },
  signal => api().request('orders.detail', { id: get().openId ?? '' }, { signal }),
)

/** One order in full, without opening it. Rejects with BridgeError. */
export function readOrder(id: string): Promise<OrderDetail> {
  return api().request('orders.detail', { id })
}

export function openOrder(id: string): Promise<void> {
  set({ openId: id, detail: idle })
  return readDetail()
}

export function closeOrder(): void {
  set({ openId: null, detail: idle })
}

/** Reads again whatever of the orders is on screen. */
export async function refreshShownOrders(): Promise<void> {
  const { open, done, requests, limits, openId } = get()
  await Promise.all([
    refreshDesk(),
    open.status === 'idle' ? undefined : refreshOpenOrders(),
    done.status === 'idle' ? undefined : refreshDoneOrders(),
    requests.status === 'idle' ? undefined : refreshRequests(),
    limits.status === 'idle' ? undefined : refreshLimits(),
    openId === null ? undefined : readDetail(),
  ])
}

/** Reads what the orders page shows. */
export async function refreshOrdersPage(): Promise<void> {
  await Promise.all([refreshDesk(), refreshOpenOrders(), refreshDoneOrders(), refreshRequests(), refreshLimits(), verifyAudit()])
}

async function whileBusy<T>(key: string, work: () => Promise<T>): Promise<T> {
  set({ busy: new Set([...get().busy, key]) })
  try {
    return await work()
  } finally {
    set({ busy: new Set([...get().busy].filter(other => other !== key)) })
    void refreshShownOrders()
  }
}

/** Asks the broker to cancel. Rejects with BridgeError, as do all below. */
export function askCancel({ accountId, externalId }: { readonly accountId: AccountId; readonly externalId: string }): Promise<PlacedView> {
  return whileBusy(externalId, () => api().request('orders.cancel', { accountId, externalId }))
}

/** Looks at the broker for what became of an order in doubt; sends nothing. */
export function resolveOrder(intentId: string): Promise<PlacedView> {
  return whileBusy(intentId, () => api().request('orders.resolve', { intentId }))
}

/** The user has seen at the broker what became of an order in doubt. */
export function settleOrder(intentId: string, outcome: 'confirmed' | 'rejected'): Promise<PlacedView> {
  return whileBusy(intentId, () => api().request('orders.settle', { intentId, outcome }))
}

export async function setTrading(input: RequestOf<'orders.setTrading'>): Promise<void> {
  await api().request('orders.setTrading', input)
  await refreshShownOrders()
}

export async function armAccount(accountId: AccountId, digits: string): Promise<void> {
  await api().request('orders.arm', { accountId, digits })
  await refreshDesk()
}

export async function setLimits(accountId: AccountId | null, limits: LimitsView | null): Promise<void> {
  await api().request('orders.setLimits', { accountId, limits })
  await refreshLimits()
}

export async function killTrading(by: 'window' | 'shortcut'): Promise<void> {
  await api().request('orders.kill', { by })
  await refreshShownOrders()
}

export async function rearmTrading(phrase: string): Promise<void> {
  await api().request('orders.rearm', { phrase })
  await refreshShownOrders()
}

export async function declineRequest(id: string): Promise<void> {
  await api().request('orders.decline', { id })
  await refreshShownOrders()
}

/** Orders of ours whose fate is not known. */
export function inDoubt(open: Remote<OrderPage>): OrderRow[] {
  return (dataOf(open)?.rows ?? []).filter(({ status, intentId }) => status === 'unknown' && intentId !== null)
}

/** What of the orders waits for the user: requests, and orders in doubt. */
export function waiting(desk: DeskView | undefined): { readonly requests: number; readonly unknown: number } {
  return { requests: desk?.requests ?? 0, unknown: (desk?.connections ?? []).reduce((sum, { unknown }) => sum + unknown, 0) }
}

/** The kill switch as it is known; null until it was read. */
export function useKill(): DeskView['kill'] | null {
  return useOrders(state => dataOf(state.desk)?.kill ?? null)
}

/** The part of the desk about one connection. */
export function deskOf(desk: DeskView | undefined, connectionId: ConnectionId): DeskView['connections'][number] | undefined {
  return desk?.connections.find(connection => connection.connectionId === connectionId)
}
