import { create } from 'zustand'
import type { BrokerView, VaultView } from '../../shared/contract/app.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { BrokerId, Environment, Method } from '../../shared/domain/broker.ts'
import { methodWord } from '../lib/format/index.ts'
import { api } from './api.ts'
import { setHostTime } from './clock.ts'
import { createLoader, dataOf, idle, type Remote } from './remote.ts'

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

/** Which keys of a broker: `environment` only where it keeps separate ones for its test environment. */
export interface AppKeysOf {
  readonly broker: BrokerId
  readonly environment?: Environment
}

/** Whose app keys a sign-in in this environment uses. */
export function appKeysOf(broker: Pick<BrokerView, 'id' | 'separateAppKeys'>, environment: Environment): AppKeysOf {
  return broker.separateAppKeys ? { broker: broker.id, environment } : { broker: broker.id }
}

/** Saves the user's own app keys of a broker. Rejects with BridgeError. */
export async function setAppKeys(of: AppKeysOf, clientId: string, clientSecret: string): Promise<void> {
  await api().request('brokers.setApp', { ...of, clientId, clientSecret })
  await refreshBrokers()
}

/** Forgets the user's own app keys of a broker. Rejects with BridgeError. */
export async function clearAppKeys(of: AppKeysOf): Promise<void> {
  await api().request('brokers.clearApp', of)
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

const NAMES: Readonly<Record<BrokerId, string>> = {
  alpaca: 'Alpaca',
  schwab: 'Charles Schwab',
  ibkr: 'Interactive Brokers',
  tastytrade: 'tastytrade',
  etrade: 'E*TRADE',
  tdameritrade: 'TD Ameritrade',
}

/** The broker's name, also before the list of brokers is read. */
export function brokerName(brokers: Remote<BrokerView[]>, id: BrokerId): string {
  const known = brokers.status === 'ready' ? brokers.data.find(broker => broker.id === id) : undefined
  return known?.name ?? NAMES[id]
}

/** Reads the broker's name in a component. */
export function useBrokerName(id: BrokerId): string {
  return useApp(state => brokerName(state.brokers, id))
}

/** What a broker calls one of its ways in. */
export function useMethodLabel(id: BrokerId, method: Method): string {
  return useApp(state =>
    methodLabel(
      dataOf(state.brokers)?.find(broker => broker.id === id),
      method,
    ),
  )
}

/** The broker's own words for a way in, else ours. */
export function methodLabel(broker: BrokerView | undefined, method: Method): string {
  return broker?.methods.find(info => info.method === method)?.label ?? methodWord(method)
}

/** When a broker ends every sign-in, to be put into a sentence: `every day at midnight Eastern`. Null where it has no such rule. */
export function useSignInRule(id: BrokerId): string | null {
  return useApp(state => {
    const again = dataOf(state.brokers)?.find(broker => broker.id === id)?.facts.signInAgain ?? ''
    return /^every /i.test(again) ? again.charAt(0).toLowerCase() + again.slice(1) : null
  })
}
