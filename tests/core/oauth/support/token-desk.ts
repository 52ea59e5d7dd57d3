import { createLog, type Log } from '../../../../electron/core/log/log.ts'
import { createHttp, type HttpClient } from '../../../../electron/core/net/http.ts'
import { createLimiter } from '../../../../electron/core/net/limiter.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { stepClock, type StepClock } from '../../net/support/step-clock.ts'
import { startTokenServer, type TokenServer } from './token-server.ts'

export interface TokenEndpointDesk extends AsyncDisposable {
  readonly server: TokenServer
  readonly http: HttpClient
  readonly clock: StepClock
  readonly log: Log
  readonly records: LogRecord[]
}

/** The real HTTP client before a scripted token endpoint, on a clock that stands still. */
export async function openTokenEndpointDesk(): Promise<TokenEndpointDesk> {
  const server = await startTokenServer()
  const clock = stepClock()
  const records: LogRecord[] = []
  const log = createLog(record => void records.push(record), clock)
  const limiter = createLimiter({ requests: 1000, perMs: 1000, clock })
  const http = createHttp({ broker: 'Test', allow: [server.origin], limiter, clock, random: { fraction: () => 0 }, log })
  return {
    server,
    http,
    clock,
    log,
    records,
    async [Symbol.asyncDispose]() {
      await http.close()
      await server[Symbol.asyncDispose]()
    },
  }
}
