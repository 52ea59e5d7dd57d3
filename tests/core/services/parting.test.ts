import { describe, expect, test } from 'vitest'
import { approveConsent } from '../../../electron/core/sandbox/browser-player.ts'
import { testCore } from '../../support/test-core.ts'

describe('disconnecting', () => {
  test('deletes the history of its accounts when told so, and nobody else’s', async () => {
    await using app = await testCore({ activities: 120 })
    const kept = await app.connect('schwab')
    await app.call('sync.run', { connectionId: kept })
    const { count: keptCount } = await app.call('activities.count', {})
    const ended = await app.connect('alpaca')
    await app.call('sync.run', { connectionId: ended })
    const { count } = await app.call('activities.count', {})
    expect(count).toBeGreaterThan(keptCount)

    expect(await app.call('connections.disconnect', { connectionId: ended, forgetHistory: true })).toEqual({ revoked: 'not-offered' })
    expect((await app.call('activities.count', {})).count).toBe(keptCount)
    expect(await app.call('sync.run', { connectionId: kept })).toMatchObject({ result: 'success' })

    const again = await app.connect('alpaca')
    expect(await app.call('sync.run', { connectionId: again })).toMatchObject({ result: 'success' })
    expect((await app.call('activities.count', {})).count).toBe(count)
  })

  test('wipes the tokens of a broker that is told, and leaves nothing to be told', async () => {
    await using app = await testCore({ activities: 50 })
    const connectionId = await app.connect('schwab')
    await app.call('connections.disconnect', { connectionId })
    expect(await app.call('revocations.list', {})).toEqual([])
  })
})

describe('a new sign-in', () => {
  test('that fails its test leaves the old one working; one that passes takes its place', async () => {
    await using app = await testCore({ activities: 50 })
    const connectionId = await app.connect('alpaca')
    const control = app.sandbox.control('alpaca')
    const [before] = await app.call('connections.list', {})

    control.fault({ name: 'forbidden-html', path: '/v2/account' })
    const flow = await app.call('connections.signIn', {
      broker: 'alpaca',
      environment: 'sandbox',
      consent: true,
      open: false,
      reconnect: connectionId,
    })
    await approveConsent({ authorizeUrl: flow.authorizeUrl, signal: AbortSignal.timeout(30_000) })
    expect((await app.flowEnd(flow.flowId)).state.kind).toBe('failed')
    control.fault(null)

    const [after] = await app.call('connections.list', {})
    expect(after).toMatchObject({ state: { kind: 'connected' }, token: { obtainedAt: before?.token.obtainedAt }, health: { kind: 'ok' } })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })

    expect(await app.connect('alpaca', { reconnect: connectionId })).toBe(connectionId)
    const [renewed] = await app.call('connections.list', {})
    expect(renewed?.token.obtainedAt).not.toBe(before?.token.obtainedAt)
    expect(renewed?.accounts.map(({ id }) => id)).toEqual(after?.accounts.map(({ id }) => id))
  })
})
