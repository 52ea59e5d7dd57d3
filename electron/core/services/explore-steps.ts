import { type BrokerId, initialOf, type Method } from '../../../shared/domain/broker.ts'
import type { BrokerMethod, EnvironmentProfile } from '../brokers/adapter.ts'
import { brokers } from '../brokers/registry.ts'
import { SANDBOX_FLEX } from '../sandbox/client-keys.ts'
import { STAND_IDS, type StandId } from '../sandbox/stands.ts'

/** One way in that exploring takes. */
export interface ExploreStep {
  readonly method: Method
  /** What is typed into its form; empty for a sign-in in the browser. */
  readonly values: Readonly<Record<string, string>>
  /** Joins what the steps before it connected. */
  readonly further: boolean
}

/** Where several ways in make one connection, those worth showing, the one that stands by itself first. */
const SEVERAL: Partial<Record<BrokerId, readonly Method[]>> = { ibkr: ['tws', 'flex', 'gateway', 'oauth'] }

/** What opens a simulator where the form's own first values do not. */
const TYPED: Partial<Record<Method, Readonly<Record<string, string>>>> = {
  flex: { token: SANDBOX_FLEX.token, 'query-id': SANDBOX_FLEX.queryId },
}

/** How exploring connects a broker; nothing for one without a sandbox, and no step to a stand that is not served. */
export function stepsOf(broker: BrokerId, serves: (stand: StandId) => boolean): ExploreStep[] {
  const profile = brokers[broker].environments.sandbox
  if (!profile) return []
  const wanted = SEVERAL[broker] ?? profile.methods.filter(method => method === 'oauth')
  const offered = wanted.filter(method => profile.methods.includes(method) && isServed(profile, method, serves))
  return offered.map((method, at) => ({ method, values: valuesFor(brokers[broker].methods, method), further: at > 0 }))
}

function isServed({ stands, basesOf }: EnvironmentProfile, method: Method, serves: (stand: StandId) => boolean): boolean {
  const names = (basesOf?.[method] ?? []).map(base => stands?.[base])
  return STAND_IDS.filter(stand => names.includes(stand)).every(serves)
}

function valuesFor(methods: readonly BrokerMethod[], method: Method): Record<string, string> {
  const fields = methods.find(one => one.method === method)?.fields ?? []
  return { ...Object.fromEntries(fields.map(field => [field.name, initialOf(field, 'sandbox')])), ...TYPED[method] }
}
