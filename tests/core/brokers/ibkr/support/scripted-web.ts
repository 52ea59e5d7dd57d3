import type { BrokerAdapter, MethodSession } from '../../../../../electron/core/brokers/adapter.ts'
import { ibkr } from '../../../../../electron/core/brokers/ibkr/index.ts'
import { createLog } from '../../../../../electron/core/log/log.ts'
import { createBrokerHttp } from '../../../../../electron/core/net/broker-http.ts'
import type { HttpAnswer } from '../../../../../electron/core/net/http.ts'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { stepClock, type StepClock } from '../../../net/support/step-clock.ts'
import { testSession } from '../../support/test-session.ts'

export interface WebCall {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** An answer's JSON, or its `status` and `body` when the status is not 200; undefined leaves it to the session, or to no line at all. */
export type WebAnswer = Readonly<Record<string, unknown>> | readonly unknown[] | undefined

export interface ScriptedWeb {
  readonly adapter: BrokerAdapter
  readonly calls: WebCall[]
  readonly clock: StepClock
  /** Paths asked for, in order, without those of the session. */
  paths(): string[]
}

const SESSION: Readonly<Record<string, object>> = {
  '/iserver/auth/status': { authenticated: true, competing: false },
  '/iserver/accounts': { accounts: ['DU1000001'] },
  '/tickle': {},
}
export const ACCOUNTS = [
  { id: 'DU1000001', accountId: 'DU1000001', displayName: 'A Trader', accountTitle: null, currency: 'USD', acctCustType: 'INDIVIDUAL' },
]

const LONGEST_PACE_MS = 10_000

/** The real adapter with one way in over answers of the test's own, on a clock that makes nobody wait unless it is `paced`. */
export function scriptedWeb(
  method: 'oauth' | 'gateway',
  respond: (call: WebCall) => WebAnswer,
  { paced = false }: { readonly paced?: boolean } = {},
): ScriptedWeb {
  const clock = stepClock()
  const calls: WebCall[] = []
  const base = method === 'gateway' ? 'https://localhost:5000/v1/api' : 'https://api.ibkr.com/v1/api'
  const bases = { [method === 'gateway' ? 'gateway' : 'api']: base }
  const request = ({
    method: verb = 'GET',
    url,
    body,
  }: {
    readonly method?: string
    readonly url: string
    readonly body?: string | undefined
  }): Promise<HttpAnswer> => {
    const { pathname, searchParams } = new URL(url)
    const sent: unknown = body === undefined || body === '' ? null : JSON.parse(body)
    const call: WebCall = { method: verb, path: pathname.replace('/v1/api', ''), query: Object.fromEntries(searchParams), body: sent }
    calls.push(call)
    const answer = respond(call) ?? SESSION[call.path] ?? (call.path === '/portfolio/accounts' ? ACCOUNTS : undefined)
    if (answer === undefined) return Promise.reject(new AppError('net/offline', { details: { host: 'localhost' } }))
    const { status, body: text } = 'status' in answer && 'body' in answer ? answer : { status: 200, body: answer }
    return Promise.resolve({ status: Number(status), headers: {}, body: JSON.stringify(text), receivedAt: clock.now(), ms: 1 })
  }
  const http = createBrokerHttp({
    http: { request },
    bases,
    credentials: { authorize: () => Promise.resolve({ headers: {}, generation: 1, renewable: false }), renew: () => Promise.resolve(null) },
    classify: ibkr.classify,
    words: ibkr.words ?? (() => null),
    clock,
    log: createLog(() => undefined, clock),
    brokerName: ibkr.name,
  })
  const quick = {
    ...clock,
    after(ms: number, run: () => void) {
      if (ms > LONGEST_PACE_MS) return clock.after(ms, run)
      queueMicrotask(run)
      return () => undefined
    },
  }
  const session = testSession({ http, clock: paced ? clock : quick, bases, method })
  const methods: readonly MethodSession[] = session.methods
  return {
    adapter: ibkr.connect({ ...session, methods }),
    calls,
    clock,
    paths: () => calls.map(({ path }) => path).filter(path => !(path in SESSION)),
  }
}
