import { createLog } from '../../../../electron/core/log/log.ts'
import { createHttp, type HttpClient, type HttpOptions } from '../../../../electron/core/net/http.ts'
import { createLimiter, type Limiter } from '../../../../electron/core/net/limiter.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { type StepClock, stepClock } from './step-clock.ts'

export interface TestClient {
  readonly http: HttpClient
  readonly clock: StepClock
  readonly limiter: Limiter
  readonly records: LogRecord[]
  [Symbol.asyncDispose](): Promise<void>
}

export interface ClientSettings {
  readonly pauseMs?: number
  readonly fraction?: number
  readonly slowsDown?: HttpOptions['slowsDown']
}

/** The real client with a real pool, on a clock that stands still and jitter that is known. */
export function testClient(allow: readonly string[], { pauseMs, fraction = 0.5, slowsDown }: ClientSettings = {}): TestClient {
  const clock = stepClock()
  const records: LogRecord[] = []
  const limiter = createLimiter({ requests: 200, perMs: 60_000, pauseMs, clock })
  const log = createLog(record => void records.push(record), clock)
  const http = createHttp({ broker: 'Testbroker', allow, limiter, clock, random: { fraction: () => fraction }, log, slowsDown })
  return { http, clock, limiter, records, [Symbol.asyncDispose]: () => http.close() }
}

/** A signal nobody fires. */
export const never = new AbortController().signal
