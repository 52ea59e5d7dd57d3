import { create } from 'zustand'
import type { BrokerView, VaultView } from '../../shared/contract/app.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { api } from './api.ts'
import { setHostTime } from './clock.ts'
import { createLoader, idle, type Remote } from './remote.ts'

type Status = OutputOf<'app.status'>
type Schedule = OutputOf<'sync.schedule'>

interface AppState {
  readonly status: Remote<Status>
  readonly brokers: Remote<BrokerView[]>
  readonly schedule: Remote<Schedule>
}

/** What the host is and offers: version, vault, brokers, the background schedule. */
export const useApp = create<AppState>()(() => ({ status: idle, brokers: idle, schedule: idle }))

export const refreshStatus = createLoader<AppState, Status>(
  useApp,
  { get: state => state.status, put: status => ({ status }) },
  async () => {
    const status = await api().request('app.status', {})
    setHostTime(status.now)
    return status
  },
)

export const refreshBrokers = createLoader<AppState, BrokerView[]>(
  useApp,
  { get: state => state.brokers, put: brokers => ({ brokers }) },
  () => api().request('brokers.list', {}),
)

export const refreshSchedule = createLoader<AppState, Schedule>(
  useApp,
  { get: state => state.schedule, put: schedule => ({ schedule }) },
  () => api().request('sync.schedule', {}),
)

/** Pauses or resumes background syncing. Rejects with BridgeError. */
export async function pauseSync(paused: boolean): Promise<void> {
  await api().request('sync.pause', { paused })
  await refreshSchedule()
}

/** Saves the user's own app keys of a broker. Rejects with BridgeError. */
export async function setAppKeys(broker: BrokerId, clientId: string, clientSecret: string): Promise<void> {
  await api().request('brokers.setApp', { broker, clientId, clientSecret })
  await refreshBrokers()
}

/** Forgets the user's own app keys of a broker. Rejects with BridgeError. */
export async function clearAppKeys(broker: BrokerId): Promise<void> {
  await api().request('brokers.clearApp', { broker })
  await refreshBrokers()
}

/** Asks for the vault's key again; answers how the vault stands now. Rejects with BridgeError. */
export async function unlockVault(): Promise<VaultView> {
  const vault = await api().request('vault.unlock', {})
  await refreshStatus()
  return vault
}

/** Leaves a locked vault behind for one with a new key. Rejects with BridgeError. */
export async function startVaultOver(): Promise<void> {
  await api().request('vault.startOver', { confirm: true })
  await refreshStatus()
}

const NAMES: Readonly<Record<BrokerId, string>> = { alpaca: 'Alpaca', schwab: 'Charles Schwab' }

/** The broker's name, also before the list of brokers is read. */
export function brokerName(brokers: Remote<BrokerView[]>, id: BrokerId): string {
  const known = brokers.status === 'ready' ? brokers.data.find(broker => broker.id === id) : undefined
  return known?.name ?? NAMES[id]
}

/** Reads the broker's name in a component. */
export function useBrokerName(id: BrokerId): string {
  return useApp(state => brokerName(state.brokers, id))
}
