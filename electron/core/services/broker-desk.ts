import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { Broker, BrokerAdapter, BrokerSession, EnvironmentProfile, MethodSession } from '../brokers/adapter.ts'
import { brokers } from '../brokers/registry.ts'
import { isOwnHost } from '../brokers/own-host.ts'
import { allowedOrigins, basesFor, type BuiltIn, resolveEnvironment } from '../brokers/sandbox-address.ts'
import type { Admission } from '../entitlements/admission.ts'
import type { Log } from '../log/log.ts'
import type { Breakers } from '../net/breaker.ts'
import { createBrokerHttp } from '../net/broker-http.ts'
import type { ClockSkew } from '../net/clock-skew.ts'
import { type CallFacts, createHttp, type HttpClient, type HttpOptions } from '../net/http.ts'
import { createLimiter, type Limiter, type LimiterStanding } from '../net/limiter.ts'
import { pinnedPool } from '../net/pinned.ts'
import type { Ports } from '../ports.ts'
import { standsOf, standVariable } from '../sandbox/stands.ts'
import type { CallKey } from '../store/metric-calls.ts'
import { ownAddresses } from './local-address.ts'
import type { WayIn } from './way-in.ts'

/** What an adapter is made for. */
export interface SessionOptions {
  readonly broker: BrokerId
  readonly environment: Environment
  /** In the broker's order of preference; one at least. */
  readonly ways: readonly WayIn[]
  readonly keep: BrokerSession['keep']
}

/** Where brokers are reached: their addresses, paced HTTP clients, and adapters on top. */
export interface BrokerDesk {
  broker(id: BrokerId): Broker
  /** The addresses in force. Throws auth/method-unavailable when the broker has no such environment. */
  profile(id: BrokerId, environment: Environment): EnvironmentProfile
  /** The same for one way in. Throws auth/broker-closed, auth/not-licensed and auth/method-unavailable before anything is called. */
  offer(id: BrokerId, environment: Environment, method: Method): EnvironmentProfile
  /** The client of a broker's sign-in endpoints. */
  http(id: BrokerId, environment: Environment): HttpClient
  adapter(options: SessionOptions): BrokerAdapter
  /** How much of each broker's pace is left, of those asked since the start. */
  standings(): PaceStanding[]
  /** Closes the connections to the brokers. */
  close(): Promise<void>
}

/** The pace of one broker and environment; of one way in where that has a pace of its own. */
export interface PaceStanding extends LimiterStanding {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method | null
}

export interface BrokerDeskDeps {
  readonly ports: Ports
  readonly log: Log
  readonly admission: Admission
  /** Addresses of the built-in simulators, once they run. */
  readonly sandboxOrigin: BuiltIn
  /** Shared by all clients; nothing is held back, or learnt, without them. */
  readonly breakers?: Breakers | undefined
  readonly skew?: ClockSkew | undefined
  /** Told of every call, for statistics. It must not throw. */
  readonly onCall?: ((key: CallKey, call: CallFacts) => void) | undefined
}

/** The setting that holds the certificate of a program of the user's own, as PEM. */
const CERTIFICATE = 'certificate'
/** The built-in simulators are nobody's servers: they are asked this many times as often as the brokers they play. */
const BUILT_IN_HASTE = 10

/** How a host of the user's own is called in statistics: its name says something about the user. */
const OWN_HOST = 'local'

export function createBrokerDesk({ ports, log, admission, sandboxOrigin, breakers, skew, onCall }: BrokerDeskDeps): BrokerDesk {
  const clients = new Map<string, ReturnType<typeof createHttp>>()
  const limiters = new Map<string, Pick<PaceStanding, 'broker' | 'environment' | 'method'> & { readonly limiter: Limiter }>()

  function profile(id: BrokerId, environment: Environment): EnvironmentProfile {
    return resolveEnvironment(brokers[id], environment, ports.env, sandboxOrigin)
  }

  /** How much faster than the broker itself its simulator is asked: ours at once, one of the user's own at the real pace. */
  function haste(id: BrokerId, environment: Environment): number {
    if (environment !== 'sandbox') return 1
    const stated = /^[1-9]\d?$/.exec(ports.env['KEELSON_SANDBOX_HASTE']?.trim() ?? '')?.[0]
    if (stated !== undefined) return Number(stated)
    return standsOf(id).some(stand => ports.env[standVariable(stand)]?.trim()) ? 1 : BUILT_IN_HASTE
  }

  function limiter({ id, rateLimit, methodRateLimits }: Broker, environment: Environment, method: Method): Limiter {
    const own = methodRateLimits?.[method]
    const key = `${id} ${environment} ${own ? method : ''}`
    const limit = own ?? rateLimit
    const requests = limit.requests * haste(id, environment)
    const known = limiters.get(key)?.limiter ?? createLimiter({ ...limit, requests, clock: ports.clock })
    limiters.set(key, { broker: id, environment, method: own ? method : null, limiter: known })
    return known
  }

  /** What every client of a broker has in common. */
  function usual(broker: Broker, environment: Environment, method: Method): Omit<HttpOptions, 'allow'> {
    const { clock, random } = ports
    return {
      broker: broker.name, limiter: limiter(broker, environment, method), clock, random, log,
      slowsDown: answer => broker.classify(answer) === 'broker/rate-limited',
      isDown: answer => (broker.classify(answer) ?? 'broker/unavailable') === 'broker/unavailable',
      breakers, skew,
      onCall: call => onCall?.({ broker: broker.id, environment, host: isOwnHost(call.host) ? OWN_HOST : call.host }, call),
    }
  }

  function client(broker: Broker, environment: Environment, method: Method, allow: readonly string[]): HttpClient {
    const key = `${broker.id} ${environment} ${broker.methodRateLimits?.[method] ? method : ''} ${allow.join(' ')}`
    const known = clients.get(key)
    if (known) return known
    const made = createHttp({ ...usual(broker, environment, method), allow, ...(ports.dispatcher ? { dispatcher: ports.dispatcher } : {}) })
    clients.set(key, made)
    return made
  }

  /**
   * A program of the user's own has a certificate nobody vouches for: the one seen first is the only one trusted. A simulator makes a
   * new one with every start, so its own is trusted for one run.
   */
  function pinnedClient(broker: Broker, environment: Environment, way: WayIn, allow: readonly string[], keep: BrokerSession['keep']): HttpClient {
    const [origin = ''] = allow
    return keep(`http ${origin}`, () =>
      createHttp({
        ...usual(broker, environment, way.method),
        allow,
        openPool: pinnedPool({
          origin,
          program: broker.methods.find(({ method }) => method === way.method)?.label ?? broker.name,
          certificate: environment === 'sandbox' ? undefined : way.settings[CERTIFICATE],
          remember: certificate => (environment === 'sandbox' ? undefined : way.remember(CERTIFICATE, certificate)),
        }),
      }),
    )
  }

  function methodSession(broker: Broker, environment: Environment, way: WayIn, keep: BrokerSession['keep']): MethodSession {
    const { method, credentials, settings } = way
    const resolved = profile(broker.id, environment)
    const usual = basesFor(resolved, method)
    const bases = environment === 'sandbox' ? usual : ownAddresses(usual, method, settings)
    const signIn = method === 'oauth' || method === 'personal-grant' ? resolved : { oauth: null }
    const allow = allowedOrigins({ ...signIn, bases })
    const http = createBrokerHttp({
      http: method === 'gateway' ? pinnedClient(broker, environment, way, allow, keep) : client(broker, environment, method, allow),
      bases,
      credentials,
      classify: broker.classify,
      clock: ports.clock,
      log,
      brokerName: broker.name,
      ...(broker.words ? { words: broker.words } : {}),
    })
    return {
      method,
      http,
      bases,
      settings,
      tried: way.tried ?? false,
      secret: field => way.secret(field),
      remember: (name, value) => way.remember(name, value),
      report: failure => way.report(failure),
    }
  }

  return {
    broker: id => brokers[id],
    profile,
    offer(id, environment, method) {
      const broker = brokers[id]
      admission.check(broker, environment)
      const offered = broker.environments[environment]
      if (!offered?.methods.includes(method)) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
      return profile(id, environment)
    },
    http(id, environment) {
      const broker = brokers[id]
      admission.check(broker, environment)
      const resolved = profile(id, environment)
      const method = broker.environments[environment]?.methods.find(one => one === 'oauth' || one === 'personal-grant') ?? 'oauth'
      return client(broker, environment, method, allowedOrigins({ ...resolved, bases: basesFor(resolved, method) }))
    },
    adapter({ broker: id, environment, ways, keep }) {
      const broker = brokers[id]
      admission.check(broker, environment)
      const methods = ways.map(way => methodSession(broker, environment, way, keep))
      const [first] = methods
      if (!first) throw new AppError('auth/sign-in-needed', { details: { broker: broker.name } })
      const { clock, random } = ports
      const noteTime: BrokerSession['noteTime'] = (saidMs, exchange) => skew?.note(id, new Date(saidMs).toUTCString(), exchange)
      return broker.connect({
        environment, http: first.http, methods, now: () => clock.now(), clock, random, log, keep,
        ...(environment === 'sandbox' ? {} : { noteTime }),
      })
    },
    standings: () =>
      [...limiters.values()].map(({ broker, environment, method, limiter: pace }) => ({ broker, environment, method, ...pace.standing() })),
    async close() {
      await Promise.all([...clients.values()].map(each => each.close()))
    },
  }
}
