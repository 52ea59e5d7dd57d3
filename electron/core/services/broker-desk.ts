import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Broker, BrokerAdapter, EnvironmentProfile } from '../brokers/adapter.ts'
import { brokers } from '../brokers/registry.ts'
import { allowedOrigins, resolveEnvironment } from '../brokers/sandbox-address.ts'
import type { Log } from '../log/log.ts'
import { createBrokerHttp } from '../net/broker-http.ts'
import type { Credentials } from '../net/credentials.ts'
import { createHttp, type HttpClient } from '../net/http.ts'
import { createLimiter } from '../net/limiter.ts'
import type { Ports } from '../ports.ts'

/** Where brokers are reached: their addresses, one paced HTTP client for each broker and environment, and adapters on top. */
export interface BrokerDesk {
  broker(id: BrokerId): Broker
  /** The addresses in force. Throws auth/method-unavailable when the broker has no such environment. */
  profile(id: BrokerId, environment: Environment): EnvironmentProfile
  http(id: BrokerId, environment: Environment): HttpClient
  adapter(id: BrokerId, environment: Environment, credentials: Credentials): BrokerAdapter
  /** Closes the connections to the brokers. */
  close(): Promise<void>
}

export interface BrokerDeskDeps {
  readonly ports: Ports
  readonly log: Log
  /** Origin of the built-in simulator, once it runs. */
  readonly sandboxOrigin: (id: BrokerId) => string | undefined
}

export function createBrokerDesk({ ports, log, sandboxOrigin }: BrokerDeskDeps): BrokerDesk {
  const clients = new Map<string, ReturnType<typeof createHttp>>()

  function profile(id: BrokerId, environment: Environment): EnvironmentProfile {
    const broker = brokers[id]
    if (!broker.environments[environment]) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
    return resolveEnvironment(broker, environment, ports.env, sandboxOrigin(id))
  }

  function http(id: BrokerId, environment: Environment): HttpClient {
    const broker = brokers[id]
    const allow = allowedOrigins(profile(id, environment))
    const key = `${id} ${environment} ${allow.join(' ')}`
    const known = clients.get(key)
    if (known) return known
    const client = createHttp({
      broker: broker.name,
      allow,
      limiter: createLimiter({ ...broker.rateLimit, clock: ports.clock }),
      clock: ports.clock,
      random: ports.random,
      log,
      ...(ports.dispatcher ? { dispatcher: ports.dispatcher } : {}),
    })
    clients.set(key, client)
    return client
  }

  return {
    broker: id => brokers[id],
    profile,
    http,
    adapter(id, environment, credentials) {
      const broker = brokers[id]
      const session = createBrokerHttp({
        http: http(id, environment), bases: profile(id, environment).bases, credentials, classify: broker.classify, clock: ports.clock, log, brokerName: broker.name,
      })
      return broker.connect({ environment, http: session, now: () => ports.clock.now() })
    },
    async close() {
      await Promise.all([...clients.values()].map(client => client.close()))
    },
  }
}
