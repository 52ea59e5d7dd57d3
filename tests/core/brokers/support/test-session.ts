import { randomBytes, randomUUID } from 'node:crypto'
import type { BrokerHttp, BrokerSession, Closable, MethodSession } from '../../../../electron/core/brokers/adapter.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { Clock } from '../../../../electron/core/ports.ts'
import type { Environment, Method } from '../../../../shared/domain/broker.ts'

export interface TestSessionOptions {
  readonly http: BrokerHttp
  readonly clock: Clock
  readonly environment?: Environment
  readonly method?: Method
  readonly bases?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
}

/** A session with one way in over calls of the test's own. */
export function testSession({
  http,
  clock,
  environment = 'sandbox',
  method = 'oauth',
  bases = {},
  settings = {},
  secrets = {},
}: TestSessionOptions): BrokerSession {
  const way: MethodSession = {
    method,
    http,
    bases,
    settings,
    secret: field => secrets[field] ?? '',
    remember: () => undefined,
    report: () => undefined,
  }
  const kept = new Map<string, Closable>()
  function keep<T extends Closable>(key: string, open: () => T): T
  function keep(key: string, open: () => Closable): Closable {
    const one = kept.get(key) ?? open()
    kept.set(key, one)
    return one
  }
  return {
    environment,
    http,
    methods: [way],
    clock,
    keep,
    now: () => clock.now(),
    random: { bytes: length => randomBytes(length), uuid: () => randomUUID(), fraction: () => 0 },
    log: createLog(() => undefined, clock),
  }
}
