import { describe, expect, test } from 'vitest'
import { type Refused, testCore } from '../../support/test-core.ts'

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no refusal',
    (error: Refused) => error.view.code,
  )

describe('a connection', () => {
  test('carries a name of the user’s own until it is taken away, through a restart', async () => {
    await using before = await testCore()
    const connectionId = await before.connect('alpaca')
    await before.call('connections.rename', { connectionId, label: '  Retirement  ' })
    await using app = await before.restart()
    expect(await app.call('connections.list', {})).toMatchObject([{ label: 'Retirement' }])
    await app.call('connections.rename', { connectionId, label: '' })
    expect(await app.call('connections.list', {})).toMatchObject([{ label: '' }])
  })

  test('gets no name another one has, in whatever letters; its own it may have again, and a removed one leaves its name free', async () => {
    await using app = await testCore()
    const first = await app.connect('alpaca')
    const second = await app.connect('schwab')
    await app.call('connections.rename', { connectionId: first, label: 'Retirement' })
    await expect(app.call('connections.rename', { connectionId: second, label: ' retirement ' })).rejects.toMatchObject({
      view: { code: 'app/name-taken', message: 'Another connection is called retirement already.' },
    })
    await app.call('connections.rename', { connectionId: first, label: 'RETIREMENT' })
    await app.call('connections.disconnect', { connectionId: first })
    await app.call('connections.rename', { connectionId: second, label: 'Retirement' })
    expect(await app.call('connections.list', {})).toMatchObject([{ id: second, label: 'Retirement' }])
  })

  test('can be the primary one, which comes first; there is only ever one', async () => {
    await using app = await testCore()
    const first = await app.connect('alpaca')
    const second = await app.connect('schwab')
    await app.call('connections.setPrimary', { connectionId: second })
    expect((await app.call('connections.list', {})).map(({ id, primary }) => [id, primary])).toEqual([
      [second, true],
      [first, false],
    ])
    await app.call('connections.setPrimary', { connectionId: first })
    expect((await app.call('connections.list', {})).map(({ id, primary }) => [id, primary])).toEqual([
      [first, true],
      [second, false],
    ])
    await app.call('connections.disconnect', { connectionId: first })
    expect((await app.call('connections.list', {})).map(({ primary }) => primary)).toEqual([false])
  })

  test('that does not exist can be neither renamed nor made primary', async () => {
    await using app = await testCore()
    const connectionId = 'con_none'
    expect(await refusal(app.call('connections.rename', { connectionId, label: 'x' }))).toBe('app/not-found')
    expect(await refusal(app.call('connections.setPrimary', { connectionId }))).toBe('app/not-found')
    expect(await refusal(app.call('accounts.exclude', { accountId: 'acc_none', excluded: true }))).toBe('app/not-found')
  })
})

describe('an account that is left out', () => {
  test('is neither synced nor counted among the holdings, keeps its history, and comes back', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    await app.call('sync.run', { connectionId })
    const [{ accounts: [account] } = { accounts: [] }] = await app.call('connections.list', {})
    const accountId = account?.id ?? ''
    const { count } = await app.call('activities.count', {})
    const held = await app.call('portfolio.positions', {})
    await app.call('accounts.exclude', { accountId, excluded: true })
    const [shown] = await app.call('connections.list', {})
    expect(shown?.accounts.map(({ id, excluded }) => [id === accountId, excluded])).toEqual([
      [true, true],
      [false, false],
    ])
    const run = await app.call('sync.run', { connectionId })
    expect(run).toMatchObject({ result: 'success' })
    expect(run.accounts.map(({ id }) => id)).not.toContain(accountId)
    expect((await app.call('portfolio.positions', {})).length).toBeLessThan(held.length)
    expect(await app.call('portfolio.positions', { accountId })).not.toEqual([])
    expect((await app.call('activities.count', {})).count).toBe(count)
    await app.call('accounts.exclude', { accountId, excluded: false })
    expect((await app.call('sync.run', { connectionId })).accounts.map(({ id }) => id)).toContain(accountId)
    expect(await app.call('portfolio.positions', {})).toHaveLength(held.length)
  })

  test('stays left out when its connection is signed in again', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    const [connection] = await app.call('connections.list', {})
    const accountId = connection?.accounts[0]?.id ?? ''
    await app.call('accounts.exclude', { accountId, excluded: true })
    await app.connect('schwab', { reconnect: connectionId })
    const [again] = await app.call('connections.list', {})
    expect(again?.accounts.find(({ id }) => id === accountId)).toMatchObject({ excluded: true })
  })
})
