import { describe, expect, test } from 'vitest'
import { approveConsent, approveVerifier } from '../../../electron/core/sandbox/browser-player.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

async function signInAtEtrade(app: TestCore): Promise<ConnectionId> {
  const flow = await app.call('connections.signIn', { broker: 'etrade', environment: 'sandbox', consent: true, open: false })
  const text = await approveVerifier({ authorizeUrl: flow.authorizeUrl, signal: new AbortController().signal })
  await app.call('connections.paste', { flowId: flow.flowId, text })
  const { state } = await app.flowEnd(flow.flowId)
  if (state.kind !== 'connected') throw new Error(`the sign-in failed: ${JSON.stringify(state)}`)
  return state.connectionId
}

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

  test('ends the access at a broker that takes an app’s word, and keeps a word that cannot be said for a later run', async () => {
    await using app = await testCore({ activities: 50 })
    const told = await signInAtEtrade(app)
    expect(await app.call('connections.disconnect', { connectionId: told })).toEqual({ revoked: 'yes' })
    expect(await app.call('revocations.list', {})).toEqual([])

    const untold = await signInAtEtrade(app)
    const stopped = new AbortController()
    stopped.abort()
    // Whoever asked has gone: the router answers nobody, the connection is wiped all the same.
    await app.call('connections.disconnect', { connectionId: untold }, stopped.signal).catch(() => undefined)
    expect(await app.call('connections.list', {})).toEqual([])
    const [pending] = await app.call('revocations.list', {})
    expect(pending).toMatchObject({ broker: 'etrade', connectionId: untold, attempts: 1 })

    await using later = await app.restart()
    expect(await later.call('revocations.list', {})).toMatchObject([{ id: pending?.id }])
    expect(await later.call('revocations.retry', { id: pending?.id ?? '' })).toEqual({ revoked: 'yes' })
    expect(await later.call('revocations.list', {})).toEqual([])
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
    await approveConsent({ authorizeUrl: flow.authorizeUrl, signal: new AbortController().signal })
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
