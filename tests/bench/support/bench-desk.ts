import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Broker } from '../../../electron/core/brokers/adapter.ts'
import { alpaca } from '../../../electron/core/brokers/alpaca/index.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { testSession, type TestSessionOptions } from '../../core/brokers/support/test-session.ts'
import { createBrokerHttp } from '../../../electron/core/net/broker-http.ts'
import { createHttp } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { createSync, type Sync } from '../../../electron/core/sync/sync.ts'
import { createWriter, type Lease } from '../../../electron/core/sync/writer.ts'
import { createClock } from '../../../electron/node/clock.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
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

/** A broker to read from, and what its one connection is set to. */
export interface BenchBroker {
  readonly broker: Broker
  readonly connection: Pick<Connection, 'environment' | 'method'>
  /** Which of the broker's addresses the server stands for. */
  readonly bases: readonly string[]
  readonly session?: Pick<TestSessionOptions, 'settings' | 'secrets'>
}

const ALPACA: BenchBroker = { broker: alpaca, connection: { environment: 'paper', method: 'api-key' }, bases: ['trading'] }

/** The product's own pipeline on a database: HTTP client, adapter (Alpaca's when none is named), run, writer thread. Only the pacing is lifted. */
export function benchDesk(
  file: string,
  origin: string,
  onEvent: (event: NewEvent) => void = () => undefined,
  { broker, connection, bases: named, session: own = {} }: BenchBroker = ALPACA,
): BenchDesk {
  const clock = { ...createClock(), now: () => BENCH_NOW }
  const log = createLog(() => undefined, clock)
  const db = openDatabase({ file, now: () => BENCH_NOW })
  if (db.raw.prepare('SELECT 1 FROM connections').get() === undefined) {
    insertConnection(db.writer, {
      id: BENCH_CONNECTION,
      broker: broker.id,
      ...connection,
      state: { kind: 'connected' },
      createdAt: BENCH_NOW,
      consentedAt: BENCH_NOW,
      scopes: [],
    })
  }
  const http = createHttp({
    broker: broker.name,
    allow: [origin],
    clock,
    log,
    random: { fraction: () => 0 },
    limiter: createLimiter({ requests: 10_000, perMs: 1, clock }),
  })
  const authorization = { headers: { 'APCA-API-KEY-ID': 'bench', 'APCA-API-SECRET-KEY': 'bench' }, generation: 1 }
  const bases = Object.fromEntries(named.map(name => [name, origin]))
  const calls = createBrokerHttp({
    http,
    bases,
    classify: broker.classify,
    clock,
    log,
    brokerName: broker.name,
    credentials: { authorize: () => Promise.resolve(authorization), renew: () => Promise.resolve(null) },
  })
  const adapter = broker.connect(testSession({ ...connection, ...own, bases, http: calls, clock }))
  const writer = createWriter({ db, file, clock, script: new URL('../../../electron/core/sync/writer-worker.ts', import.meta.url) })
  let kept: Lease | undefined
  const sync = createSync({ db, writer, clock, broker: () => broker, adapter: () => adapter, emit: onEvent, log })
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
