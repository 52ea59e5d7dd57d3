import type { BrokerView, MethodInfoView } from '../../../shared/contract/app.ts'
import { BROKER_IDS, ENVIRONMENTS } from '../../../shared/domain/broker.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import { Secret } from '../vault/secret.ts'
import type { AppKeys } from './app-keys.ts'
import type { Admission } from '../entitlements/admission.ts'
import type { Broker, BrokerMethod } from '../brokers/adapter.ts'
import type { BrokerDesk } from './broker-desk.ts'

export interface BrokerListDeps {
  readonly desk: BrokerDesk
  readonly appKeys: AppKeys
  readonly admission: Pick<Admission, 'missing'>
  readonly events: Events
}

/** The brokers on offer and the user's own app keys for them. */
export function createBrokerList({ desk, appKeys, admission, events }: BrokerListDeps): Pick<Handlers, 'brokers.list' | 'brokers.setApp' | 'brokers.clearApp'> {
  function view(broker: Broker): BrokerView {
    return {
      id: broker.id,
      name: broker.name,
      methods: broker.methods.map(methodView),
      facts: factsView(broker.facts),
      closed: broker.closed ? { ...broker.closed } : null,
      edition: editionOf(admission.missing(broker.id)),
      separateAppKeys: broker.separateAppKeys ?? false,
      environments: ENVIRONMENTS.flatMap(id => {
        const profile = broker.environments[id]
        if (!profile) return []
        return [{ id, methods: [...profile.methods], appReady: appKeys.has(broker, id), redirectUri: redirectUriOf(broker, id) }]
      }),
      scopes: broker.scopes.map(scope => ({ ...scope })),
      registerAt: broker.registerAt,
      note: broker.note,
      app: appKeys.shown(broker),
    }
  }

  return {
    'brokers.list': () => BROKER_IDS.map(id => view(desk.broker(id))),
    'brokers.setApp'({ broker, environment, clientId, clientSecret }) {
      appKeys.set(desk.broker(broker), environment ?? 'live', clientId, Secret.of(clientSecret))
      events.emit({ type: 'brokers.changed' })
      return {}
    },
    'brokers.clearApp'({ broker, environment }) {
      appKeys.clear(desk.broker(broker), environment ?? 'live')
      events.emit({ type: 'brokers.changed' })
      return {}
    },
  }
}

function methodView({ method, label, needs, life, fields, scopes, note, steps, guide, suggest }: BrokerMethod): MethodInfoView {
  return {
    method,
    label,
    needs,
    life,
    fields: fields.map(field => ({ ...field })),
    guide: guide ?? '',
    suggests: suggest !== undefined,
    ...(scopes && { scopes: scopes.map(scope => ({ ...scope })) }),
    ...(note !== undefined && { note }),
    ...(steps && { steps: [...steps] }),
  }
}

function factsView({ assetClasses, fees, rating, ...facts }: Broker['facts']): BrokerView['facts'] {
  return { ...facts, assetClasses: [...assetClasses], fees: { ...fees }, rating: rating && { ...rating } }
}

function editionOf(missing: string): BrokerView['edition'] {
  return { included: missing === '', sentence: missing }
}

/** The exact address to register at the broker; empty where any loopback port will do. */
export function redirectUriOf(broker: Broker, environment: (typeof ENVIRONMENTS)[number]): string {
  const redirect = broker.environments[environment]?.oauth?.redirect
  return redirect === undefined || redirect.port === null ? '' : `${redirect.scheme}://127.0.0.1:${redirect.port}${redirect.path}`
}
