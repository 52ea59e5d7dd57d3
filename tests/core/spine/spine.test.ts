import { describe, expect, test } from 'vitest'
import type { AccountView, ActivityRow } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { testBox } from '../../support/fake-ports.ts'
import { explored, redirectAfterConsent, type TestCore, testCore } from '../../support/test-core.ts'

const MOVES_SHARES: ReadonlySet<string> = new Set(['trade', 'split', 'option-event', 'transfer', 'corporate-action'])

async function everyRow(app: TestCore, accountId: AccountView['id']): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = []
  for (let after: string | undefined; ;) {
    const page = await app.call('activities.page', { accountId, limit: 500, ...(after === undefined ? {} : { after }) })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

describe('a connection, from the consent page to the history', () => {
  test.each(['alpaca', 'schwab'] as const)('%s connects, syncs and shows its trades; a second sync adds nothing', async broker => {
    await using app = await testCore()
    const connectionId = await app.connect(broker)
    const first = await app.call('sync.run', { connectionId })
    expect(first).toMatchObject({ result: 'success', error: null })
    expect(first.accounts.reduce((sum, account) => sum + account.new, 0)).toBeGreaterThan(100)
    const second = await app.call('sync.run', { connectionId })
    expect(second.result).toBe('success')
    expect(second.accounts.reduce((sum, account) => sum + account.new + account.updated, 0)).toBe(0)
    const { rows } = await app.call('activities.page', { limit: 500, kinds: ['trade'] })
    expect(rows.length).toBeGreaterThan(50)
    for (const row of rows) {
      expect(row.side).toMatch(/^(?:buy|sell)$/)
      expect(Number(row.quantity)).toBeGreaterThan(0)
    }
    // Assignments and reinvestments come without an order and name only a day; every fill of an order has its moment.
    expect(rows.filter(row => row.executedAt === null && row.orderId !== null)).toEqual([])
  })

  test.each(['alpaca', 'schwab'] as const)('%s: the history adds up to the broker\'s own positions and cash, to the last digit', async broker => {
    await using app = await testCore({ activities: 1500 })
    const connectionId = await app.connect(broker)
    await app.call('sync.run', { connectionId })
    const [connection] = await app.call('connections.list', {})
    const accounts = connection?.accounts ?? []
    expect(accounts).toHaveLength(broker === 'alpaca' ? 1 : 2)
    for (const account of accounts) {
      expect(account.maskedNumber).toMatch(/^••••.{2,4}$/)
      const rows = await everyRow(app, account.id)
      const held = new Map<string, Dec>()
      for (const row of rows) {
        if (row.symbol === null || row.quantity === null || !MOVES_SHARES.has(row.kind)) continue
        const change = row.side === 'sell' ? Dec.neg(row.quantity) : row.quantity
        held.set(row.symbol, Dec.add(held.get(row.symbol) ?? Dec.zero, change))
      }
      const positions = await app.call('portfolio.positions', { accountId: account.id })
      expect(positions.length).toBeGreaterThan(2)
      expect(Object.fromEntries([...held].filter(([, quantity]) => !Dec.isZero(quantity)))).toEqual(
        Object.fromEntries(positions.map(row => [row.symbol, row.quantity])),
      )
      const cash = Dec.sum(rows.flatMap(row => (row.amount === null ? [] : [row.amount])))
      expect(cash).toBe(account.cash)
    }
  })

  test('connecting the same account again renews the connection instead of doubling its history', async () => {
    await using app = await testCore()
    const first = await app.connect('alpaca')
    await app.call('sync.run', { connectionId: first })
    const { count } = await app.call('activities.count', {})
    const again = await app.connect('alpaca')
    await app.call('sync.run', { connectionId: again })
    expect(again).toBe(first)
    expect(await app.call('connections.list', {})).toHaveLength(1)
    expect((await app.call('activities.count', {})).count).toBe(count)
  })

  test('disconnecting wipes the tokens and keeps the history; connecting later finds its accounts again', async () => {
    await using app = await testCore()
    const first = await app.connect('schwab')
    await app.call('sync.run', { connectionId: first })
    const [before] = await app.call('connections.list', {})
    const { count } = await app.call('activities.count', {})
    expect(await app.call('connections.disconnect', { connectionId: first })).toEqual({ revoked: 'not-offered' })
    expect(await app.call('connections.list', {})).toEqual([])
    expect((await app.call('activities.count', {})).count).toBe(count)
    const second = await app.connect('schwab')
    const [after] = await app.call('connections.list', {})
    expect(second).not.toBe(first)
    expect(after?.accounts.map(account => account.id)).toEqual(before?.accounts.map(account => account.id))
    expect(await app.call('sync.run', { connectionId: second })).toMatchObject({ result: 'success' })
    expect((await app.call('activities.count', {})).count).toBe(count)
  })

  test('an API key connects after it was tried, and a wrong one leaves nothing behind', async () => {
    await using app = await testCore()
    const wrong = app.call('connections.withForm', { broker: 'alpaca', environment: 'sandbox', method: 'api-key', values: { 'api-key-id': 'PKWRONG00000', 'api-key-secret': 'nope-nope-nope' }, consent: true })
    await expect(wrong).rejects.toMatchObject({ view: { code: 'auth/bad-keys' } })
    expect(await app.call('connections.list', {})).toEqual([])
    const { connectionId } = await app.call('connections.withForm', {
      broker: 'alpaca', environment: 'sandbox', method: 'api-key', values: { 'api-key-id': 'PKSANDBOX0000KEELSON', 'api-key-secret': 'sandbox-alpaca-key-secret-71c8' }, consent: true,
    })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    const refused = app.call('connections.withForm', { broker: 'schwab', environment: 'sandbox', method: 'api-key', values: { 'api-key-id': 'a', 'api-key-secret': 'b' }, consent: true })
    await expect(refused).rejects.toMatchObject({ view: { code: 'auth/method-unavailable' } })
  })
})

describe('when something goes wrong', () => {
  test('a declined consent says so and saves nothing', async () => {
    await using app = await testCore()
    const flow = await app.call('connections.signIn', { broker: 'alpaca', environment: 'sandbox', consent: true, open: false })
    const address = await redirectAfterConsent(flow.authorizeUrl, 'deny')
    await app.call('connections.paste', { flowId: flow.flowId, text: address })
    expect((await app.flowEnd(flow.flowId)).state).toMatchObject({ kind: 'failed', error: { code: 'auth/denied' } })
    expect(await app.call('connections.list', {})).toEqual([])
  })

  test('an expired Schwab token is renewed once in the middle of a sync, unseen', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    app.sandbox.control('schwab').expireAccessTokens()
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    const refreshes = app.sandbox.control('schwab').requests().filter(call => call.method === 'POST' && call.path.startsWith('/v1/oauth/token'))
    expect(refreshes).toHaveLength(2)
  })

  test.each(['alpaca', 'schwab'] as const)('one 401 of %s is answered by trying once more, not by ending the sign-in', async broker => {
    await using app = await testCore()
    const connectionId = await app.connect(broker)
    app.sandbox.control(broker).fault({ name: 'unauthorized-once' })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' }, trouble: null }])
    app.sandbox.control(broker).revokeAll()
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'failed', error: { code: 'auth/sign-in-needed' } })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'needs-sign-in', because: 'revoked' } }])
  })

  test('a revoked sign-in asks for a new one and keeps the history; signing in again goes on where it stopped', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    await app.call('sync.run', { connectionId })
    const { count } = await app.call('activities.count', {})
    app.sandbox.control('schwab').revokeAll()
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'failed', error: { code: 'auth/sign-in-needed' } })
    const [ended] = await app.call('connections.list', {})
    expect(ended).toMatchObject({ state: { kind: 'needs-sign-in' }, token: { badge: 'expired' } })
    expect((await app.call('activities.count', {})).count).toBe(count)
    expect(await app.connect('schwab', { reconnect: connectionId })).toBe(connectionId)
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    expect((await app.call('activities.count', {})).count).toBe(count)
  })

  test('a broker that is down keeps the tokens and the state, and says it will try again', async () => {
    await using app = await testCore({ impatient: true })
    const connectionId = await app.connect('schwab')
    app.sandbox.control('schwab').fault({ name: 'server-error' })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'failed' })
    const [connection] = await app.call('connections.list', {})
    expect(connection).toMatchObject({ state: { kind: 'connected' }, trouble: { code: 'broker/unavailable' } })
    app.sandbox.control('schwab').fault(null)
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    expect((await app.call('connections.list', {}))[0]?.trouble).toBeNull()
  })

  test('one failing account makes the run partial and names the account and the reason', async () => {
    await using app = await testCore({ impatient: true })
    const connectionId = await app.connect('schwab')
    app.sandbox.control('schwab').fault({ name: 'account-failing' })
    const result = await app.call('sync.run', { connectionId })
    expect(result.result).toBe('partial')
    expect(result.accounts.map(account => account.result).sort()).toEqual(['failed', 'success'])
    expect(result.accounts.find(account => account.result === 'failed')?.because).toMatch(/\w+ .*\.$/)
  })

  test('missing app keys name the place to register and the exact redirect address', async () => {
    await using app = await testCore()
    const attempt = app.call('connections.signIn', { broker: 'schwab', environment: 'live', consent: true, open: false })
    await expect(attempt).rejects.toMatchObject({ view: { code: 'auth/app-missing' } })
    await expect(attempt).rejects.toThrow('https://127.0.0.1:8182/callback/schwab')
    await expect(attempt).rejects.toThrow('https://developer.schwab.com')
  })
})

describe('a restart', () => {
  test('keeps connections, tokens, app keys and history', async () => {
    await using before = await testCore()
    const connectionId = await before.connect('schwab')
    await before.call('brokers.setApp', { broker: 'schwab', clientId: 'my-own-app', clientSecret: 'my-own-secret' })
    await before.call('sync.run', { connectionId })
    const { count } = await before.call('activities.count', {})
    const app = await before.restart()
    expect(await app.call('connections.list', {})).toMatchObject([{ id: connectionId, state: { kind: 'connected' }, lastSync: { result: 'success' } }])
    expect((await app.call('activities.count', {})).count).toBe(count)
    expect((await app.call('brokers.list', {})).find(broker => broker.id === 'schwab')?.app).toEqual({ clientId: 'my-own-app', source: 'settings' })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    await app.core.close()
  })

  test('with a locked vault keeps everything readable and says what is locked', async () => {
    const { AppError } = await import('../../../shared/contract/errors.ts')
    await using before = await testCore()
    const connectionId = await before.connect('alpaca')
    await before.call('sync.run', { connectionId })
    const locked = testBox({ unwrap: () => Promise.reject(new AppError('vault/locked')) })
    const app = await before.restart({ secretBox: locked })
    expect((await app.call('app.status', {})).vault.state).toBe('locked')
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'needs-sign-in', because: 'vault-locked' } }])
    expect((await app.call('activities.page', { limit: 1 })).rows).toHaveLength(1)
    await app.core.close()
  })
})

test('exploring the sandbox connects every broker by itself and syncs in the background', async () => {
  await using app = await testCore({ background: true, impatient: true })
  const { connectionIds } = await app.call('sandbox.explore', {})
  expect(connectionIds).toHaveLength(explored)
  await app.waitFor(event => event.type === 'activities.changed')
  expect((await app.call('activities.page', { limit: 1 })).rows).toHaveLength(1)
  expect(await app.call('sandbox.explore', {})).toEqual({ connectionIds })
})
