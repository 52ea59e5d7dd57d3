import { createBrokerHttp } from '../../../../electron/core/net/broker-http.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { Broker, BrokerAdapter } from '../../../../electron/core/brokers/adapter.ts'
import { resolveEnvironment } from '../../../../electron/core/brokers/sandbox-address.ts'
import type { HttpAnswer } from '../../../../electron/core/net/http.ts'
import { stepClock } from '../../net/support/step-clock.ts'
import { testSession } from './test-session.ts'

export interface Call {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

export type Respond = (call: Call) => { readonly status?: number; readonly body: string; readonly date?: string }

export interface ScriptedBroker {
  readonly adapter: BrokerAdapter
  readonly calls: Call[]
}

/** The real adapter and the real call path, over answers computed from each request. */
export function scriptedBroker(broker: Broker, respond: Respond): ScriptedBroker {
  const clock = stepClock()
  const calls: Call[] = []
  const { bases } = resolveEnvironment(broker, 'sandbox', {}, 'http://127.0.0.1:9')
  const request = ({ url }: { readonly url: string }): Promise<HttpAnswer> => {
    const { pathname, searchParams } = new URL(url)
    const call = { path: pathname, query: Object.fromEntries(searchParams) }
    calls.push(call)
    const { status = 200, body, date } = respond(call)
    return Promise.resolve({ status, headers: date === undefined ? {} : { date }, body, receivedAt: clock.now(), ms: 1 })
  }
  const http = createBrokerHttp({
    http: { request },
    bases,
    credentials: { authorize: () => Promise.resolve({ headers: {}, generation: 1 }), renew: () => Promise.resolve(null) },
    classify: broker.classify,
    clock,
    log: createLog(() => undefined, clock),
    brokerName: broker.name,
  })
  return { adapter: broker.connect(testSession({ http, bases, clock })), calls }
}

/** Answers every call with one JSON value. */
export function always(value: unknown): Respond {
  return () => ({ body: JSON.stringify(value) })
}
