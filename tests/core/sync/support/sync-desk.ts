import { randomBytes, randomUUID } from 'node:crypto'
import { type Db, openDatabase } from '../../../../electron/core/db/open.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { insertConnection } from '../../../../electron/core/store/connections.ts'
import { createSync, type Sync } from '../../../../electron/core/sync/sync.ts'
import { createWriter } from '../../../../electron/core/sync/writer.ts'
import type { NewEvent } from '../../../../shared/contract/events.ts'
import type { Connection } from '../../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../../shared/domain/ids.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { writerScript } from '../../../support/built.ts'
import { jumpingClock, tempFolder } from '../../../support/fake-ports.ts'
import { newDatabase } from '../../../support/new-database.ts'
import type { BrokerAdapter } from '../../../../electron/core/brokers/adapter.ts'

export const NOW = Instant.parse('2026-11-20T18:00:00Z')

export interface SyncDesk extends AsyncDisposable {
  readonly db: Db
  readonly sync: Sync
  readonly events: NewEvent[]
  readonly records: LogRecord[]
  onEvent: (event: NewEvent) => void
  /** Adds a connection whose broker is this adapter, or will be. */
  connect(adapter: BrokerAdapter | Promise<BrokerAdapter>, state?: Connection['state']): ConnectionId
  run(id: ConnectionId): ReturnType<Sync['run']>
}

/** A real database and writer thread (its script can be another) in a fresh folder, the wall clock standing at NOW, brokers played by adapters. */
export function syncDesk(script = writerScript, settle: () => Promise<void> = async () => undefined): SyncDesk {
  const folder = tempFolder('keelson-sync-')
  const file = newDatabase(folder.path)
  const clock = { ...jumpingClock(), now: () => NOW }
  const db = openDatabase({ file, now: () => NOW })
  const adapters = new Map<ConnectionId, BrokerAdapter | Promise<BrokerAdapter>>()
  const events: NewEvent[] = []
  const records: LogRecord[] = []
  const writer = createWriter({ db, file, clock, script })
  const sync = createSync({
    db,
    writer,
    clock,
    settle,
    broker: () => ({
      name: 'Alpaca',
      can: { balances: true, positions: true, orders: true, activities: true, quotes: false, revoke: true, refresh: true, trading: null },
    }),
    adapter(connection) {
      const adapter = adapters.get(connection.id)
      if (!adapter) throw new TypeError('no adapter for this connection')
      return adapter
    },
    emit(event) {
      events.push(event)
      desk.onEvent(event)
    },
    log: createLog(record => void records.push(record), clock),
  })
  const desk: SyncDesk = {
    db,
    sync,
    events,
    records,
    onEvent: () => undefined,
    connect(adapter, state = { kind: 'connected' }) {
      const id = `con_${randomBytes(4).toString('hex')}` as ConnectionId
      adapters.set(id, adapter)
      insertConnection(db.writer, {
        id,
        broker: 'alpaca',
        environment: 'sandbox',
        method: 'oauth',
        state,
        createdAt: NOW,
        consentedAt: NOW,
        scopes: [randomUUID()],
      })
      return id
    },
    run: id => sync.run(id, { signal: new AbortController().signal }),
    async [Symbol.asyncDispose]() {
      await sync.close()
      await writer.close()
      db.close()
      folder[Symbol.dispose]()
    },
  }
  return desk
}
