import { describe, expect, test } from 'vitest'
import { SANDBOX_ALPACA_KEY, SANDBOX_FLEX, SANDBOX_TASTYTRADE_GRANT } from '../../../electron/core/sandbox/client-keys.ts'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { type Refused, type TestCore, testCore } from '../../support/test-core.ts'

type Form = RequestOf<'connections.try'>

const alpacaKey: Form = {
  broker: 'alpaca',
  environment: 'sandbox',
  method: 'api-key',
  values: { 'api-key-id': SANDBOX_ALPACA_KEY.keyId, 'api-key-secret': SANDBOX_ALPACA_KEY.secret },
}
const flex: Form = {
  broker: 'ibkr',
  environment: 'sandbox',
  method: 'flex',
  values: { token: SANDBOX_FLEX.token, 'query-id': SANDBOX_FLEX.queryId },
}
const tws: Form = {
  broker: 'ibkr',
  environment: 'sandbox',
  method: 'tws',
  values: { host: '127.0.0.1', port: '7497', 'client-id': '7', 'read-only': 'yes' },
}

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no refusal',
    (error: Refused) => error.view,
  )
const save = (app: TestCore, form: Form, more: { reconnect?: string } = {}) =>
  app.call('connections.withForm', { ...form, ...more, consent: true } as RequestOf<'connections.withForm'>)

test('a live Alpaca key is told from a paper one before it is sent', async () => {
  await using app = await testCore()
  const live = { ...alpacaKey, environment: 'paper' as const, values: { 'api-key-id': 'AKLIVE0000EXAMPLE', 'api-key-secret': 'a-secret-of-forty-characters' } }
  expect(await refusal(app.call('connections.try', live))).toMatchObject({ code: 'auth/wrong-environment', message: expect.stringContaining('live') as unknown })
})

describe('a form renewed', () => {
  test('takes nothing from a connection of another environment, where its secret would be sent to strangers', async () => {
    await using app = await testCore()
    const { connectionId } = await save(app, {
      broker: 'tastytrade', environment: 'sandbox', method: 'personal-grant',
      values: { 'client-secret': SANDBOX_TASTYTRADE_GRANT.clientSecret, 'refresh-token': SANDBOX_TASTYTRADE_GRANT.refreshToken },
    })
    const elsewhere: Form = { broker: 'tastytrade', environment: 'live', method: 'personal-grant', values: { 'refresh-token': 'another-refresh-token-0001' } }
    expect(await refusal(save(app, elsewhere, { reconnect: connectionId }))).toMatchObject({ code: 'app/not-found' })
  })
})

describe('a form', () => {
  test.each([
    ['a field left empty', { ...alpacaKey.values, 'api-key-secret': '  ' }, /^Secret: This is needed\.$/],
    ['a field that does not fit', { ...alpacaKey.values, 'api-key-id': 'has spaces in it' }, /^Key: A key has letters and digits only\.$/],
    ['a field it does not have', { ...alpacaKey.values, passphrase: 'x' }, /^passphrase: This form has no such field\.$/],
    ['a line break in a secret', { ...alpacaKey.values, 'api-key-secret': 'eight88\nchars' }, /^Secret: /],
  ])('is refused for %s before anything is sent, and never says what was typed', async (_, values, sentence) => {
    await using app = await testCore()
    for (const route of ['connections.try', 'connections.withForm'] as const) {
      const input = route === 'connections.try' ? { ...alpacaKey, values } : { ...alpacaKey, values, consent: true as const }
      const view = await refusal(app.call(route, input as never))
      expect(view).toMatchObject({ code: 'auth/bad-field', message: expect.stringMatching(sentence) as unknown })
    }
    expect(app.sandbox.control('alpaca').requests()).toEqual([])
  })

  test('can be tried: it shows the accounts with their value, and nothing is kept', async () => {
    await using app = await testCore()
    const tried = await app.call('connections.try', alpacaKey)
    expect(tried.accounts).toMatchObject([
      { maskedNumber: expect.stringMatching(/^••••/) as unknown, netLiquidation: expect.any(String) as unknown },
    ])
    expect(await app.call('connections.list', {})).toEqual([])
  })

  test('that the broker refuses says so in its own code and keeps nothing', async () => {
    await using app = await testCore()
    const wrong = { ...alpacaKey, values: { ...alpacaKey.values, 'api-key-secret': 'wrong-wrong-wrong' } }
    expect(await refusal(app.call('connections.try', wrong))).toMatchObject({ code: 'auth/bad-keys' })
    expect(await refusal(save(app, wrong))).toMatchObject({ code: 'auth/bad-keys' })
    expect(await app.call('connections.list', {})).toEqual([])
  })

  test('connects, and connecting with it again renews the same connection', async () => {
    await using app = await testCore()
    const first = await save(app, alpacaKey)
    expect(first.joined).toBe(false)
    expect(await save(app, alpacaKey)).toEqual(first)
    expect(await save(app, alpacaKey, { reconnect: first.connectionId })).toEqual(first)
    expect(await app.call('connections.list', {})).toMatchObject([{ method: 'api-key', methods: [{ method: 'api-key', trouble: null }] }])
  })

  test('is not offered where the broker has no such way in', async () => {
    await using app = await testCore()
    expect(await refusal(app.call('connections.try', { ...alpacaKey, broker: 'schwab' }))).toMatchObject({
      code: 'auth/method-unavailable',
    })
    expect(await refusal(app.call('connections.try', { ...alpacaKey, method: 'oauth', values: {} }))).toMatchObject({
      code: 'auth/method-unavailable',
    })
    expect(await refusal(app.call('connections.try', { ...alpacaKey, method: 'file', values: {} }))).toMatchObject({
      code: 'auth/method-unavailable',
    })
  })

  test('of a personal grant gives tokens that renew themselves with its own secret, also after a restart', async () => {
    await using before = await testCore()
    const grant: Form = {
      broker: 'tastytrade',
      environment: 'sandbox',
      method: 'personal-grant',
      values: { 'client-secret': SANDBOX_TASTYTRADE_GRANT.clientSecret, 'refresh-token': SANDBOX_TASTYTRADE_GRANT.refreshToken },
    }
    const { connectionId } = await save(before, grant)
    await using app = await before.restart()
    app.sandbox.control('tastytrade').expireAccessTokens()
    expect(await app.call('connections.test', { connectionId })).toMatchObject({ accounts: expect.any(Number) as unknown })
    expect(await app.call('connections.list', {})).toMatchObject([
      { method: 'personal-grant', state: { kind: 'connected' }, token: { refreshable: true } },
    ])
    const wrong = { ...grant, values: { ...grant.values, 'refresh-token': 'another-refresh-token-0000' } }
    expect(await refusal(app.call('connections.try', wrong))).toMatchObject({ code: 'auth/bad-keys' })
  })
})

describe('a broker whose ways in make one connection', () => {
  test('joins the second way in to the first, each with its settings, and keeps secrets sealed', async () => {
    await using app = await testCore({ impatient: true })
    const first = await save(app, flex)
    const second = await save(app, tws)
    expect(second).toEqual({ connectionId: first.connectionId, joined: true })
    const [connection, ...others] = await app.call('connections.list', {})
    expect(others).toEqual([])
    expect(connection).toMatchObject({ method: 'tws', methods: [{ method: 'tws' }, { method: 'flex' }] })
    expect(JSON.stringify(connection)).not.toContain(SANDBOX_FLEX.token)
    expect(await save(app, flex)).toEqual({ connectionId: first.connectionId, joined: false })
  })

  test('loses a way in when told to, but never the last one', async () => {
    await using app = await testCore({ impatient: true })
    const { connectionId } = await save(app, flex)
    await save(app, tws)
    await app.call('connections.removeMethod', { connectionId, method: 'tws' })
    expect(await app.call('connections.list', {})).toMatchObject([{ method: 'flex', methods: [{ method: 'flex' }] }])
    expect(await refusal(app.call('connections.removeMethod', { connectionId, method: 'flex' }))).toMatchObject({
      code: 'auth/last-method',
    })
    expect(await refusal(app.call('connections.removeMethod', { connectionId, method: 'tws' }))).toMatchObject({ code: 'app/not-found' })
  })

  test('needs its user once the only token has expired, and works again once the token does', async () => {
    await using app = await testCore({ impatient: true })
    const { connectionId } = await save(app, flex)
    const { knobs } = app.sandbox.control('ibkr-flex')
    knobs.set('error', '1012')
    expect(await refusal(app.call('connections.test', { connectionId }))).toMatchObject({ code: 'auth/token-expired' })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'needs-sign-in', because: 'expired' } }])
    knobs.set('error', null)
    await app.call('connections.test', { connectionId })
    expect(await app.call('connections.list', {})).toMatchObject([{ id: connectionId, state: { kind: 'connected' } }])
  })

  test('is renewed by what changed alone: the rest of the form is taken from the one before', async () => {
    await using app = await testCore({ impatient: true })
    const { connectionId } = await save(app, flex)
    const tokenOnly: Form = { ...flex, values: { token: SANDBOX_FLEX.token } }
    expect(await refusal(save(app, tokenOnly))).toMatchObject({ code: 'auth/bad-field' })
    expect(await save(app, tokenOnly, { reconnect: connectionId })).toEqual({ connectionId, joined: false })
    const dayOnly: Form = { ...flex, values: { token: '', 'expires-on': '2027-03-31' } }
    await save(app, dayOnly, { reconnect: connectionId })
    expect(await app.call('connections.list', {})).toMatchObject([{ methods: [{ method: 'flex', expiresAt: '2027-03-31T04:00:00.000Z' }] }])
    expect(await app.call('connections.test', { connectionId })).toMatchObject({ accounts: 2 })
  })

  test('takes no token whose day is over, and renewing leaves such a day behind', async () => {
    const clock = impatientClock()
    await using app = await testCore({ impatient: true, ports: { clock } })
    const ended: Form = { ...flex, values: { ...flex.values, 'expires-on': '2020-01-01' } }
    await expect(save(app, ended)).rejects.toMatchObject({ view: { code: 'auth/bad-field', message: 'Token expires on: This day is over.' } })
    expect(await app.call('connections.list', {})).toEqual([])
    const { connectionId } = await save(app, { ...flex, values: { ...flex.values, 'expires-on': '2027-03-31' } })
    clock.jump(365 * 86_400_000)
    await save(app, { ...flex, values: { token: SANDBOX_FLEX.token } }, { reconnect: connectionId })
    expect(await app.call('connections.list', {})).toMatchObject([{ methods: [{ method: 'flex', expiresAt: null }] }])
  })

  test('stays connected while one way in works, and shows the trouble of the other', async () => {
    await using app = await testCore({ impatient: true })
    const { connectionId } = await save(app, tws)
    await save(app, flex)
    app.sandbox.control('ibkr-flex').fault({ name: 'expired' })
    await app.call('connections.test', { connectionId })
    await app.call('sync.run', { connectionId })
    expect(await app.call('connections.list', {})).toMatchObject([
      {
        state: { kind: 'connected' },
        methods: [
          { method: 'tws', trouble: null },
          { method: 'flex', trouble: { code: 'auth/token-expired' } },
        ],
      },
    ])
  })
})
