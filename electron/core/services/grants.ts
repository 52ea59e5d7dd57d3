import { AppError } from '../../../shared/contract/errors.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Discovery } from '../oauth/discovery.ts'
import type { OAuth1Endpoints } from '../oauth/oauth1/endpoint.ts'
import { renewPersonalGrant, tryPersonalGrant } from '../oauth/personal-grant.ts'
import type { OAuthProfile } from '../oauth/profile.ts'
import { refreshGrant } from '../oauth/refresh.ts'
import type { TokenGrant } from '../oauth/wire.ts'
import type { Clock } from '../ports.ts'
import type { RefreshStop } from '../tokens/renewal.ts'
import type { Secret } from '../vault/secret.ts'
import type { AppKeys } from './app-keys.ts'
import type { BrokerDesk } from './broker-desk.ts'
import { redirectUriOf } from './broker-list.ts'
import type { PersonalGrant } from './form-candidates.ts'
import type { WaysIn } from './ways-in.ts'

export interface GrantsDeps {
  readonly desk: BrokerDesk
  readonly appKeys: AppKeys
  readonly clock: Pick<Clock, 'now'>
  readonly discovery: Discovery
  readonly ways: () => Pick<WaysIn, 'secret'>
}

export interface Grants {
  /** Presents a refresh token: with the app's own keys, or with the client secret that was pasted beside it. */
  refresh(connection: Connection, refresh: Secret, options: RefreshStop): Promise<TokenGrant>
  readonly personal: PersonalGrant
  /** The endpoints of a broker that signs its requests; null for all others. */
  oauth1(connection: Pick<Connection, 'broker' | 'environment'>): OAuth1Endpoints | null
}

/** Who asks a broker's token endpoints, and with which keys. */
export function createGrants({ desk, appKeys, clock, discovery, ways }: GrantsDeps): Grants {
  function oauthOf(broker: Broker, environment: Environment): OAuthProfile {
    const profile = desk.profile(broker.id, environment).oauth
    if (!profile) throw new AppError('auth/sign-in-needed', { details: { broker: broker.name } })
    return profile
  }

  const now = (): ReturnType<Clock['now']> => clock.now()
  const endpointsOf = (broker: Broker, environment: Environment) => ({
    http: desk.http(broker.id, environment),
    profile: oauthOf(broker, environment),
    broker: broker.name,
  })

  return {
    personal: (broker, environment, { clientSecret, refresh }, { signal }) =>
      tryPersonalGrant(endpointsOf(broker, environment), { clientSecret, refresh, now, signal }),
    async refresh(connection, refresh, { signal, untilDeparture }) {
      const { environment, method } = connection
      const broker = desk.broker(connection.broker)
      if (method === 'personal-grant') {
        const clientSecret = ways().secret(connection, method, 'client-secret')
        return renewPersonalGrant(endpointsOf(broker, environment), { clientSecret, refresh, now, signal, untilDeparture })
      }
      const client = appKeys.client(broker, environment, redirectUriOf(broker, environment))
      const endpoints = endpointsOf(broker, environment)
      const profile = await discovery.resolve(endpoints, { signal })
      return refreshGrant({ ...endpoints, profile, client }, { refresh, now, signal, untilDeparture })
    },
    oauth1({ broker: id, environment }) {
      const broker = desk.broker(id)
      const profile = desk.profile(id, environment).oauth1
      if (!profile) return null
      return { http: desk.http(id, environment), profile, client: appKeys.client(broker, environment, ''), broker: broker.name }
    },
  }
}
