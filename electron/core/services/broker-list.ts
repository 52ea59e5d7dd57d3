import type { BrokerView } from '../../../shared/contract/app.ts'
import { BROKER_IDS, ENVIRONMENTS } from '../../../shared/domain/broker.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import { Secret } from '../vault/secret.ts'
import type { AppKeys } from './app-keys.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { BrokerDesk } from './broker-desk.ts'

export interface BrokerListDeps {
  readonly desk: BrokerDesk
  readonly appKeys: AppKeys
  readonly events: Events
}

/** The brokers on offer and the user's own app keys for them. */
export function createBrokerList({ desk, appKeys, events }: BrokerListDeps): Pick<Handlers, 'brokers.list' | 'brokers.setApp' | 'brokers.clearApp'> {
  function view(broker: Broker): BrokerView {
    return {
      id: broker.id,
      name: broker.name,
      environments: ENVIRONMENTS.flatMap(id => {
        const profile = broker.environments[id]
        if (!profile) return []
        return [{ id, methods: [...profile.methods], appReady: appKeys.has(broker.id, id), redirectUri: redirectUriOf(broker, id) }]
      }),
      scopes: broker.scopes.map(scope => ({ ...scope })),
      registerAt: broker.registerAt,
      note: broker.note,
      app: appKeys.shown(broker.id),
    }
  }

  return {
    'brokers.list': () => BROKER_IDS.map(id => view(desk.broker(id))),
    'brokers.setApp'({ broker, clientId, clientSecret }) {
      appKeys.set(broker, clientId, Secret.of(clientSecret))
      events.emit({ type: 'brokers.changed' })
      return {}
    },
    'brokers.clearApp'({ broker }) {
      appKeys.clear(broker)
      events.emit({ type: 'brokers.changed' })
      return {}
    },
  }
}

/** The exact address to register at the broker; empty where any loopback port will do. */
export function redirectUriOf(broker: Broker, environment: (typeof ENVIRONMENTS)[number]): string {
  const redirect = broker.environments[environment]?.oauth?.redirect
  return redirect === undefined || redirect.port === null ? '' : `${redirect.scheme}://127.0.0.1:${redirect.port}${redirect.path}`
}
