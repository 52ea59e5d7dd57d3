import type { BrokerView } from '../../shared/contract/app.ts'
import type { Environment, Method } from '../../shared/domain/broker.ts'
import type { Choice, ConnectStep } from './connect.ts'

type EnvironmentView = BrokerView['environments'][number]

/** The environments of a broker as offered. */
export function environmentOf(broker: BrokerView, environment: Environment): EnvironmentView | undefined {
  return broker.environments.find(({ id }) => id === environment)
}

/** After the broker: its environment, unless there is only one. */
export function afterBroker(broker: BrokerView): ConnectStep {
  const [only, second] = broker.environments
  return only && !second ? afterEnvironment(broker, only.id) : { kind: 'environment', broker: broker.id }
}

/** After the environment: the method, unless there is only one. */
export function afterEnvironment(broker: BrokerView, environment: Environment): ConnectStep {
  const [only, second] = environmentOf(broker, environment)?.methods ?? []
  return only && !second ? afterMethod(broker, environment, only) : { kind: 'method', broker: broker.id, environment }
}

/** After the method: the app keys when a browser sign-in lacks them, else the consent. */
export function afterMethod(broker: BrokerView, environment: Environment, method: Method): ConnectStep {
  const choice: Choice = { broker: broker.id, environment, method, reconnect: null }
  const ready = environmentOf(broker, environment)?.appReady ?? false
  return method === 'oauth' && !ready ? { kind: 'app-keys', choice } : consent(choice)
}

/** The consent step, not yet agreed to. */
export function consent(choice: Choice): ConnectStep {
  return { kind: 'consent', choice, starting: false, error: null }
}

/** Where `Back` leads; null where there is no way back. */
export function stepBefore(step: ConnectStep, broker: BrokerView | undefined): ConnectStep | null {
  if (step.kind === 'environment') return { kind: 'broker' }
  if (!broker || step.kind === 'closed' || step.kind === 'broker' || step.kind === 'done' || step.kind === 'waiting') return null
  if (step.kind === 'method') return broker.environments.length > 1 ? { kind: 'environment', broker: step.broker } : { kind: 'broker' }
  if (step.kind === 'keys') return consent(step.choice)
  if (step.choice.reconnect !== null) return null
  const methods = environmentOf(broker, step.choice.environment)?.methods ?? []
  if (methods.length > 1) return { kind: 'method', broker: broker.id, environment: step.choice.environment }
  return broker.environments.length > 1 ? { kind: 'environment', broker: broker.id } : { kind: 'broker' }
}
