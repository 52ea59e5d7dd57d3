import type { BrokerView, MethodInfoView } from '../../shared/contract/app.ts'
import type { Environment, Method } from '../../shared/domain/broker.ts'
import type { Choice, ConnectStep } from './connect.ts'

type EnvironmentView = BrokerView['environments'][number]

/** The environments of a broker as offered. */
export function environmentOf(broker: BrokerView, environment: Environment): EnvironmentView | undefined {
  return broker.environments.find(({ id }) => id === environment)
}

/** Ways in the dialog can lead through; files have a page of their own. */
export function waysIn(broker: BrokerView, environment: Environment): readonly Method[] {
  return environmentOf(broker, environment)?.methods.filter(method => method !== 'file') ?? []
}

/** The environments that can be connected. */
export function environmentsOf(broker: BrokerView): readonly EnvironmentView[] {
  return broker.environments.filter(({ id }) => waysIn(broker, id).length > 0)
}

/** What the broker says about a way in. */
export function methodInfo(broker: BrokerView | undefined, method: Method): MethodInfoView | undefined {
  return broker?.methods.find(info => info.method === method)
}

/** After the broker: why a closed one is closed, else its environment, unless there is only one. */
export function afterBroker(broker: BrokerView): ConnectStep {
  if (broker.closed) return { kind: 'gone', broker: broker.id }
  const [only, second] = environmentsOf(broker)
  return only && !second ? afterEnvironment(broker, only.id) : { kind: 'environment', broker: broker.id }
}

/** After the environment: the method, unless there is only one. */
export function afterEnvironment(broker: BrokerView, environment: Environment): ConnectStep {
  const [only, second] = waysIn(broker, environment)
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
  if (step.kind === 'environment' || step.kind === 'gone') return { kind: 'broker' }
  if (!broker || step.kind === 'closed' || step.kind === 'broker' || step.kind === 'done' || step.kind === 'waiting') return null
  if (step.kind === 'method') return beforeMethod(broker)
  if (step.kind === 'form') return consent(step.choice)
  if (step.choice.reconnect !== null) return null
  const { environment } = step.choice
  return waysIn(broker, environment).length > 1 ? { kind: 'method', broker: broker.id, environment } : beforeMethod(broker)
}

function beforeMethod(broker: BrokerView): ConnectStep {
  if (broker.closed) return { kind: 'gone', broker: broker.id }
  return environmentsOf(broker).length > 1 ? { kind: 'environment', broker: broker.id } : { kind: 'broker' }
}
