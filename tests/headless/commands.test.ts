import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/contract/errors.ts'
import { FlowIdSchema } from '../../shared/contract/schemas.ts'
import { activities } from '../../electron/headless/commands/activities.ts'
import { connect, type ConnectOptions } from '../../electron/headless/commands/connect.ts'
import { exclude, primary, removeMethod, rename } from '../../electron/headless/commands/connections.ts'
import { disconnect } from '../../electron/headless/commands/disconnect.ts'
import { status } from '../../electron/headless/commands/status.ts'
import { sync } from '../../electron/headless/commands/sync.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { type Answers, type FakeCore, fakeCore } from './support/fake-core.ts'
import { type FakeTerminalOptions, fakeTerminal } from './support/fake-terminal.ts'
import { brokerOf, connectionOf } from './support/views.ts'

const at = '2026-11-20T20:59:58.000Z'
const fail = (code: ConstructorParameters<typeof AppError>[0]) => () => {
  throw new AppError(code)
}

const app = {
  version: '0.1.0',
  host: 'headless',
  vault: { state: 'open', protection: 'passphrase', notice: null },
  sandbox: { running: false },
  now: at,
}

const field = (name: string, kind: 'text' | 'secret') => ({ name, label: name, hint: '', kind, pattern: null, problem: '', initial: '', required: true })
const way = (method: string, fields: readonly object[]) => ({ method, label: method, needs: '', life: '', fields, guide: '', suggests: false })

function offer(id: string, methods: readonly ReturnType<typeof way>[]) {
  const fact = { text: '', source: '', asOf: '' }
  return {
    id, name: id, methods, closed: null, edition: { included: true, sentence: '' }, separateAppKeys: false,
    facts: { assetClasses: [], oauth: '', tokenLife: '', signInAgain: '', rateLimit: '', paper: '', fees: fact, rating: null },
    environments: [{ id: 'sandbox', methods: methods.map(({ method }) => method), appReady: true, redirectUri: '' }],
    scopes: [], registerAt: '', note: '', app: { clientId: null, source: 'none' },
  }
}

const keyAnswers = {
  'brokers.list': () => [
    offer('alpaca', [way('oauth', []), way('api-key', [field('api-key-id', 'secret'), field('api-key-secret', 'secret')])]),
    offer('ibkr', [way('flex', [field('token', 'secret'), field('query-id', 'text')])]),
  ],
  'connections.withForm': () => ({ connectionId: 'con_9', joined: false }),
}
const formOf = (core: FakeCore): unknown => core.asked.find(({ route }) => route === 'connections.withForm')?.input

function row(number: number) {
  return {
    id: `act_${number}`,
    connectionId: 'con_1',
    accountId: 'acc_1',
    kind: 'trade',
    brokerType: 'FILL',
    symbol: 'SPY',
    assetClass: 'etf',
    side: 'buy',
    positionEffect: null,
    quantity: '1.5',
    price: '600.1',
    amount: '-900.15',
    fees: '0',
    currency: 'USD',
    executedAt: at,
    tradeDate: '2026-11-20',
    orderId: null,
    externalId: `x${number}`,
    description: null,
    status: 'final',
    asOf: at,
    fetchedAt: at,
  }
}

function result(connectionId: string, word: 'success' | 'partial' | 'failed') {
  const account = {
    id: 'acc_1',
    result: word === 'success' ? 'success' : 'failed',
    fetched: 3,
    new: 2,
    updated: 1,
    requested: null,
    returned: null,
  }
  return { result: word, connectionId, startedAt: at, finishedAt: at, error: null, accounts: [account] }
}

function setting(answers: Answers, options: FakeTerminalOptions & { json?: boolean; core?: FakeCore } = {}) {
  const core = options.core ?? fakeCore({ 'app.status': () => app, 'revocations.list': () => [], ...answers })
  const terminal = fakeTerminal(options)
  const stop = new AbortController()
  const context = { client: createClient(core), terminal, json: options.json ?? true, signal: stop.signal }
  return { core, terminal, context, stop, documents: (): unknown[] => terminal.output.map(line => JSON.parse(line) as unknown) }
}

const both = { 'connections.list': () => [connectionOf('con_1', 'alpaca'), connectionOf('con_2', 'schwab')] }

describe('status', () => {
  test('is one document in the settled words', async () => {
    const { context, documents } = setting(both)
    expect(await status(context)).toBe(0)
    expect(documents()).toMatchObject([
      {
        version: '0.1.0',
        vault: { state: 'open', protection: 'passphrase' },
        connections: [
          {
            id: 'con_1',
            broker: 'alpaca',
            environment: 'sandbox',
            method: 'oauth',
            state: 'connected',
            token: { expiresAt: null, signInBy: null, badge: 'no-expiry' },
            health: { kind: 'ok', severity: 'good', badge: 'no-expiry', deadline: null },
            accounts: [],
            lastSync: null,
          },
          { id: 'con_2' },
        ],
      },
    ])
  })

  test('names what is disconnected here and not yet at its broker', async () => {
    const pending = { id: 'rev_1', connectionId: 'con_9', broker: 'etrade', environment: 'live', createdAt: at, attempts: 1, nextAt: at, endsAt: at, because: null }
    const { context, terminal } = setting({ ...both, 'revocations.list': () => [pending] }, { json: false })
    expect(await status(context)).toBe(0)
    expect(terminal.output.at(-1)).toBe(`Disconnected, still to be ended at the broker: etrade live, tried again 20 Nov 2026, 15:59 EST`)
  })

  test.each([
    [{ kind: 'ok', deadline: at }, 'sign in by 20 Nov 2026, 15:59 EST'],
    [{ kind: 'transient', retryAt: at, deadline: at }, 'tried again 20 Nov 2026, 15:59 EST'],
    [{ kind: 'due', dueAt: at }, 'renewed 20 Nov 2026, 15:59 EST'],
    [{ kind: 'sign-in-needed', because: 'expired' }, 'expired'],
    [{ kind: 'ok' }, '-'],
  ])('says where the access stands and what comes next: %o', async (change, next) => {
    const stands = { ...connectionOf('con_1', 'alpaca'), health: { ...connectionOf('con_1', 'alpaca').health, ...change } }
    const { context, terminal } = setting({ 'connections.list': () => [stands] }, { json: false })
    expect(await status(context)).toBe(0)
    expect(terminal.output.join('\n')).toMatch(new RegExp(`${change.kind} .*${next}`))
  })
})

describe('activities', () => {
  test('collects pages up to the limit and tells where the next one starts', async () => {
    const { core, context, documents } = setting({
      'activities.page': ({ input }) => {
        const after: unknown = Reflect.get(Object(input), 'after')
        return after === 'p2' ? { rows: [row(3)], next: 'p3' } : { rows: [row(1), row(2)], next: 'p2' }
      },
    })
    expect(await activities(context, { limit: 3 })).toBe(0)
    expect(documents()).toEqual([{ rows: [row(1), row(2), row(3)], next: 'p3' }])
    expect(core.asked.map(({ input }) => input)).toEqual([{ limit: 3 }, { limit: 1, after: 'p2' }])
  })

  test('prints every matching row as CSV, part by part, with one header', async () => {
    const parts = new Map([
      [undefined, { text: 'tradeDate,kind\r\n2026-11-20,trade\r\n', rows: 1, next: 'p2' }],
      ['p2', { text: '2026-11-19,fee\r\n', rows: 1, next: null }],
    ])
    const { core, context, terminal } = setting({ 'activities.csv': ({ input }) => parts.get((input as { after?: string }).after) })
    expect(await activities(context, { limit: 50, symbol: 'SPY', csv: true })).toBe(0)
    expect(terminal.output.map(line => `${line}\n`).join('')).toBe('tradeDate,kind\r\n2026-11-20,trade\r\n2026-11-19,fee\r\n')
    expect(core.asked.map(({ input }) => input)).toEqual([{ symbol: 'SPY' }, { symbol: 'SPY', after: 'p2' }])
  })

  test('takes a broker for its only connection', async () => {
    const { core, context } = setting({ ...both, 'activities.page': () => ({ rows: [], next: null }) })
    await activities(context, { limit: 5, connection: 'schwab' })
    expect(core.asked.at(-1)?.input).toEqual({ limit: 5, connectionId: 'con_2' })
    await activities(context, { limit: 5, account: 'acc_of-old' })
    expect(core.asked.at(-1)?.input).toEqual({ limit: 5, accountId: 'acc_of-old' })
    await expect(activities(context, { limit: 5, account: '4417' })).rejects.toMatchObject({ code: 'app/unknown-name' })
    await expect(activities(context, { limit: 5, connection: 'etrade' })).rejects.toMatchObject({ code: 'app/unknown-name' })
  })
})

describe('sync', () => {
  const outcomes = async (first: 'success' | 'partial' | 'failed', second: 'success' | 'partial' | 'failed') => {
    const words: Record<string, typeof first> = { con_1: first, con_2: second }
    const { context, documents } = setting({
      ...both,
      'sync.run': ({ input }) => {
        const id = String(Reflect.get(Object(input), 'connectionId'))
        return result(id, words[id] ?? 'failed')
      },
    })
    const code = await sync(context, undefined)
    return { code, document: documents()[0] }
  }

  test('adds its connections up to one word and fails only when all failed', async () => {
    expect(await outcomes('success', 'success')).toMatchObject({
      code: 0,
      document: { result: 'success', accounts: [{ fetched: 3, new: 2, updated: 1 }, {}] },
    })
    expect(await outcomes('success', 'failed')).toMatchObject({ code: 0, document: { result: 'partial' } })
    expect(await outcomes('partial', 'partial')).toMatchObject({ code: 0, document: { result: 'partial' } })
    expect(await outcomes('failed', 'failed')).toMatchObject({ code: 1, document: { result: 'failed' } })
  })

  test('says so when a sign-in is needed', async () => {
    const { context, documents } = setting({ ...both, 'sync.run': fail('auth/sign-in-needed') })
    expect(await sync(context, 'alpaca')).toBe(3)
    expect(documents()).toMatchObject([
      { result: 'failed', accounts: [], connections: [{ connectionId: 'con_1', error: { code: 'auth/sign-in-needed' } }] },
    ])
  })
})

describe('disconnect', () => {
  test('tells whether the broker was told', async () => {
    const { context, documents } = setting({ ...both, 'connections.disconnect': () => ({ revoked: 'not-offered' }) })
    expect(await disconnect(context, 'con_2')).toBe(0)
    expect(documents()).toEqual([{ connectionId: 'con_2', revoked: 'not-offered' }])
  })
})

describe('care for connections', () => {
  const account = {
    id: 'acc_1', name: 'Mine', maskedNumber: '••••4417', type: 'margin', currency: 'USD', excluded: false, netLiquidation: null, cash: null, buyingPower: null,
    asOf: null, fetchedAt: null,
  }
  const named = { ...connectionOf('con_1', 'alpaca'), label: 'Retirement', accounts: [account, { ...account, id: 'acc_2', maskedNumber: '••••9917' }] }
  const answers = {
    'connections.list': () => [named, connectionOf('con_2', 'schwab')],
    'connections.rename': () => ({}), 'connections.setPrimary': () => ({}), 'connections.removeMethod': () => ({}), 'accounts.exclude': () => ({}),
  }

  test('finds a connection by its own name, and an account by the end of its number', async () => {
    const { core, context } = setting(answers)
    expect(await rename(context, 'Retirement', 'Savings')).toBe(0)
    expect(await primary(context, 'schwab')).toBe(0)
    expect(await removeMethod(context, 'con_1', 'flex')).toBe(0)
    expect(await exclude(context, '4417', true)).toBe(0)
    expect(core.asked.filter(({ route }) => route !== 'connections.list').map(({ route, input }) => [route, input])).toEqual([
      ['connections.rename', { connectionId: 'con_1', label: 'Savings' }],
      ['connections.setPrimary', { connectionId: 'con_2' }],
      ['connections.removeMethod', { connectionId: 'con_1', method: 'flex' }],
      ['accounts.exclude', { accountId: 'acc_1', excluded: true }],
    ])
  })

  test('takes no guess where two could be meant', async () => {
    const { context } = setting(answers)
    await expect(exclude(context, '17', true)).rejects.toMatchObject({ code: 'app/ambiguous-name' })
    await expect(rename(context, 'Nobody', '')).rejects.toMatchObject({ code: 'app/unknown-name' })
  })
})

describe('connect', () => {
  const options: ConnectOptions = { broker: 'alpaca', environment: 'sandbox', method: 'oauth', open: false, paste: false, yes: false }
  const flowId = FlowIdSchema.parse('flow_1')
  const url = 'http://127.0.0.1:9000/oauth/authorize?state=s'
  const flow = (state: object) => ({
    flowId: 'flow_1',
    broker: 'alpaca',
    environment: 'sandbox',
    authorizeUrl: url,
    redirectUri: 'http://127.0.0.1:9001/callback/alpaca',
    listening: true,
    paste: 'address',
    certificateWarning: false,
    expiresAt: at,
    state,
  })
  const waiting = flow({ kind: 'waiting' })
  const connected = flow({ kind: 'connected', connectionId: 'con_1' })

  test('says where to go, waits for the browser and ends before any sync', async () => {
    let state = waiting
    const { core, context, documents } = setting({ 'connections.signIn': () => waiting, 'connections.flow': () => state })
    const code = connect(context, options)
    await core.untilAsked('connections.flow')
    state = connected
    core.emit({ type: 'flow.changed', revision: 1, flowId })
    expect(await code).toBe(0)
    expect(documents()).toEqual([
      { event: 'authorize', url },
      { event: 'connected', connectionId: 'con_1' },
    ])
    expect(core.asked.map(({ route }) => route)).not.toContain('sync.run')
    expect(core.asked[0]?.input).toEqual({ broker: 'alpaca', environment: 'sandbox', consent: true, open: false })
    expect(core.listeners()).toBe(0)
  })

  test('tells a refusal by its code', async () => {
    const error = { code: 'auth/denied', message: 'You declined.', action: 'Start again.', brokerSays: 'The user said no.' }
    const { context, documents } = setting({
      'connections.signIn': () => waiting,
      'connections.flow': () => flow({ kind: 'failed', error }),
    })
    expect(await connect(context, options)).toBe(3)
    expect(documents()).toEqual([
      { event: 'authorize', url },
      { event: 'failed', code: 'auth/denied', message: 'You declined.', action: 'Start again.', brokerSays: 'The user said no.' },
    ])
    const person = setting({ ...keyAnswers, 'connections.signIn': () => waiting, 'connections.flow': () => flow({ kind: 'failed', error }) }, { json: false })
    expect(await connect(person.context, options)).toBe(3)
    expect(person.terminal.errors.at(-1)).toBe('You declined. Start again. The broker says: "The user said no."')
  })

  test('ends when the app lock closes, since no news of the sign-in comes any more', async () => {
    let isLocked = false
    const { core, context, documents } = setting({
      'connections.signIn': () => waiting,
      'connections.flow': () => {
        if (isLocked) throw new AppError('app/locked')
        return waiting
      },
      'connections.cancel': () => waiting,
    })
    const code = connect(context, options)
    await core.untilAsked('connections.flow')
    isLocked = true
    core.emit({ type: 'lock.changed', revision: 1 })
    expect(await code).toBe(7)
    expect(documents().at(-1)).toMatchObject({ event: 'failed', code: 'app/locked' })
    expect(core.listeners()).toBe(0)
  })

  test('reads the pasted address from standard input', async () => {
    let state = waiting
    const pasted = 'http://127.0.0.1:9001/callback/alpaca?code=c&state=s'
    const { core, context, documents } = setting(
      {
        'connections.signIn': () => waiting,
        'connections.flow': () => state,
        'connections.paste': () => {
          state = connected
          return connected
        },
      },
      { lines: [pasted] },
    )
    const code = connect(context, { ...options, paste: true })
    await core.untilAsked('connections.paste')
    core.emit({ type: 'flow.changed', revision: 1, flowId })
    expect(await code).toBe(0)
    expect(core.asked.find(({ route }) => route === 'connections.paste')?.input).toEqual({ flowId: 'flow_1', text: pasted })
    expect(documents().at(-1)).toEqual({ event: 'connected', connectionId: 'con_1' })
  })

  test('ends a sign-in whose paste was refused', async () => {
    let state: object = waiting
    const error = { code: 'app/canceled', message: 'Canceled.', action: '' }
    const { core, context, documents } = setting(
      {
        'connections.signIn': () => waiting,
        'connections.flow': () => state,
        'connections.paste': fail('auth/bad-paste'),
        'connections.cancel': () => {
          state = flow({ kind: 'failed', error })
          core.emit({ type: 'flow.changed', revision: 1, flowId })
          return state
        },
      },
      { lines: ['nonsense'] },
    )
    expect(await connect(context, { ...options, paste: true })).toBe(3)
    expect(documents().at(-1)).toMatchObject({ event: 'failed', code: 'auth/bad-paste' })
  })

  test('cancels the sign-in when it is stopped', async () => {
    let state: object = waiting
    const error = { code: 'app/canceled', message: 'Canceled.', action: '' }
    const { core, context, stop } = setting({
      'connections.signIn': () => waiting,
      'connections.flow': () => state,
      'connections.cancel': () => (state = flow({ kind: 'failed', error })),
    })
    const code = connect(context, options)
    await core.untilAsked('connections.flow')
    stop.abort()
    expect(await code).toBe(130)
  })

  test('takes keys from the environment and never prints them', async () => {
    const env = { KEELSON_API_KEY_ID: 'PK-CANARY', KEELSON_API_KEY_SECRET: 'secret-canary' }
    const { core, terminal, context } = setting(keyAnswers, { env })
    expect(await connect(context, { ...options, method: 'api-key' })).toBe(0)
    expect(formOf(core)).toMatchObject({ values: { 'api-key-id': 'PK-CANARY', 'api-key-secret': 'secret-canary' }, consent: true })
    expect([...terminal.output, ...terminal.errors].join()).not.toMatch(/canary/i)
  })

  test('asks for keys without showing them, or reads them from standard input line by line', async () => {
    const asking = setting(keyAnswers, { interactive: true, hidden: ['PK1', 'S1'] })
    expect(await connect(asking.context, { ...options, method: 'api-key' })).toBe(0)
    expect(formOf(asking.core)).toMatchObject({ values: { 'api-key-id': 'PK1', 'api-key-secret': 'S1' } })
    const piped = setting(keyAnswers, { lines: ['PK2', 'S2'] })
    expect(await connect(piped.context, { ...options, method: 'api-key' })).toBe(0)
    expect(formOf(piped.core)).toMatchObject({ values: { 'api-key-id': 'PK2', 'api-key-secret': 'S2' } })
  })

  test('takes other fields from the command line, but never a secret', async () => {
    const good = setting(keyAnswers, { lines: ['token-1'] })
    expect(await connect(good.context, { ...options, broker: 'ibkr', method: 'flex', fields: { 'query-id': '77' } })).toBe(0)
    expect(formOf(good.core)).toMatchObject({ method: 'flex', values: { token: 'token-1', 'query-id': '77' } })
    const bad = setting(keyAnswers)
    expect(await connect(bad.context, { ...options, broker: 'ibkr', method: 'flex', fields: { token: 'CANARY' } })).toBe(3)
    expect(bad.documents()).toMatchObject([{ event: 'failed', code: 'auth/bad-field' }])
    expect(bad.terminal.output.join()).not.toContain('CANARY')
    expect(formOf(bad.core)).toBeUndefined()
  })

  test('renews with what is said anew, and leaves the rest out', async () => {
    const { core, context } = setting({ ...keyAnswers, 'connections.list': () => [connectionOf('con_1', 'ibkr')] }, { lines: ['token-2'] })
    expect(await connect(context, { ...options, broker: 'ibkr', method: 'flex', reconnect: 'ibkr' })).toBe(0)
    expect(formOf(core)).toMatchObject({ reconnect: 'con_1', values: { token: 'token-2' } })
    expect(JSON.stringify(formOf(core))).not.toContain('query-id')
  })

  test("uses the broker's first way in when none is named", async () => {
    const { core, context } = setting(keyAnswers, { lines: ['t', 'q'] })
    const { method: _, ...unnamed } = options
    expect(await connect(context, { ...unnamed, broker: 'ibkr' })).toBe(0)
    expect(formOf(core)).toMatchObject({ method: 'flex' })
  })

  test('says what the way in that is taken may do, and nothing of a sign-in that is not', async () => {
    const own = {
      scopes: [{ id: '', label: 'Read reports', detail: 'Trades and cash.', required: true }],
      note: 'Reports come once a day.',
      guide: 'https://example.com/flex',
    }
    const offers = [brokerOf('ibkr', 'Interactive Brokers', ['flex'], own)]
    const it = setting({ ...keyAnswers, 'brokers.list': () => offers }, { json: false, lines: ['t0k', '1'] })
    expect(await connect(it.context, { ...options, broker: 'ibkr', method: 'flex' })).toBe(0)
    expect(it.terminal.errors[0]).toBe(
      [
        'What Keelson may do at Interactive Brokers (flex):',
        '  - Read reports: Trades and cash.',
        'You need a key. It lasts until you delete it.',
        'Reports come once a day.',
        'How to set it up: https://example.com/flex',
      ].join('\n'),
    )
  })

  test('says what a sign-in asks for, and not what more there is', async () => {
    const offered = brokerOf('alpaca', 'Alpaca', ['oauth'])
    const more = { id: 'trading', label: 'Place orders', detail: 'Each confirmed.', required: false }
    const it = setting(
      { 'brokers.list': () => [{ ...offered, scopes: [...offered.scopes, more] }], 'connections.signIn': () => waiting, 'connections.flow': () => connected },
      { json: false },
    )
    expect(await connect(it.context, options)).toBe(0)
    expect(it.terminal.errors[0]).toContain('Read accounts: After a sign-in at the broker.')
    expect(it.terminal.errors[0]).not.toContain('Place orders')
  })

  test('asks a person at a terminal for consent', async () => {
    const answers = { 'brokers.list': () => [], 'connections.signIn': () => waiting, 'connections.flow': () => connected }
    const no = setting(answers, { interactive: true, json: false, lines: ['n'] })
    expect(await connect(no.context, options)).toBe(3)
    expect(no.core.asked.map(({ route }) => route)).toEqual(['brokers.list'])
    const yes = setting(answers, { interactive: true, json: false, lines: ['yes'] })
    expect(await connect(yes.context, options)).toBe(0)
  })
})
