import { describe, expect, test } from 'vitest'
import { accountsOf } from '../../../electron/core/store/accounts.ts'
import { getConnection, getTrouble } from '../../../electron/core/store/connections.ts'
import { coverage, readHistory, writeHistory } from '../../../electron/core/store/history.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
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
