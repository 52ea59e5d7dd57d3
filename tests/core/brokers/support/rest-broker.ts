import { createLog } from '../../../../electron/core/log/log.ts'
import type { Broker, BrokerAdapter, Trading } from '../../../../electron/core/brokers/adapter.ts'
import { resolveEnvironment } from '../../../../electron/core/brokers/sandbox-address.ts'
import { createBrokerHttp } from '../../../../electron/core/net/broker-http.ts'
import type { HttpAnswer, HttpRequest } from '../../../../electron/core/net/http.ts'
import type { Random } from '../../../../electron/core/ports.ts'
import type { Environment } from '../../../../shared/domain/broker.ts'
import { stepClock } from '../../net/support/step-clock.ts'

export interface RestCall {
  readonly method: string
  readonly path: string
  /** A name sent several times holds all its values. */
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** JSON read back; undefined without a body. */
  readonly body: unknown
}

export interface RestAnswer {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface RestBroker {
  readonly adapter: BrokerAdapter
  readonly trading: Trading
  readonly calls: RestCall[]
}

const random: Random = { bytes: length => new Uint8Array(length), uuid: () => '00000000-0000-4000-8000-000000000000', fraction: () => 0.5 }

/** The real adapter and the real call path over answers computed from each request; orders too. The clock stands at 20 November 2026, 10:00 in New York. */
export function restBroker(broker: Broker, respond: (call: RestCall) => RestAnswer, environment: Environment = 'sandbox'): RestBroker {
  const clock = stepClock()
  const calls: RestCall[] = []
  const { bases } = resolveEnvironment(broker, environment, {}, environment === 'sandbox' ? 'http://127.0.0.1:9' : undefined)
  const request = ({ method, url, body, onDeparture }: HttpRequest): Promise<HttpAnswer> => {
    const { pathname, searchParams } = new URL(url)
    const query = Object.fromEntries(
      [...new Set(searchParams.keys())].map(name => {
        const values = searchParams.getAll(name)
        return [name, values.length === 1 ? (values[0] ?? '') : values]
      }),
    )
    const call: RestCall = { method, path: pathname, query, body: body === undefined ? undefined : JSON.parse(body) }
    calls.push(call)
    onDeparture?.()
    const { status = 200, body: text = '', headers = {} } = respond(call)
    return Promise.resolve({ status, headers, body: text, receivedAt: clock.now(), ms: 1 })
  }
  const log = createLog(() => undefined, clock)
  const http = createBrokerHttp({
    http: { request },
    bases,
    credentials: { authorize: () => Promise.resolve({ headers: {}, generation: 1 }), renew: () => Promise.resolve(null) },
    classify: broker.classify,
    words: broker.words,
    clock,
    log,
    brokerName: broker.name,
  })
  const method = {
    method: 'oauth' as const,
    http,
    bases,
    settings: {},
    secret: () => '',
    remember: () => undefined,
    report: () => undefined,
  }
  const adapter = broker.connect({
    environment,
    http,
    methods: [method],
    now: () => clock.now(),
    clock,
    random,
    log,
    keep: (_key, open) => open(),
  })
  if (!adapter.trading) throw new Error(`${broker.name} takes no orders`)
  return { adapter, trading: adapter.trading, calls }
}

/** An answer of JSON. */
export function json(value: unknown, status = 200): RestAnswer {
  return { status, body: JSON.stringify(value) }
}
