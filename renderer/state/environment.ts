import { create } from 'zustand'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import { ENVIRONMENTS, type Environment } from '../../shared/domain/broker.ts'
import { useConnections } from './connections.ts'
import type { Remote } from './remote.ts'

interface EnvironmentState {
  /** What the user chose; null leaves it to what there is. */
  readonly chosen: Environment | null
}

/** Whose money the figures are about: practice money is never added to real money. */
export const useEnvironment = create<EnvironmentState>()(() => ({ chosen: null }))

export function chooseEnvironment(chosen: Environment | null): void {
  useEnvironment.setState({ chosen })
}

/** Environments with an account that counts, real money first. */
export function environmentsOf(list: Remote<ConnectionView[]>): Environment[] {
  if (list.status !== 'ready') return []
  const counted = list.data.filter(({ accounts }) => accounts.some(({ excluded }) => !excluded))
  return ENVIRONMENTS.filter(environment => counted.some(connection => connection.environment === environment))
}

/** The environment figures are shown of: the user's choice while it has accounts, else the first that has; undefined before accounts are known. */
export function shownEnvironment(list: Remote<ConnectionView[]>, chosen: Environment | null): Environment | undefined {
  const present = environmentsOf(list)
  return chosen !== null && present.includes(chosen) ? chosen : present[0]
}

/** The same in a component. */
export function useShownEnvironment(): Environment | undefined {
  const chosen = useEnvironment(state => state.chosen)
  return useConnections(state => shownEnvironment(state.list, chosen))
}

/** The same for a read. */
export function currentEnvironment(): Environment | undefined {
  return shownEnvironment(useConnections.getState().list, useEnvironment.getState().chosen)
}
