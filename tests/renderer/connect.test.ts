import { beforeEach, describe, expect, test } from 'vitest'
import { closeConnect, openReconnect, pasteAnswer, refreshFlow, startSignIn, useConnect } from '../../renderer/state/connect.ts'
import { FlowIdSchema } from '../../shared/contract/schemas.ts'
import { useConnections } from '../../renderer/state/connections.ts'
import { succeeded } from '../../renderer/state/remote.ts'
import { connection, instant, NOW } from './examples.ts'
import { fakeCore, ok, refusal } from './fake-core.ts'

const choice = { broker: 'schwab', environment: 'live', method: 'oauth', reconnect: null } as const
const step = () => useConnect.getState().step
const flow = (state: unknown) => ({
  flowId: 'flw_1',
  broker: 'schwab',
  environment: 'live',
  authorizeUrl: 'https://x',
  redirectUri: 'https://127.0.0.1:8182/callback/schwab',
  listening: true,
  paste: 'address',
  certificateWarning: true,
  expiresAt: '2026-11-20T21:10:00.000Z',
  state,
})
const waiting = ok(flow({ kind: 'waiting' }))
const connected = ok(flow({ kind: 'connected', connectionId: 'con_9' }))

beforeEach(() => {
  useConnect.setState(useConnect.getInitialState(), true)
  useConnections.setState(useConnections.getInitialState(), true)
})

describe('a browser sign-in', () => {
  test('sends the consent, waits, and is done when the broker has answered', async () => {
    const core = fakeCore(({ route }) => (route === 'connections.signIn' ? waiting : route === 'connections.flow' ? connected : ok([])))
    await startSignIn(choice, ['data'])
    expect(core.asked[0]).toEqual({
      route: 'connections.signIn',
      input: { broker: 'schwab', environment: 'live', scopes: ['data'], consent: true },
    })
    expect(step()).toMatchObject({ kind: 'waiting', flow: { flowId: 'flw_1' } })
    await refreshFlow()
    expect(step()).toMatchObject({ kind: 'done', connectionId: 'con_9', joined: false })
  })

  test('that shows accounts connected already says what it joined', async () => {
    useConnections.setState({ list: succeeded([connection({ id: 'con_9' })], instant(NOW)) })
    fakeCore(({ route }) => (route === 'connections.signIn' ? waiting : route === 'connections.flow' ? connected : ok([])))
    await startSignIn(choice, [])
    await refreshFlow()
    expect(step()).toMatchObject({ kind: 'done', connectionId: 'con_9', joined: true })
  })

  test('renews an existing connection in place', async () => {
    const core = fakeCore(() => waiting)
    openReconnect(connection())
    const now = step()
    await startSignIn(now.kind === 'consent' ? now.choice : choice, [])
    expect(core.asked[0]?.input).toMatchObject({ reconnect: 'con_1', consent: true })
  })

  test('asks for app keys when the core has none', async () => {
    fakeCore(() => refusal('auth/app-missing'))
    await startSignIn(choice, [])
    expect(step()).toEqual({ kind: 'app-keys', choice })
  })

  test('keeps the consent on screen with the failure beside it', async () => {
    fakeCore(() => refusal('net/offline'))
    await startSignIn(choice, [])
    expect(step()).toMatchObject({ kind: 'consent', starting: false, error: { code: 'net/offline' } })
  })

  test('is canceled in the core when the dialog closes, once it is over it is not', async () => {
    const core = fakeCore(({ route }) => (route === 'connections.signIn' ? waiting : connected))
    await startSignIn(choice, [])
    closeConnect()
    expect(core.routes()).toEqual(['connections.signIn', 'connections.cancel'])
    expect(step()).toEqual({ kind: 'closed' })
  })

  test('ignores news of another sign-in', async () => {
    const core = fakeCore(() => waiting)
    await startSignIn(choice, [])
    const before = core.asked.length
    await refreshFlow(connectionFlow('flw_2'))
    expect(core.asked).toHaveLength(before)
  })

  test('says what is wrong with a pasted address and takes the next one', async () => {
    const answers = [waiting, refusal('auth/bad-paste'), connected]
    fakeCore(({ route }) => (route === 'connections.list' ? ok([]) : answers.shift()))
    await startSignIn(choice, [])
    await pasteAnswer('nonsense')
    expect(step()).toMatchObject({ kind: 'waiting', pasteError: { code: 'auth/bad-paste' } })
    await pasteAnswer('https://127.0.0.1:8182/callback/schwab?code=c')
    expect(step()).toMatchObject({ kind: 'done' })
  })
})

function connectionFlow(id: string) {
  return FlowIdSchema.parse(id)
}
