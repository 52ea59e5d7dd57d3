import { createLog } from '../../../../electron/core/log/log.ts'
import type { Broker, BrokerHttp, ClassifyFailure } from '../../../../electron/core/brokers/adapter.ts'
import { createBrokerHttp } from '../../../../electron/core/net/broker-http.ts'
import type { Authorization, Credentials } from '../../../../electron/core/net/credentials.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { type TestClient, testClient } from './client.ts'
import { type Scene, scriptedServer, type ScriptedServer } from './scripted-server.ts'

export interface Desk {
  readonly server: ScriptedServer
  readonly client: TestClient
  readonly http: BrokerHttp
  readonly records: LogRecord[]
  readonly renewals: number[]
  [Symbol.asyncDispose](): Promise<void>
}

export interface DeskSettings {
  readonly renew?: 'once' | 'never' | 'ended' | 'offline'
  readonly classify?: ClassifyFailure
  readonly words?: Broker['words']
  readonly sign?: Authorization['sign']
  /** False for keys and tokens that nothing renews. */
  readonly renewable?: boolean
}

/** A broker's calls over a real server, with credentials that can be renewed or not. */
export async function desk(
  scenes: readonly Scene[],
  { renew = 'once', classify = () => undefined, words, sign, renewable = true }: DeskSettings = {},
): Promise<Desk> {
  const server = await scriptedServer(...scenes)
  const client = testClient([server.origin], { fraction: 0 })
  const records: LogRecord[] = []
  const renewals: number[] = []
  const credentials: Credentials = {
    authorize: () => Promise.resolve({ headers: { authorization: 'Bearer one' }, generation: 1, renewable, ...(sign && { sign }) }),
    renew({ after }): Promise<Authorization | null> {
      renewals.push(after.generation)
      if (renew === 'ended') return Promise.reject(new AppError('auth/sign-in-needed', { details: { broker: 'Testbroker' } }))
      if (renew === 'offline') return Promise.reject(new AppError('net/offline', { details: { host: 'login.test' } }))
      return Promise.resolve(renew === 'once' ? { headers: { authorization: 'Bearer two' }, generation: 2 } : null)
    },
  }
  const log = createLog(record => void records.push(record), client.clock)
  const http = createBrokerHttp({
    http: client.http,
    bases: { trading: `${server.origin}/v2` },
    credentials,
    classify,
    ...(words && { words }),
    clock: client.clock,
    log,
    brokerName: 'Testbroker',
  })
  return {
    server,
    client,
    http,
    records,
    renewals,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
