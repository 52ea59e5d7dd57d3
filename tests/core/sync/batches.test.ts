import path from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { packRows } from '../../../electron/core/ledger/packed-rows.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { readHistory } from '../../../electron/core/store/history.ts'
import { adoptListed } from '../../../electron/core/sync/adopt.ts'
import { BATCH_ROWS, createBatches } from '../../../electron/core/sync/batches.ts'
import type { HistoryState } from '../../../electron/core/sync/plan.ts'
import { createWriter } from '../../../electron/core/sync/writer.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { writerScript } from '../../support/built.ts'
import { jumpingClock, tempFolder } from '../../support/fake-ports.ts'
import { scriptedRow } from './support/scripted-broker.ts'
import { NOW } from './support/sync-desk.ts'

const day = LocalDate.of('2026-11-20')
const upTo = (cursor: string | null): HistoryState => ({
  from: LocalDate.of('2018-01-01'),
  to: day,
  cursor,
  done: cursor === null,
  completeFrom: null,
  completeTo: null,
})
const page = (account: AccountId, start: number) =>
  Array.from({ length: BATCH_ROWS }, (_, at) => activityValues(account, scriptedRow(0, start + at, day), { asOf: NOW, fetchedAt: NOW }))

function desk() {
  const folder = tempFolder('keelson-batches-')
  const file = path.join(folder.path, 'keelson.db')
  const clock = jumpingClock()
  const db = openDatabase({ file, now: () => NOW })
  const id = 'con_1' as ConnectionId
  const connection = { id, broker: 'alpaca', environment: 'live', method: 'oauth' } as const
  insertConnection(db.writer, { ...connection, state: { kind: 'connected' }, createdAt: NOW, consentedAt: NOW, scopes: [] })
  const listed = [{ key: 'A', number: '12345678', name: 'A', type: 'cash', currency: 'USD' }]
  const [account] = adoptListed(db.writer, connection, listed).accounts
  if (!account) throw new TypeError('no account')
  const writer = createWriter({ db, file, clock, script: writerScript })
  return {
    db,
    accountId: account.id,
    lease: writer.lease(),
    clock,
    async [Symbol.asyncDispose]() {
      await writer.close()
      db.close()
      folder[Symbol.dispose]()
    },
  }
}

test('after a commit that failed, no later one moves the cursor over the hole', async () => {
  await using at = desk()
  const { db, accountId } = at
  const first = createBatches({ ...at, onCommit: () => undefined })
  await first.add([packRows(page(accountId, 0))], upTo('page-2'))
  await first.drain()

  const commits: number[] = []
  const batches = createBatches({ ...at, onCommit: (_, rows) => commits.push(rows) })
  // Both leave before the first has an answer; only the first has a row that cannot be saved.
  const bad = batches.add([packRows([...page('acc_none' as AccountId, 0).slice(0, 1), ...page(accountId, BATCH_ROWS)])], upTo('page-3'))
  const good = batches.add([packRows(page(accountId, 2 * BATCH_ROWS))], upTo('page-4'))
  expect((await Promise.allSettled([bad, good, batches.drain()])).at(-1)).toMatchObject({
    status: 'rejected',
    reason: { code: 'app/not-found' },
  })
  expect(commits).toEqual([])
  expect(readHistory(db.reader, accountId)).toMatchObject({ cursor: 'page-2' })
  expect(Number(db.raw.prepare('SELECT count(*) FROM activities').pluck().get())).toBe(BATCH_ROWS)
})

test('commits one after another as long as each finds the one before', async () => {
  await using at = desk()
  const { db, accountId } = at
  const batches = createBatches({ ...at, onCommit: () => undefined })
  const added = [0, 1, 2].map(place => batches.add([packRows(page(accountId, place * BATCH_ROWS))], upTo(place === 2 ? null : `page-${place}`)))
  await Promise.all(added)
  await batches.drain()
  expect(readHistory(db.reader, accountId)).toMatchObject({ cursor: null, done: true })
  expect(Number(db.raw.prepare('SELECT count(*) FROM activities').pluck().get())).toBe(3 * BATCH_ROWS)
})
