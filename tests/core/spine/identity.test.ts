import { describe, expect, test } from 'vitest'
import { startSandbox } from '../../../electron/core/sandbox/sandbox.ts'
import { approveConsent } from '../../../electron/core/sandbox/browser-player.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { explored, Refused, type TestCore, testCore } from '../../support/test-core.ts'

/** A core whose Alpaca simulator can be exchanged for another person's while it runs. */
async function withTwoPeople() {
  const env: Record<string, string> = {}
  const app = await testCore({ ports: { env } })
  const other = await startSandbox({ seed: 99, now: app.ports.clock.now, brokers: ['alpaca'], size: { activities: 200 } })
  const mutable: Record<string, string | undefined> = app.ports.env
  const mine = app.sandbox.urls.alpaca
  return {
    app,
    /** Whose browser session answers at the broker from now on. */
    signInAs: (who: 'me' | 'other') => Object.assign(mutable, { KEELSON_SANDBOX_ALPACA_URL: who === 'me' ? mine : other.urls.alpaca }),
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await other.close()
    },
  }
}

async function failureOf(run: Promise<unknown>): Promise<string> {
  return run.then(() => 'no failure', (error: unknown) => (error instanceof Refused ? error.view.code : String(error)))
}

async function endOfSignIn(app: TestCore, reconnect?: ConnectionId) {
  const flow = await app.call('connections.signIn', { broker: 'alpaca', environment: 'sandbox', consent: true, open: false, ...(reconnect ? { reconnect } : {}) })
  await approveConsent({ authorizeUrl: flow.authorizeUrl, signal: new AbortController().signal })
  return (await app.flowEnd(flow.flowId)).state
}

describe('whose account it is', () => {
  test('renewing a connection as somebody else is refused, and the old sign-in stays in force', async () => {
    await using people = await withTwoPeople()
    const { app } = people
    const connectionId = await app.connect('alpaca')
    const [before] = await app.call('connections.list', {})
    people.signInAs('other')
    expect(await endOfSignIn(app, connectionId)).toMatchObject({ kind: 'failed', error: { code: 'auth/other-account' } })
    people.signInAs('me')
    expect(await app.call('connections.list', {})).toEqual([before])
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })

  test('another person becomes a connection of their own, with accounts and history apart', async () => {
    await using people = await withTwoPeople()
    const { app } = people
    const mine = await app.connect('alpaca')
    people.signInAs('other')
    const state = await endOfSignIn(app)
    expect(state).toMatchObject({ kind: 'connected' })
    const list = await app.call('connections.list', {})
    expect(list).toHaveLength(2)
    expect(new Set(list.flatMap(connection => connection.accounts.map(account => account.id))).size).toBe(2)
    expect(list.map(connection => connection.id)).toContain(mine)
  })

  test('an account that is connected already is not taken over by another method', async () => {
    await using app = await testCore()
    await app.connect('alpaca')
    const keys = { broker: 'alpaca', environment: 'sandbox', method: 'api-key', values: { 'api-key-id': 'PKSANDBOX0000KEELSON', 'api-key-secret': 'sandbox-alpaca-key-secret-71c8' }, consent: true } as const
    expect(await failureOf(app.call('connections.withForm', keys))).toBe('auth/account-connected')
    expect(await app.call('connections.list', {})).toMatchObject([{ method: 'oauth', accounts: [{}] }])
  })

  test('a sync that runs while its connection is renewed ends first, so that no row is booked to the wrong sign-in', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    app.sandbox.control('alpaca').fault({ name: 'slow', ms: 20_000, path: '/v2/account/activities' })
    const running = app.call('sync.run', { connectionId })
    await app.waitFor(event => event.type === 'portfolio.changed')
    expect(await app.connect('alpaca', { reconnect: connectionId })).toBe(connectionId)
    expect(await running).toMatchObject({ result: 'canceled', error: { code: 'app/canceled' } })
    app.sandbox.control('alpaca').fault(null)
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })

  test('a connection that was disconnected while its renewal finished stays disconnected, without tokens', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    const flow = await app.call('connections.signIn', { broker: 'alpaca', environment: 'sandbox', consent: true, open: false, reconnect: connectionId })
    await app.call('connections.disconnect', { connectionId })
    await approveConsent({ authorizeUrl: flow.authorizeUrl, signal: new AbortController().signal })
    expect((await app.flowEnd(flow.flowId)).state).toMatchObject({ kind: 'failed', error: { code: 'app/not-found' } })
    expect(await app.call('connections.list', {})).toEqual([])
  })
})

describe('exploring', () => {
  test('from two windows at once makes one connection a broker', async () => {
    await using app = await testCore({ impatient: true })
    const [first, second] = await Promise.all([app.call('sandbox.explore', {}), app.call('sandbox.explore', {})])
    expect(second).toEqual(first)
    expect(await app.call('connections.list', {})).toHaveLength(explored)
  })

  test('goes on for one window when the other leaves', async () => {
    await using app = await testCore({ impatient: true })
    const leaving = new AbortController()
    const left = failureOf(app.call('sandbox.explore', {}, leaving.signal))
    const stayed = app.call('sandbox.explore', {})
    leaving.abort()
    expect(await left).toBe('app/canceled')
    expect((await stayed).connectionIds).toHaveLength(explored)
  })

  test('a core that closes in the middle gives up what it asked a broker and ends cleanly', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    app.sandbox.control('alpaca').fault({ name: 'slow', ms: 60_000 })
    const asked = failureOf(app.call('connections.test', { connectionId }))
    const exploring = failureOf(app.call('sandbox.explore', { broker: 'schwab' }))
    await app.core.close()
    expect(await asked).toBe('app/canceled')
    expect(await exploring).not.toBe('no failure')
  })
})
