import { describe, expect, test } from 'vitest'
import type { Entitlements } from '../../../electron/core/ports.ts'
import { type Refused, type TestCore, testCore } from '../../support/test-core.ts'

const REASON = 'The licence ended on 2026-11-20.'

/** An edition whose licence for Alpaca a test can end and renew. */
function edition(): { readonly entitlements: Entitlements; end(): void; renew(): void } {
  let ended = false
  return {
    entitlements: { missing: broker => (ended && broker === 'alpaca' ? REASON : '') },
    end: () => void (ended = true),
    renew: () => void (ended = false),
  }
}

const keys = {
  broker: 'alpaca',
  environment: 'sandbox',
  method: 'api-key',
  values: { 'api-key-id': 'PKSANDBOX0000KEELSON', 'api-key-secret': 'sandbox-alpaca-key-secret-71c8' },
} as const
const calls = (app: TestCore): number => app.sandbox.control('alpaca').requests().length
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no refusal',
    (error: Refused) => error.view,
  )

describe('a broker the edition leaves out', () => {
  test('is refused before any call of it, with the reason, whatever is asked', async () => {
    const { entitlements, end } = edition()
    await using app = await testCore({ ports: { entitlements } })
    const connectionId = await app.connect('alpaca')
    end()
    const before = calls(app)
    const asked = [
      app.call('connections.signIn', { broker: 'alpaca', environment: 'sandbox', consent: true, open: false }),
      app.call('connections.try', keys),
      app.call('connections.withForm', { ...keys, consent: true }),
      app.call('connections.test', { connectionId }),
      app.call('brokers.suggest', { broker: 'alpaca', environment: 'sandbox', method: 'api-key' }),
      app.call('sandbox.explore', { broker: 'alpaca' }).then(() => app.call('connections.test', { connectionId })),
    ]
    for (const view of await Promise.all(asked.map(refusal))) {
      expect(view).toMatchObject({ code: 'auth/not-licensed', message: `This edition of Keelson does not include Alpaca. ${REASON}` })
    }
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'failed', error: { code: 'auth/not-licensed' } })
    expect(calls(app)).toBe(before)
  })

  test('keeps its history readable and its connection as it was, for the day a licence comes', async () => {
    const { entitlements, end, renew } = edition()
    await using app = await testCore({ ports: { entitlements } })
    const connectionId = await app.connect('alpaca')
    await app.call('sync.run', { connectionId })
    const { count } = await app.call('activities.count', {})
    end()
    expect((await app.call('activities.count', {})).count).toBe(count)
    expect((await app.call('activities.page', { limit: 5 })).rows).toHaveLength(5)
    await app.call('sync.run', { connectionId })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' } }])
    renew()
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })

  test('is shown as left out, and the others as included', async () => {
    const { entitlements, end } = edition()
    end()
    await using app = await testCore({ ports: { entitlements } })
    const shown = Object.fromEntries(
      (await app.call('brokers.list', {})).map(({ id, edition: { included, sentence } }) => [id, [included, sentence]]),
    )
    expect(shown).toMatchObject({ alpaca: [false, REASON], schwab: [true, ''] })
  })

  test('can still be disconnected, without a call', async () => {
    const { entitlements, end } = edition()
    await using app = await testCore({ ports: { entitlements } })
    const connectionId = await app.connect('alpaca')
    end()
    const before = calls(app)
    await app.call('connections.disconnect', { connectionId })
    expect(await app.call('connections.list', {})).toEqual([])
    expect(calls(app)).toBe(before)
  })

  test('refreshes no token, and loses none over it', async () => {
    let ended = false
    const entitlements: Entitlements = { missing: broker => (ended && broker === 'schwab' ? REASON : '') }
    await using app = await testCore({ ports: { entitlements } })
    const connectionId = await app.connect('schwab')
    app.sandbox.control('schwab').expireAccessTokens()
    app.ports.clock.jump(3_600_000)
    ended = true
    const before = app.sandbox.control('schwab').requests().length
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ error: { code: 'auth/not-licensed' } })
    expect(app.sandbox.control('schwab').requests().length).toBe(before)
    ended = false
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })
})
