import { describe, expect, test } from 'vitest'
import { activityPage } from '../../../electron/core/store/activities.ts'
import { accountsOf } from '../../../electron/core/store/accounts.ts'
import { balancesOf } from '../../../electron/core/store/balances.ts'
import { getConnection, getTrouble } from '../../../electron/core/store/connections.ts'
import { coverage, readHistory, writeHistory } from '../../../electron/core/store/history.ts'
import { positionsOf } from '../../../electron/core/store/positions.ts'
import { ordersPage, upsertOrders } from '../../../electron/core/store/orders.ts'
import { lastRun } from '../../../electron/core/store/sync-runs.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderStatus } from '../../../shared/domain/order.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { type Call, type ScriptedBroker, scriptedBroker, type ScriptedCall } from './support/scripted-broker.ts'
import { NOW, syncDesk } from './support/sync-desk.ts'

function rowCount(db: Db): number {
  return Number(db.raw.prepare('SELECT count(*) FROM activities').pluck().get())
}

function failOn(broker: ScriptedBroker, code: ErrorCode, match: { account?: string; call?: Call; after?: number }): void {
  let seen = 0
  broker.before = ({ call, account }) => {
    if ((match.account ?? account) !== account || (match.call ?? call) !== call) return
    seen += 1
    if (seen > (match.after ?? 0)) throw new AppError(code, { details: { broker: 'Alpaca', status: 500 } })
  }
}

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

describe('a sync that does not bring everything', () => {
  test('is partial when one account fails, and says which and why', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A', 'B', 'C'], rows: 50 })
    failOn(broker, 'broker/unavailable', { account: 'B' })
    const id = desk.connect(broker)
    const result = await desk.run(id)
    expect(result).toMatchObject({ result: 'partial', error: null })
    expect(result.accounts.map(account => account.result)).toEqual(['success', 'failed', 'success'])
    expect(result.accounts[1]).toMatchObject({
      code: 'broker/unavailable',
      returned: null,
      fetched: 0,
      because: 'Balances, positions, orders, trade history: Alpaca has a problem on its side (500). Your tokens and history are safe.',
    })
    expect(getTrouble(desk.db.reader, id)).toBeNull()
  })

  test('keeps what came of an account whose positions fail', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A', 'B'], rows: 50 })
    failOn(broker, 'broker/unreadable', { account: 'A', call: 'positions' })
    const result = await desk.run(desk.connect(broker))
    expect(result.accounts[0]).toMatchObject({
      result: 'failed',
      because: 'Positions: Alpaca sent an answer Keelson does not understand. Nothing was saved from it.',
      new: 50,
      returned: { to: '2026-11-20' },
    })
    expect(rowCount(desk.db)).toBe(100)
  })

  test('has failed when every account fails; a passing reason is noted and forgotten again', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A', 'B'], rows: 50 })
    failOn(broker, 'broker/unavailable', { call: 'activities' })
    const id = desk.connect(broker)
    expect(await desk.run(id)).toMatchObject({
      result: 'failed',
      error: { code: 'broker/unavailable' },
      accounts: [{ result: 'failed' }, { result: 'failed' }],
    })
    expect(getTrouble(desk.db.reader, id)).toMatchObject({ code: 'broker/unavailable' })
    broker.before = () => undefined
    expect(await desk.run(id)).toMatchObject({ result: 'success' })
    expect(getTrouble(desk.db.reader, id)).toBeNull()
  })

  test('stops at the end of a sign-in, asks no more, and leaves the state to the tokens', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A', 'B'], rows: 50 })
    failOn(broker, 'auth/sign-in-needed', { call: 'activities' })
    const id = desk.connect(broker)
    const result = await desk.run(id)
    expect(result).toMatchObject({ result: 'failed', error: { code: 'auth/sign-in-needed' } })
    expect(result.accounts.map(({ code }) => code)).toEqual(['auth/sign-in-needed', 'auth/sign-in-needed'])
    expect(broker.calls.filter(({ account }) => account === 'B')).toEqual([])
    expect([getConnection(desk.db.reader, id)?.state.kind, getTrouble(desk.db.reader, id)]).toEqual(['connected', null])
  })

  test('asks nothing of a broker that needs a sign-in', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 5 })
    const revoked = desk.connect(broker, { kind: 'needs-sign-in', because: 'revoked', since: NOW })
    const locked = desk.connect(broker, { kind: 'needs-sign-in', because: 'vault-locked', since: NOW })
    expect(await desk.run(revoked)).toMatchObject({
      result: 'failed',
      error: { code: 'auth/sign-in-needed', message: 'Alpaca needs a sign-in. History stays; syncing stops until you sign in.' },
    })
    expect(await desk.run(locked)).toMatchObject({ result: 'failed', error: { code: 'vault/locked' } })
    expect(broker.calls).toEqual([])
  })

  test('waits for what the broker needs, and fails when it does not come', async () => {
    await using desk = syncDesk()
    const simulator = Promise.withResolvers<ScriptedBroker>()
    const run = desk.run(desk.connect(simulator.promise))
    simulator.resolve(scriptedBroker({ accounts: ['A'], rows: 5 }))
    expect(await run).toMatchObject({ result: 'success' })
    const missing = Promise.reject(new AppError('sandbox/address-refused'))
    missing.catch(() => undefined)
    expect(await desk.run(desk.connect(missing))).toMatchObject({ result: 'failed', error: { code: 'sandbox/address-refused' } })
  })

  test('fails when the sign-in shows no account', async () => {
    await using desk = syncDesk()
    expect(await desk.run(desk.connect(scriptedBroker({ accounts: [], rows: 0 })))).toMatchObject({
      result: 'failed',
      error: { code: 'broker/no-accounts' },
      accounts: [],
    })
  })

  test('names an account the broker no longer lists and keeps its history', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A', 'B'], rows: 50 })
    const id = desk.connect(broker)
    await desk.run(id)
    broker.listed = ['A']
    expect(await desk.run(id)).toMatchObject({
      result: 'partial',
      accounts: [{ result: 'success' }, { result: 'failed', code: 'broker/account-gone' }],
    })
    expect(rowCount(desk.db)).toBe(100)
  })

  test('goes on from the last saved page next time, and counts only what is new then', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 2000 })
    failOn(broker, 'net/timeout', { call: 'activities', after: 7 })
    const id = desk.connect(broker)
    const first = await desk.run(id)
    expect(first.accounts).toMatchObject([
      {
        result: 'failed',
        code: 'net/timeout',
        new: 700,
        requested: { from: '2026-09-01' },
        returned: { from: '2026-11-03', to: '2026-11-20' },
      },
    ])
    broker.before = () => undefined
    broker.calls.length = 0
    expect((await desk.run(id)).accounts).toMatchObject([
      { result: 'success', new: 1300, updated: 0, returned: { from: '2026-09-01', to: '2026-11-20' } },
    ])
    expect(broker.calls.find(({ call }) => call === 'activities')).toMatchObject({ cursor: '700' })
    expect(rowCount(desk.db)).toBe(2000)
  })

  test('brings what happened at the broker between an interrupted reading and the run that finishes it', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    failOn(broker, 'net/timeout', { call: 'activities', after: 4 })
    const id = desk.connect(broker)
    await desk.run(id)
    broker.before = () => undefined
    const [newest, ...older] = broker.history.get('A') ?? []
    if (!newest) throw new TypeError('no rows')
    const corrected = { ...newest, facts: { ...newest.facts, price: Dec.of('77.7') } }
    const added = { ...newest, facts: { ...newest.facts, externalId: 'since' } }
    broker.history.set('A', [added, corrected, ...older])
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'success', new: 601, updated: 1 }])
    expect(rowCount(desk.db)).toBe(1001)
  })

  test('reads a range from its start when the broker forgot where the last run stopped', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    failOn(broker, 'net/timeout', { call: 'activities', after: 4 })
    const id = desk.connect(broker)
    await desk.run(id)
    broker.before = ({ cursor }) => {
      if (cursor === '400') {
        broker.before = () => undefined
        throw new AppError('broker/refused', { details: { broker: 'Alpaca', status: 422 } })
      }
    }
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'success', new: 600, fetched: 1332 }])
    expect(rowCount(desk.db)).toBe(1000)
  })

  test('brings the newest days although an old page cannot be read, says why, and does not claim the old ones', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    const damaged = ({ cursor, range }: ScriptedCall): void => {
      if (cursor === '400' && range?.from === '2026-09-26') throw new AppError('broker/unreadable', { details: { broker: 'Alpaca' } })
    }
    broker.before = damaged
    const id = desk.connect(broker)
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'failed', new: 400 }])
    const [account] = accountsOf(desk.db.reader, id)
    if (!account) throw new TypeError('no account')
    const open = readHistory(desk.db.reader, account.id)
    expect(open).toMatchObject({ cursor: '400', done: false, completeTo: null })
    const [newest, ...older] = broker.history.get('A') ?? []
    if (!newest) throw new TypeError('no rows')
    broker.history.set('A', [{ ...newest, facts: { ...newest.facts, externalId: 'since' } }, newest, ...older])
    for (const added of [1, 0]) {
      const { accounts } = await desk.run(id)
      expect(accounts).toMatchObject([
        { result: 'failed', code: 'broker/unreadable', new: added, returned: { from: '2026-11-13', to: '2026-11-20' } },
      ])
      expect(accounts[0]?.because).toContain('Trade history: Alpaca sent an answer Keelson does not understand.')
      expect(readHistory(desk.db.reader, account.id)).toEqual(open)
    }
    expect(rowCount(desk.db)).toBe(401)
    broker.before = () => undefined
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'success' }])
    expect(rowCount(desk.db)).toBe(1001)
    expect(readHistory(desk.db.reader, account.id)).toMatchObject({ done: true, completeFrom: '2026-09-26', completeTo: '2026-11-20' })
  })

  test('leaves the newest days alone when the broker asks to slow down', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    failOn(broker, 'net/timeout', { call: 'activities', after: 4 })
    const id = desk.connect(broker)
    await desk.run(id)
    failOn(broker, 'broker/rate-limited', { call: 'activities' })
    broker.calls.length = 0
    expect(await desk.run(id)).toMatchObject({ error: { code: 'broker/rate-limited' } })
    expect(broker.calls.filter(({ call }) => call === 'activities')).toHaveLength(1)
  })

  test('reads a range from its start although its first page names the refused place again', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    failOn(broker, 'net/timeout', { call: 'activities', after: 1 })
    const id = desk.connect(broker)
    await desk.run(id)
    broker.before = ({ cursor }) => {
      if (cursor !== '100') return
      broker.before = () => undefined
      throw new AppError('broker/refused', { details: { broker: 'Alpaca', status: 422 } })
    }
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'success', new: 900 }])
  })

  test('stays at a refused place that the broker did not name itself', async () => {
    await using desk = syncDesk()
    const broker = Object.assign(scriptedBroker({ accounts: ['A'], rows: 1000 }), { ownCursors: true })
    const id = desk.connect(broker)
    broker.before = ({ cursor, range }: ScriptedCall) => {
      if (cursor === '400' && range?.from === '2026-09-26')
        throw new AppError('broker/refused', { details: { broker: 'Alpaca', status: 400 } })
    }
    await desk.run(id)
    broker.calls.length = 0
    expect(await desk.run(id)).toMatchObject({ error: { code: 'broker/refused' } })
    expect(broker.calls.flatMap(({ call, range, cursor }) => (call === 'activities' ? [[range?.from, cursor]] : []))).toEqual([
      ['2026-09-26', '400'],
      ['2026-11-13', null],
      ['2026-11-13', '100'],
      ['2026-11-13', '200'],
      ['2026-11-13', '300'],
    ])
  })

  test('claims no day after the one the answer is of', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 200 })
    const activities = broker.activities.bind(broker)
    const asOf = Instant.parse('2026-11-20T04:30:00Z')
    const id = desk.connect({
      ...broker,
      activities: async (...args: Parameters<typeof activities>) => ({ ...(await activities(...args)), asOf }),
    })
    expect(await desk.run(id)).toMatchObject({ result: 'success' })
    expect(coverage(desk.db.reader)).toMatchObject([{ to: '2026-11-19', complete: true }])
  })

  test('goes back to the newest row where a history ends in the future', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 200, lastDay: LocalDate.of('2026-10-25') })
    const id = desk.connect(broker)
    await desk.run(id)
    const [account] = accountsOf(desk.db.reader, id)
    const history = account && readHistory(desk.db.reader, account.id)
    if (!history) throw new TypeError('no history')
    const future = LocalDate.of('2027-05-20')
    writeHistory(desk.db.writer, account.id, { ...history, to: future, completeTo: future }, NOW)
    expect((await desk.run(id)).accounts).toMatchObject([{ result: 'success', requested: { from: '2026-10-18', to: '2026-11-20' } }])
    expect((await desk.run(id)).accounts).toMatchObject([{ requested: { from: '2026-11-13', to: '2026-11-20' } }])
  })

  test('does not follow a page that names itself', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 1000 })
    const activities = broker.activities.bind(broker)
    const loop = {
      ...broker,
      activities: async (...args: Parameters<typeof activities>) => ({ ...(await activities(...args)), next: 'same' }),
    }
    expect(await desk.run(desk.connect(loop))).toMatchObject({ result: 'failed', error: { code: 'broker/unreadable' } })
  })
})

describe('the writer thread', () => {
  const checkpoint = (db: Db): unknown => db.raw.pragma('wal_autocheckpoint', { simple: true })

  test('that cannot start fails the sync and leaves the database as it was', async () => {
    await using desk = syncDesk('electron/core/sync/no-such-script.ts')
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
      { result: 'failed', code: 'app/canceled' },
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

  test('closing stops what runs and refuses what comes', async () => {
    await using desk = syncDesk()
    const broker = scriptedBroker({ accounts: ['A'], rows: 50 })
    const { arrived } = hold(broker)
    const id = desk.connect(broker)
    const run = desk.run(id)
    await arrived
    await desk.sync.close()
    expect(await run).toMatchObject({ result: 'failed', error: canceled })
    await expect(desk.run(id)).rejects.toMatchObject(canceled)
    await expect(desk.sync.run('con_none' as ConnectionId, { signal: new AbortController().signal })).rejects.toMatchObject(canceled)
  })

  test('an unknown connection is refused by name', async () => {
    await using desk = syncDesk()
    await expect(desk.run('con_none' as ConnectionId)).rejects.toMatchObject({ code: 'app/not-found' })
  })
})
