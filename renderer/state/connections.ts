import { create } from 'zustand'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { Environment, Method } from '../../shared/domain/broker.ts'
import type { AccountId, ConnectionId } from '../../shared/domain/ids.ts'
import { errorViewOf } from '../bridge/index.ts'
import { api } from './api.ts'
import { createLoader, idle, type Remote } from './remote.ts'

export interface SyncProgress {
  readonly accountId: AccountId | null
  readonly fetched: number
}

interface ConnectionsState {
  readonly list: Remote<ConnectionView[]>
  /** Rows fetched so far of syncs under way, by connection. */
  readonly progress: Readonly<Record<string, SyncProgress>>
  /** What the user is waiting for, by connection. */
  readonly busy: Readonly<Record<string, 'testing' | 'disconnecting'>>
  readonly exploring: boolean
  /** Why exploring stopped, until it is tried again. */
  readonly exploreError: ErrorView | null
}

/** The broker connections and what is being done with them. */
export const useConnections = create<ConnectionsState>()(() => ({
  list: idle,
  progress: {},
  busy: {},
  exploring: false,
  exploreError: null,
}))

export const refreshConnections = createLoader<ConnectionsState, ConnectionView[]>(
  useConnections,
  {
    get: state => state.list,
    put: list => (list.status === 'ready' ? { list, progress: onlySyncing(list.data, useConnections.getState().progress) } : { list }),
  },
  () => api().request('connections.list', {}),
)

function onlySyncing(list: readonly ConnectionView[], progress: Readonly<Record<string, SyncProgress>>): Record<string, SyncProgress> {
  const syncing = new Set<string>(list.filter(connection => connection.syncing).map(connection => connection.id))
  return Object.fromEntries(Object.entries(progress).filter(([id]) => syncing.has(id)))
}

export function noteProgress(connectionId: ConnectionId, progress: SyncProgress): void {
  useConnections.setState(state => ({ progress: { ...state.progress, [connectionId]: progress } }))
}

async function whileBusy<T>(id: ConnectionId, what: 'testing' | 'disconnecting', work: () => Promise<T>): Promise<T> {
  useConnections.setState(state => ({ busy: { ...state.busy, [id]: what } }))
  try {
    return await work()
  } finally {
    useConnections.setState(state => ({ busy: Object.fromEntries(Object.entries(state.busy).filter(([key]) => key !== id)) }))
  }
}

/** Asks the broker whether the connection works. Rejects with BridgeError. */
export function testConnection(connectionId: ConnectionId): Promise<OutputOf<'connections.test'>> {
  return whileBusy(connectionId, 'testing', () => api().request('connections.test', { connectionId }))
}

/** Syncs one connection; resolves when it is done. Rejects with BridgeError. */
export async function syncConnection(connectionId: ConnectionId): Promise<OutputOf<'sync.run'>> {
  useConnections.setState(state => ({ list: withSyncing(state.list, connectionId) }))
  try {
    return await api().request('sync.run', { connectionId })
  } finally {
    await refreshConnections()
  }
}

function withSyncing(list: Remote<ConnectionView[]>, id: ConnectionId): Remote<ConnectionView[]> {
  if (list.status !== 'ready') return list
  return { ...list, data: list.data.map(connection => (connection.id === id ? { ...connection, syncing: true } : connection)) }
}

/** Connections a sync can help: signed in and not syncing already. */
export function syncable(list: Remote<ConnectionView[]>): ConnectionView[] {
  if (list.status !== 'ready') return []
  return list.data.filter(connection => connection.state.kind === 'connected' && !connection.syncing)
}

/** Syncs every connection that can be synced; failures show on their cards. */
export async function syncAll(): Promise<void> {
  await Promise.allSettled(syncable(useConnections.getState().list).map(({ id }) => syncConnection(id)))
}

/** Gives a connection a name of the user's own; empty takes it away. Rejects with BridgeError. */
export async function renameConnection(connectionId: ConnectionId, label: string): Promise<void> {
  await api().request('connections.rename', { connectionId, label })
  await refreshConnections()
}

/** Makes a connection the first one everywhere. Rejects with BridgeError. */
export async function makePrimary(connectionId: ConnectionId): Promise<void> {
  await api().request('connections.setPrimary', { connectionId })
  await refreshConnections()
}

/** Takes one way in off a connection that has several. Rejects with BridgeError. */
export async function removeWayIn(connectionId: ConnectionId, method: Method): Promise<void> {
  await api().request('connections.removeMethod', { connectionId, method })
  await refreshConnections()
}

/** Leaves an account out of syncing and totals, or takes it back. Rejects with BridgeError. */
export async function excludeAccount(accountId: AccountId, excluded: boolean): Promise<void> {
  await api().request('accounts.exclude', { accountId, excluded })
  await refreshConnections()
}

/** Ends a connection; its history stays unless it is to be forgotten too. Rejects with BridgeError. */
export function disconnect(connectionId: ConnectionId, forgetHistory = false): Promise<OutputOf<'connections.disconnect'>> {
  return whileBusy(connectionId, 'disconnecting', async () => {
    const answer = await api().request('connections.disconnect', { connectionId, ...(forgetHistory ? { forgetHistory } : {}) })
    await refreshConnections()
    return answer
  })
}

/** Connects the sandbox brokers; true when all of them are connected. A failure is kept to be shown where the user is by then. */
export async function exploreSandbox(): Promise<boolean> {
  useConnections.setState({ exploring: true, exploreError: null })
  try {
    await api().request('sandbox.explore', {})
    return true
  } catch (error) {
    useConnections.setState({ exploreError: errorViewOf(error) })
    return false
  } finally {
    useConnections.setState({ exploring: false })
    await refreshConnections()
  }
}

/** What a connection is called: the user's own name for it, else the broker's. */
export function connectionName({ label }: Pick<ConnectionView, 'label'>, broker: string): string {
  return label === '' ? broker : label
}

/** The same where the broker and environment must be known too: `Retirement, Charles Schwab, live`. */
export function connectionTitle(connection: Pick<ConnectionView, 'label' | 'environment'>, broker: string): string {
  return [connection.label, broker, connection.environment].filter(Boolean).join(', ')
}

/** The one environment of all connections; null when there are several, so that each figure has to say its own. */
export function onlyEnvironment(list: Remote<ConnectionView[]>): Environment | null {
  const [first, ...others] = new Set(list.status === 'ready' ? list.data.map(({ environment }) => environment) : [])
  return first && others.length === 0 ? first : null
}

/** Accounts by id, with their connection, from whatever is known now. */
export function accountIndex(
  list: Remote<ConnectionView[]>,
): Map<string, { connection: ConnectionView; account: ConnectionView['accounts'][number] }> {
  if (list.status !== 'ready') return new Map()
  return new Map(list.data.flatMap(connection => connection.accounts.map(account => [account.id, { connection, account }] as const)))
}
