import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { alpaca } from '../../../electron/core/brokers/alpaca/index.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { testSession } from '../../core/brokers/support/test-session.ts'
import { createBrokerHttp } from '../../../electron/core/net/broker-http.ts'
import { createHttp } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { createSync, type Sync } from '../../../electron/core/sync/sync.ts'
import { createWriter, type Lease } from '../../../electron/core/sync/writer.ts'
import { createClock } from '../../../electron/node/clock.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'

/** The day the generated history ends on. */
export const BENCH_NOW = Instant.parse('2026-11-20T22:00:00Z')
export const BENCH_CONNECTION = 'con_bench' as ConnectionId

export interface Folder extends Disposable {
  readonly file: string
}

/** A folder for one database, gone with its scope. */
export function benchFolder(): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'keelson-bench-'))
  return { file: path.join(folder, 'keelson.db'), [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface BenchDesk extends AsyncDisposable {
  readonly db: Db
  readonly sync: Sync
  run(): ReturnType<Sync['run']>
  /** Starts the writer thread and keeps it: a run finds it ready, as in an app that has synced before. */
  warm(): Promise<void>
}

/** The product's own pipeline on a database: HTTP client, Alpaca adapter, run, writer thread. Only the pacing is lifted. */
export function benchDesk(file: string, origin: string, onEvent: (event: NewEvent) => void = () => undefined): BenchDesk {
  const clock = { ...createClock(), now: () => BENCH_NOW }
  const log = createLog(() => undefined, clock)
  const db = openDatabase({ file, now: () => BENCH_NOW })
  if (db.raw.prepare('SELECT 1 FROM connections').get() === undefined) {
    insertConnection(db.writer, {
      id: BENCH_CONNECTION,
      broker: 'alpaca',
      environment: 'paper',
      method: 'api-key',
      state: { kind: 'connected' },
      createdAt: BENCH_NOW,
      consentedAt: BENCH_NOW,
      scopes: [],
    })
  }
  const http = createHttp({
    broker: 'Alpaca',
    allow: [origin],
    clock,
    log,
    random: { fraction: () => 0 },
    limiter: createLimiter({ requests: 10_000, perMs: 1, clock }),
  })
  const authorization = { headers: { 'APCA-API-KEY-ID': 'bench', 'APCA-API-SECRET-KEY': 'bench' }, generation: 1 }
  const session = createBrokerHttp({
    http,
    bases: { trading: origin },
    classify: alpaca.classify,
    clock,
    log,
    brokerName: 'Alpaca',
    credentials: { authorize: () => Promise.resolve(authorization), renew: () => Promise.resolve(null) },
  })
  const adapter = alpaca.connect(testSession({ environment: 'paper', http: session, clock: { ...clock, now: () => BENCH_NOW } }))
  const writer = createWriter({ db, file, clock, script: new URL('../../../electron/core/sync/writer-worker.ts', import.meta.url) })
  let kept: Lease | undefined
  const sync = createSync({ db, writer, clock, broker: () => alpaca, adapter: () => adapter, emit: onEvent, log })
  return {
    db,
    sync,
    run: () => sync.run(BENCH_CONNECTION, { signal: new AbortController().signal }),
    async warm() {
      kept ??= writer.lease()
      await kept.index()
    },
    async [Symbol.asyncDispose]() {
      await sync.close()
      await kept?.release()
      await writer.close()
      await http.close()
      db.close()
    },
  }
}
