import type { BrokerAdapter, BrokerSession, Closable, MethodSession } from '../../../../../electron/core/brokers/adapter.ts'
import { ibkr } from '../../../../../electron/core/brokers/ibkr/index.ts'
import { allowedOrigins, basesFor, resolveEnvironment } from '../../../../../electron/core/brokers/sandbox-address.ts'
import { createLog } from '../../../../../electron/core/log/log.ts'
import { createBrokerHttp } from '../../../../../electron/core/net/broker-http.ts'
import { createHttp } from '../../../../../electron/core/net/http.ts'
import { pinnedPool } from '../../../../../electron/core/net/pinned.ts'
import { createLimiter } from '../../../../../electron/core/net/limiter.ts'
import type { Clock, LogRecord } from '../../../../../electron/core/ports.ts'
import type { AppError } from '../../../../../shared/contract/errors.ts'
import type { Method } from '../../../../../shared/domain/broker.ts'
import type { StandId } from '../../../../../electron/core/sandbox/stands.ts'

export interface Connection {
  readonly adapter: BrokerAdapter
  readonly reports: Map<Method, AppError | null>
  readonly log: LogRecord[]
  close(): Promise<void>
}

export interface ConnectionOptions {
  readonly urls: Readonly<Partial<Record<StandId, string>>>
  readonly ways: readonly {
    readonly method: Method
    readonly settings?: Readonly<Record<string, string>>
    readonly secrets?: Readonly<Record<string, string>>
  }[]
  readonly clock: Clock
  readonly bearer?: string
}

const random = {
  bytes: (length: number) => new Uint8Array(length),
  uuid: () => 'b5b1ad9d-0000-4000-8000-000000000000',
  fraction: () => 0.5,
}

/** The real adapter over the real client and socket, as a connection of these ways in has it. */
export function connection({ urls, ways, clock, bearer }: ConnectionOptions): Connection {
  const records: LogRecord[] = []
  const log = createLog(record => records.push(record), clock)
  const reports = new Map<Method, AppError | null>()
  const kept = new Map<string, Closable>()
  const clients: { close(): Promise<void> }[] = []
  const profile = resolveEnvironment(ibkr, 'sandbox', {}, stand => urls[stand] ?? '')

  const methods = ways.map(({ method, settings = {}, secrets = {} }): MethodSession => {
    const bases = basesFor(profile, method)
    const limiter = createLimiter({ requests: 1000, perMs: 1000, clock })
    const allow = allowedOrigins({ bases, oauth: null })
    const openPool = pinnedPool({
      origin: allow[0] ?? '',
      program: 'Client Portal Gateway',
      certificate: undefined,
      remember: () => undefined,
    })
    const http = createHttp({ broker: ibkr.name, allow, limiter, clock, random, log, ...(method === 'gateway' ? { openPool } : {}) })
    clients.push(http)
    return {
      method,
      http: createBrokerHttp({
        http,
        bases,
        credentials: {
          authorize: () =>
            Promise.resolve({
              headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
              generation: 1,
              renewable: false,
            }),
          renew: () => Promise.resolve(null),
        },
        classify: ibkr.classify,
        words: ibkr.words ?? (() => null),
        clock,
        log,
        brokerName: ibkr.name,
      }),
      bases,
      settings,
      secret: field => secrets[field] ?? '',
      remember: () => undefined,
      report: failure => void reports.set(method, failure),
    }
  })
  function keep<T extends Closable>(key: string, open: () => T): T
  function keep(key: string, open: () => Closable): Closable {
    const one = kept.get(key) ?? open()
    kept.set(key, one)
    return one
  }

  const [first] = methods
  if (!first) throw new TypeError('a connection has a way in')
  const session: BrokerSession = {
    environment: 'sandbox',
    http: first.http,
    methods,
    now: () => clock.now(),
    clock,
    random,
    log,
    keep,
  }
  return {
    adapter: ibkr.connect(session),
    reports,
    log: records,
    async close() {
      for (const each of kept.values()) await each.close()
      for (const client of clients) await client.close()
    },
  }
}
