import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { openDatabase } from '../../../../electron/core/db/open.ts'
import type { Clock } from '../../../../electron/core/ports.ts'
import { insertConnection, listConnections } from '../../../../electron/core/store/connections.ts'
import { createSync } from '../../../../electron/core/sync/sync.ts'
import { createWriter } from '../../../../electron/core/sync/writer.ts'
import type { ConnectionId } from '../../../../shared/domain/ids.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { writerScript } from '../../../support/built.ts'
import { scriptedBroker } from './scripted-broker.ts'

/**
 * A process that syncs once when told to and is made to be killed: `killable.ts <folder>`, with rows of each of three accounts and rows
 * a page, 3000 and 3 when left out. It says `ready`, waits for `go`,
 * says `page` for every commit and `done <result>` at the end. Its timers run 25 times as fast, so that it commits often.
 */
const [folder = '', rows = '3000', pageSize = '3'] = process.argv.slice(2)
const NOW = Instant.parse('2026-11-20T18:00:00Z')
const HURRY = 25
const clock: Clock = {
  now: () => NOW,
  monotonicMs: () => performance.now() * HURRY,
  after(ms, run) {
    const timer = setTimeout(run, ms / HURRY).unref()
    return () => clearTimeout(timer)
  },
}

async function syncOnce(): Promise<void> {
  const file = path.join(folder, 'keelson.db')
  const db = openDatabase({ file, now: () => NOW })
  const known = listConnections(db.reader)[0]?.id
  const id = known ?? (`con_${randomUUID()}` as ConnectionId)
  if (!known)
    insertConnection(db.writer, {
      id,
      broker: 'alpaca',
      environment: 'sandbox',
      method: 'oauth',
      state: { kind: 'connected' },
      createdAt: NOW,
      consentedAt: NOW,
      scopes: [],
    })
  const broker = scriptedBroker({ accounts: ['A', 'B', 'C'], rows: Number(rows), pageSize: Number(pageSize), correctsRepeated: true })
  broker.before = () => new Promise(resolve => setTimeout(resolve, 1))
  const writer = createWriter({ db, file, clock, script: writerScript })
  const none = (): void => undefined
  const sync = createSync({
    db,
    writer,
    clock,
    adapter: () => broker,
    broker: () => ({
      name: 'Alpaca',
      can: { balances: true, positions: true, orders: true, activities: true, quotes: false, revoke: true, refresh: true, trading: null },
    }),
    emit: event => event.type === 'sync.progress' && process.send?.('page'),
    log: { debug: none, info: none, warn: none, error: none, guard: none },
  })
  const { result } = await sync.run(id, { signal: new AbortController().signal })
  await writer.close()
  db.close()
  process.send?.(`done ${result}`)
}

process.on('message', message => {
  if (message === 'go') void syncOnce().then(() => process.disconnect())
})
process.send?.('ready')
