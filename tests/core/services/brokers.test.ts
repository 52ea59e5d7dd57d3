import { describe, expect, test } from 'vitest'
import { type Refused, testCore } from '../../support/test-core.ts'

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no refusal',
    (error: Refused) => error.view,
  )

describe('the brokers on offer', () => {
  test('say how each can be connected, and keep nothing of it to themselves', async () => {
    await using app = await testCore()
    const brokers = await app.call('brokers.list', {})
    const ways = Object.fromEntries(brokers.map(({ id, methods }) => [id, methods.map(({ method }) => method)]))
    expect(ways).toMatchObject({ alpaca: ['oauth', 'api-key'], schwab: ['oauth'], ibkr: ['oauth', 'tws', 'gateway', 'flex'] })
    const tws = brokers.find(({ id }) => id === 'ibkr')?.methods.find(({ method }) => method === 'tws')
    expect(tws).toMatchObject({
      suggests: true,
      fields: [{ name: 'host', initial: '127.0.0.1' }, { name: 'port' }, { name: 'client-id' }, { name: 'read-only' }],
    })
    for (const { facts, edition } of brokers) {
      expect(facts.fees.source).toMatch(/^https:\/\//)
      expect(edition).toEqual({ included: true, sentence: '' })
    }
  })

  test('refuse the live side of a closed broker and name its successor', async () => {
    await using app = await testCore()
    expect((await app.call('brokers.list', {})).find(({ id }) => id === 'tdameritrade')?.closed).toMatchObject({ successor: 'schwab' })
    const closed = { code: 'auth/broker-closed', message: 'TD Ameritrade is closed: its accounts moved to Charles Schwab.' }
    const input = { broker: 'tdameritrade', environment: 'live' } as const
    expect(await refusal(app.call('connections.signIn', { ...input, consent: true, open: false }))).toMatchObject(closed)
    expect(await refusal(app.call('connections.try', { ...input, method: 'api-key', values: {} }))).toMatchObject(closed)
    expect(app.ports.opened).toEqual([])
  })
})

describe('app keys', () => {
  const ready = async (app: Awaited<ReturnType<typeof testCore>>, broker: string): Promise<Record<string, boolean>> => {
    const found = (await app.call('brokers.list', {})).find(({ id }) => id === broker)
    return Object.fromEntries((found?.environments ?? []).map(({ id, appReady }) => [id, appReady]))
  }

  test('are kept apart for the test environment where the broker wants others there', async () => {
    await using app = await testCore()
    await app.call('brokers.setApp', { broker: 'etrade', environment: 'paper', clientId: 'test-key', clientSecret: 'test-secret' })
    expect(await ready(app, 'etrade')).toEqual({ live: false, paper: true, sandbox: true })
    await app.call('brokers.setApp', { broker: 'etrade', clientId: 'live-key', clientSecret: 'live-secret' })
    await app.call('brokers.clearApp', { broker: 'etrade', environment: 'paper' })
    expect(await ready(app, 'etrade')).toEqual({ live: true, paper: false, sandbox: true })
  })

  test('are the same on both sides everywhere else', async () => {
    await using app = await testCore()
    await app.call('brokers.setApp', { broker: 'alpaca', environment: 'paper', clientId: 'key', clientSecret: 'secret' })
    expect(await ready(app, 'alpaca')).toEqual({ live: true, paper: true, sandbox: true })
  })

  test('come from the environment by the side they are for', async () => {
    await using app = await testCore({ ports: { env: { KEELSON_ETRADE_PAPER_CLIENT_ID: 'k', KEELSON_ETRADE_PAPER_CLIENT_SECRET: 's' } } })
    expect(await ready(app, 'etrade')).toEqual({ live: false, paper: true, sandbox: true })
  })
})
