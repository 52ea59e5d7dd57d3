import { describe, expect, test } from 'vitest'
import { activityPage } from '../../../electron/core/store/activities.ts'
import { accountsOf } from '../../../electron/core/store/accounts.ts'
import { balancesOf } from '../../../electron/core/store/balances.ts'
import { coverage } from '../../../electron/core/store/history.ts'
import { positionsOf } from '../../../electron/core/store/positions.ts'
import { ordersPage, upsertOrders } from '../../../electron/core/store/orders.ts'
import { lastRun } from '../../../electron/core/store/sync-runs.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { type ScriptedBroker, scriptedBroker } from './support/scripted-broker.ts'
import { NOW, syncDesk } from './support/sync-desk.ts'

function rowCount(db: Db): number {
  return Number(db.raw.prepare('SELECT count(*) FROM activities').pluck().get())
}

describe('orders no way in shows', () => {
  test('fail nothing, are said not to be known, and leave those known as they are', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 20 })
    let shown = true
    const id = desk.connect({
      ...broker,
      orders: (...args) =>
        shown ? broker.orders(...args) : Promise.reject(new AppError('order/not-shown', { details: { program: 'TWS' } })),
    })
    await desk.run(id)
    const known = ordersPage(desk.db.reader, { limit: 10 })
    shown = false
    const result = await desk.run(id)
    expect(result).toMatchObject({ result: 'success', error: null })
    expect(result.accounts).toMatchObject([
      { result: 'success', because: 'Orders: TWS shows no orders here, so whether there are any is not known.', code: 'order/not-shown' },
    ])
    expect(known).toHaveLength(1)
    expect(ordersPage(desk.db.reader, { limit: 10 })).toEqual(known)
    expect(lastRun(desk.db.reader, id)).toEqual(result)
  })
})

describe('what is computed after a sync', () => {
  test('takes nothing of its result along when it fails', async () => {
    await using desk = syncDesk(undefined, () => Promise.reject(new TypeError('a reason nobody foresaw')))
    const id = desk.connect(scriptedBroker({ accounts: ['A'], rows: 20 }))
    const result = await desk.run(id)
    expect(result).toMatchObject({ result: 'success', error: null })
    expect(lastRun(desk.db.reader, id)).toEqual(result)
    expect(desk.records.filter(({ event }) => event === 'sync.not-settled')).toMatchObject([{ level: 'error', fields: { code: 'app/internal' } }])
  })
})

describe('a first sync', () => {
  test('brings everything, says so, and stamps every number twice', async () => {
    await using desk = syncDesk()
    const id = desk.connect(scriptedBroker({ accounts: ['A', 'B'], rows: 1234 }))
    const result = await desk.run(id)
    const requested = { from: '2026-09-20', to: '2026-11-20' }
    expect(result).toMatchObject({ result: 'success', error: null, connectionId: id, startedAt: NOW })
    expect(result.accounts).toMatchObject([
      { result: 'success', new: 1234, updated: 0, fetched: 1246, requested, returned: requested },
      { result: 'success', new: 1234, updated: 0, fetched: 1246, requested, returned: requested },
    ])
    const [account] = accountsOf(desk.db.reader, id)
    expect(account).toMatchObject({ maskedNumber: '••••000A', brokerKey: 'A' })
    expect(JSON.stringify(desk.db.raw.prepare('SELECT * FROM accounts').all())).not.toContain('12345000A')
    expect(rowCount(desk.db)).toBe(2468)
    expect(positionsOf(desk.db.reader)).toHaveLength(2)
    expect(ordersPage(desk.db.reader, { limit: 10 })).toHaveLength(2)
    expect(account && balancesOf(desk.db.reader, account.id)).toMatchObject([
      { netLiquidation: '1000.5', asOf: '2026-11-20T15:00:00.000Z', fetchedAt: NOW },
    ])
    expect(coverage(desk.db.reader)).toMatchObject([
      { ...requested, complete: true },
      { ...requested, complete: true },
    ])
    expect(lastRun(desk.db.reader, id)).toEqual(result)
  })

  test('leaves everything findable by its words', async () => {
    await using desk = syncDesk()
    const id = desk.connect(scriptedBroker({ accounts: ['A'], rows: 500 }))
    await desk.run(id)
    expect(activityPage(desk.db.reader, { search: 'brk', limit: 500 }).rows).toHaveLength(100)
    expect(activityPage(desk.db.reader, { search: 'cash div', limit: 500 }).rows).toHaveLength(20)
  })

  test('tells of a change only once it can be read', async () => {
    await using desk = syncDesk()
    const id = desk.connect(scriptedBroker({ accounts: ['A'], rows: 12_000, pageSize: 500 }))
    const readable: number[] = []
    const held: number[] = []
    desk.onEvent = event => {
      if (event.type === 'activities.changed') readable.push(rowCount(desk.db))
      if (event.type === 'portfolio.changed') held.push(positionsOf(desk.db.reader).length)
    }
    await desk.run(id)
    expect(held).toEqual([1])
    expect(readable.at(0)).toBeGreaterThan(0)
    expect(readable.at(-1)).toBe(12_000)
    expect(desk.events.filter(event => event.type === 'connections.changed').length).toBeGreaterThanOrEqual(2)
    expect(desk.events.findLast(event => event.type === 'sync.progress')).toMatchObject({ fetched: 12_023 })
  })
})

describe('a later sync', () => {
  test('of an unchanged history reads the overlap and writes no row', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    const id = desk.connect(broker)
    await desk.run(id)
    const before = desk.db.raw.prepare('SELECT * FROM activities ORDER BY id').all()
    broker.calls.length = 0
    const [account] = (await desk.run(id)).accounts
    expect(account).toMatchObject({ result: 'success', new: 0, updated: 0, requested: { from: '2026-11-13', to: '2026-11-20' } })
    expect(broker.calls.filter(({ call }) => call === 'activities')).toHaveLength(4)
    expect(desk.db.raw.prepare('SELECT * FROM activities ORDER BY id').all()).toEqual(before)
  })

  test('brings new rows and corrections, each counted as what it is', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 300 })
    const id = desk.connect(broker)
    await desk.run(id)
    const rows = broker.history.get('A') ?? []
    const [first, second] = rows
    if (!first || !second) throw new TypeError('no rows')
    const corrected = { ...first, facts: { ...first.facts, price: Dec.of('77.7'), status: 'corrected' as const } }
    const added = { ...second, facts: { ...second.facts, externalId: 'late' } }
    broker.history.set('A', [added, corrected, ...rows.slice(1)])
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'success', new: 1, updated: 1 }])
    expect(rowCount(desk.db)).toBe(301)
    expect(activityPage(desk.db.reader, { limit: 500 }).rows.find(row => row.externalId === first.facts.externalId)).toMatchObject({
      price: '77.7',
      status: 'corrected',
    })
    expect(lastRun(desk.db.reader, id)?.accounts[0]).toMatchObject({ new: 1, updated: 1 })
  })
})

describe('orders', () => {
  async function firstDayAsked(submittedAt: string, status: OrderStatus): Promise<string | undefined> {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 5 })
    const id = desk.connect(broker)
    await desk.run(id)
    const [account] = accountsOf(desk.db.reader, id)
    const [order] = ordersPage(desk.db.reader, { limit: 1 })
    if (!account || !order) throw new TypeError('no order')
    upsertOrders(desk.db.writer, account.id, [{ ...order, externalId: 'o-2', status, submittedAt: Instant.parse(submittedAt) }], NOW)
    broker.calls.length = 0
    await desk.run(id)
    return broker.calls.find(({ call }) => call === 'orders')?.range?.from
  }

  test('are read again from the oldest that is not at its end, for a year at most', async () => {
    expect(await firstDayAsked('2026-07-01T02:00:00Z', 'working')).toBe('2026-06-30')
    expect(await firstDayAsked('2026-07-01T15:00:00Z', 'partially-filled')).toBe('2026-07-01')
    expect(await firstDayAsked('2019-07-01T15:00:00Z', 'other')).toBe('2025-11-21')
  })

  test('are read again for two months when all are at their end', async () => {
    expect(await firstDayAsked('2026-07-01T15:00:00Z', 'filled')).toBe('2026-09-21')
    expect(await firstDayAsked('2026-11-19T15:00:00Z', 'working')).toBe('2026-09-21')
  })
})

describe('the writer thread', () => {
  const checkpoint = (db: Db): unknown => db.raw.pragma('wal_autocheckpoint', { simple: true })

  test('that cannot start fails the sync and leaves the database as it was', async () => {
    await using desk = syncDesk(new URL('no-such-script.ts', import.meta.url))
    const id = desk.connect(scriptedBroker({ accounts: ['A'], rows: 50 }))
    expect(await desk.run(id)).toMatchObject({ result: 'failed', error: { code: 'app/internal' } })
    expect(rowCount(desk.db)).toBe(0)
    await expect.poll(() => checkpoint(desk.db)).toBe(1000)
  })

  test('lets the write-ahead log grow during a run and folds it in after', async () => {
    await using desk = syncDesk()
    const id = desk.connect(scriptedBroker({ accounts: ['A'], rows: 20_000, pageSize: 1000 }))
    const during: unknown[] = []
    desk.onEvent = event => void (event.type === 'sync.progress' && during.push(checkpoint(desk.db)))
    await desk.run(id)
    expect(new Set(during)).toEqual(new Set([16_000]))
    await expect.poll(() => checkpoint(desk.db)).toBe(1000)
    expect(desk.db.raw.pragma('wal_checkpoint(PASSIVE)')).toMatchObject([{ log: 0 }])
  })
})

describe('one run at a time', () => {
  const hold = (broker: ScriptedBroker): { arrived: Promise<void>; go: () => void } => {
    const arrived = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    broker.before = async ({ call }, { signal }) => {
      if (call !== 'activities') return
      arrived.resolve()
      signal.addEventListener('abort', () => released.resolve())
      await released.promise
    }
    return { arrived: arrived.promise, go: () => released.resolve() }
  }
  const canceled = { code: 'app/canceled' }

  test('a second call joins the first', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 50 })
    const { arrived, go } = hold(broker)
    const id = desk.connect(broker)
    const first = desk.run(id)
    await arrived
    const impatient = new AbortController()
    const third = desk.sync.run(id, { signal: impatient.signal })
    const second = desk.run(id)
    impatient.abort()
    await expect(third).rejects.toMatchObject(canceled)
    expect(desk.sync.running(id)).toBe(true)
    go()
    expect(await second).toBe(await first)
    expect(broker.calls.filter(({ call }) => call === 'accounts')).toHaveLength(1)
    expect(desk.sync.running(id)).toBe(false)
  })

  test('stops when everyone gave up; what was saved stays and the run is on record', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 50 })
    const { arrived } = hold(broker)
    const id = desk.connect(broker)
    const stop = new AbortController()
    const run = desk.sync.run(id, { signal: stop.signal })
    await arrived
    stop.abort()
    await expect(run).rejects.toMatchObject(canceled)
    broker.before = () => undefined
    expect(await desk.run(id)).toMatchObject({ result: 'success', accounts: [{ new: 50 }] })
    const record = desk.db.raw.prepare("SELECT result, error ->> 'code' AS code FROM sync_runs ORDER BY id").all()
    expect(record).toEqual([
      { result: 'canceled', code: 'app/canceled' },
      { result: 'success', code: null },
    ])
  })

  test('two connections sync side by side through one writer', async () => {
    await using desk = syncDesk()
    const ids = ['1', '2', '3'].map(key => desk.connect(scriptedBroker({ accounts: [`A${key}`], rows: 3000 })))
    const results = await Promise.all(ids.map(id => desk.run(id)))
    expect(results.map(({ result }) => result)).toEqual(['success', 'success', 'success'])
    expect(rowCount(desk.db)).toBe(9000)
  })

  test('stopping says whether there was a run, which is on record as canceled and not as failed', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 50 })
    const { arrived } = hold(broker)
    const id = desk.connect(broker)
    const run = desk.run(id)
    await arrived
    expect(await desk.sync.stop(id)).toBe(true)
    expect(await desk.sync.stop(id)).toBe(false)
    expect(await run).toMatchObject({ result: 'canceled', error: { code: 'app/canceled' } })
    expect(lastRun(desk.db.reader, id)).toEqual(await run)
  })

  test('closing stops what runs and refuses what comes', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 50 })
    const { arrived } = hold(broker)
    const id = desk.connect(broker)
    const run = desk.run(id)
    await arrived
    await desk.sync.close()
    expect(await run).toMatchObject({ result: 'canceled', error: canceled })
    await expect(desk.run(id)).rejects.toMatchObject(canceled)
    await expect(desk.sync.run('con_none' as ConnectionId, { signal: new AbortController().signal })).rejects.toMatchObject(canceled)
  })

  test('an unknown connection is refused by name', async () => {
    await using desk = syncDesk()
    await expect(desk.run('con_none' as ConnectionId)).rejects.toMatchObject({ code: 'app/not-found' })
  })
})
