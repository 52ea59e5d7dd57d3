import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openConnection } from '../../electron/core/db/open.ts'
import { runCommandLine } from '../../electron/headless/command-line.ts'
import { auditAccept, auditVerify } from '../../electron/headless/commands/audit.ts'
import { kill, rearm } from '../../electron/headless/commands/kill.ts'
import { type OrderOptions, ticketOf } from '../../electron/headless/commands/order-ticket.ts'
import { takeOrderBack, orders, askForOrder, type PlaceOptions } from '../../electron/headless/commands/orders.ts'
import type { HostCore } from '../../electron/headless/host-core.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import type { Envelope } from '../../shared/contract/envelope.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import type { AccountId } from '../../shared/domain/ids.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type TestCore, testCore } from '../support/test-core.ts'
import { fakeCore } from './support/fake-core.ts'
import { fakeTerminal, type FakeTerminalOptions } from './support/fake-terminal.ts'

const { signal } = new AbortController()
const plain: Omit<OrderOptions, 'action' | 'symbol'> = {
  quantity: Dec.of('1'),
  amount: undefined,
  limit: undefined,
  stop: undefined,
  tif: 'day',
  extended: false,
  assetClass: undefined,
}

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Desk {
  readonly app: TestCore
  readonly account: AccountId
  readonly place: (more: Partial<PlaceOptions>, json?: boolean) => Promise<Said>
  readonly run: (
    command: (context: Parameters<typeof orders>[0]) => Promise<number>,
    options?: FakeTerminalOptions & { json?: boolean },
  ) => Promise<Said>
}

/** A core that trades at a simulator, and commands that talk to it as to a running host. */
async function trading(automation: 'approve' | 'direct'): Promise<Desk> {
  const app = await testCore({ activities: 40 })
  onTestFinished(() => app[Symbol.asyncDispose]())
  const { connectionIds } = await app.call('sandbox.explore', { broker: 'alpaca' })
  const [connectionId] = connectionIds
  if (!connectionId) throw new Error('nothing was connected')
  await app.call('orders.setTrading', { connectionId, on: true, automation })
  const [account] = (await app.call('orders.desk', {})).connections[0]?.accounts ?? []
  if (!account) throw new Error('there is no account')
  const run: Desk['run'] = async (command, { json = false, ...options } = {}) => {
    const terminal = fakeTerminal(options)
    const code = await command({ client: createClient({ ...app.core, close: () => Promise.resolve() }), terminal, json, signal })
    return { code, out: terminal.output.join('\n'), err: terminal.errors.join('\n') }
  }
  const ask = async (): Promise<Dec> => {
    const quote = await app.call('orders.quote', { accountId: account.accountId, symbol: 'AAPL', assetClass: 'equity' })
    // Without one it would be another order, and the test one of something else.
    if (!quote?.ask) throw new Error('the simulator gave no price')
    return quote.ask
  }
  const place: Desk['place'] = async (more, json = false) => {
    const options: PlaceOptions = {
      ...plain,
      action: 'buy',
      symbol: 'aapl',
      account: account.accountId,
      digits: undefined,
      id: 'mine',
      ...more,
      limit: more.limit ?? (await ask()),
    }
    return run(context => askForOrder(context, options), { json })
  }
  return { app, account: account.accountId, place, run }
}

describe('keelson order place', () => {
  test('asks, and sends nothing before the user said yes', async () => {
    const { app, place } = await trading('approve')
    const said = await place({ limit: Dec.of('190') })
    expect(said).toMatchObject({ code: 0, err: '' })
    expect(said.out).toMatch(/^It waits for your yes in Keelson, under Orders, until .* Nothing was sent\.$/)
    expect(await app.call('orders.requests', {})).toMatchObject([
      { state: 'waiting', from: 'command line', ticket: { symbol: 'aapl', type: 'limit' } },
    ])
    expect(
      app.sandbox
        .control('alpaca')
        .requests()
        .filter(({ method, path: to }) => method === 'POST' && to.includes('orders')),
    ).toEqual([])
  })

  test('asked again under its id is the same order, and another one under it is refused', async () => {
    const { app, place } = await trading('approve')
    const first = await place({ limit: Dec.of('190'), id: 'today-1' }, true)
    expect(JSON.parse(first.out)).toMatchObject({ request: { requestId: 'today-1', state: 'waiting' } })
    expect(await place({ limit: Dec.of('190'), id: 'today-1' }, true)).toEqual(first)
    await expect(place({ limit: Dec.of('191'), id: 'today-1' })).rejects.toMatchObject({ failure: { code: 'order/request-id-used' } })
    expect(await app.call('orders.requests', {})).toHaveLength(1)
  })

  test('makes an id where none is given, and tells it before it asks, so that a second try can name it', async () => {
    const { place } = await trading('approve')
    const said = await place({ limit: Dec.of('190'), id: undefined }, true)
    const [, id = ''] = /--id ([0-9a-f-]{36})$/.exec(said.err) ?? []
    expect(JSON.parse(said.out)).toMatchObject({ request: { requestId: id } })
    expect(await place({ limit: Dec.of('190'), id }, true)).toEqual({ ...said, err: '' })
  })

  test('goes through the guard all the same where programs may order directly', async () => {
    const { place } = await trading('direct')
    const said = await place({ quantity: Dec.of('5000') })
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toContain('over your limit')
  })

  test('is told that the kill switch is on', async () => {
    const { app, place } = await trading('direct')
    await app.call('orders.kill', { by: 'window' })
    const said = await place({}, true)
    expect(said.code).toBe(1)
    expect(JSON.parse(said.out)).toMatchObject({ request: { state: 'declined', placed: { outcome: 'not-sent' } } })
  })

  test('is refused for a connection that only reads', async () => {
    const { app, place } = await trading('approve')
    const [one] = (await app.call('orders.desk', {})).connections
    if (!one) throw new Error('there is no connection')
    await app.call('orders.setTrading', { connectionId: one.connectionId, on: false })
    await expect(place({})).rejects.toMatchObject({ failure: { code: 'order/stopped-trading-off' } })
  })

  test.each([
    ['AAPL', 'equity'],
    ['aapl261218c00250000', 'option'],
    ['/ESZ26', 'future'],
    ['./ESZ26 EW4X26 261127C5750', 'future-option'],
    ['btc/usd', 'crypto'],
    ['BRK/B', 'equity'],
  ])('knows what %s is: %s', (symbol, assetClass) => {
    expect(ticketOf('acc_x' as AccountId, { ...plain, action: 'buy', symbol }).assetClass).toBe(assetClass)
  })

  test.each([
    [undefined, undefined, 'market'],
    ['190', undefined, 'limit'],
    [undefined, '180', 'stop'],
    ['190', '189', 'stop-limit'],
  ] as const)('with limit %s and stop %s is a %s order', (limit, stop, type) => {
    const prices = { limit: limit && Dec.of(limit), stop: stop && Dec.of(stop) }
    expect(ticketOf('acc_x' as AccountId, { ...plain, ...prices, action: 'sell', symbol: 'AAPL' })).toMatchObject({
      type,
      limitPrice: limit ?? null,
      stopPrice: stop ?? null,
    })
  })

  /** What is said where the host answers a request for an order like that. */
  async function told(id: string | undefined, answer: (request: { ticket: unknown }) => Envelope<unknown>): Promise<Said> {
    const { app, account } = await trading('direct')
    const options: PlaceOptions = { ...plain, action: 'buy', symbol: 'AAPL', account, digits: undefined, id }
    const host: HostCore = {
      ...app.core,
      close: () => Promise.resolve(),
      dispatch: async (request, how) =>
        JSON.stringify(request).includes('"orders.request"')
          ? answer({ ticket: ticketOf(account, options) })
          : app.core.dispatch(request, how),
    }
    const terminal = fakeTerminal()
    const code = await askForOrder({ client: createClient(host), terminal, json: false, signal }, options).catch(() => -1)
    return { code, out: terminal.output.join('\n'), err: terminal.errors.join('\n') }
  }
  const times = { createdAt: '2026-11-20T15:00:00.000000Z', expiresAt: '2026-11-20T15:10:00.000000Z' }
  const NEW_ID = 'A new order needs a new id: mine belongs to this one.'
  const unknown = { intentId: 'int_1', outcome: 'unknown', externalId: null, status: null, sentence: 'Nobody knows yet.', error: null }

  test.each([
    ['placed', unknown, 8, 'Nobody knows yet.'],
    ['placed', null, 8, 'It was approved, and may be on its way: keelson orders shows what became of it.'],
    ['declined', null, 1, `The request was declined. Nothing was sent.\n${NEW_ID}`],
    ['expired', null, 1, `The request ran out. Nothing was sent.\n${NEW_ID}`],
    [
      'declined',
      { ...unknown, outcome: 'not-sent', sentence: 'Nothing was sent: it came too late.' },
      1,
      `Nothing was sent: it came too late.\n${NEW_ID}`,
    ],
    ['placed', { ...unknown, outcome: 'rejected', sentence: 'The broker refused it.' }, 1, `The broker refused it.\n${NEW_ID}`],
  ])('says what is known of one that is %s (%j), and ends with %d', async (state, placed, code, err) => {
    const said = await told('mine', ({ ticket }) => ({
      ok: true,
      data: { id: 'req_1', requestId: 'mine', ticket, from: 'x', ...times, state, placed },
    }))
    expect(said).toEqual({ code, out: '', err })
  })

  test('names no id that its program did not give', async () => {
    const said = await told(undefined, ({ ticket }) => ({
      ok: true,
      data: { id: 'req_1', requestId: 'made', ticket, from: 'x', ...times, state: 'declined', placed: null },
    }))
    expect(said.err).toMatch(
      /^To hear what became of this order, and send no second one: --id [0-9a-f-]{36}\nThe request was declined\. Nothing was sent\.$/,
    )
  })

  test('has told the id it made where no answer ever comes', async () => {
    const said = await told(undefined, () => ({
      ok: false,
      error: { code: 'app/disconnected', message: 'The link was lost.', action: 'Look.' },
    }))
    expect(said).toEqual({ code: -1, out: '', err: expect.stringMatching(/--id [0-9a-f-]{36}$/) as unknown })
  })
})

describe('keelson orders and order cancel', () => {
  test('show an open order, and cancel it under the kill switch and with trading switched off', async () => {
    const { app, run, account } = await trading('approve')
    const review = await app.call('orders.review', {
      accountId: account,
      symbol: 'AAPL',
      assetClass: 'equity',
      action: 'buy',
      type: 'limit',
      quantity: Dec.of('1'),
      notional: null,
      limitPrice: Dec.of('2'),
      stopPrice: null,
      timeInForce: 'gtc',
      extendedHours: false,
    })
    const { externalId } = await app.call('orders.place', {
      reviewId: review.reviewId,
      hash: review.hash,
      confirmed: review.needs.map(({ confirmation }) => confirmation),
    })
    expect(externalId).not.toBeNull()
    await app.call('orders.kill', { by: 'tray' })
    const shown = await run(context => orders(context, { state: 'open', account, symbol: 'AAPL', limit: 10 }))
    expect(shown.out).toContain(String(externalId))
    expect(shown.out).toContain('limit 2')
    const [one] = (await app.call('orders.desk', {})).connections
    if (!one) throw new Error('there is no connection')
    await app.call('orders.setTrading', { connectionId: one.connectionId, on: false })
    const canceled = await run(context => takeOrderBack(context, String(externalId)))
    expect(canceled).toMatchObject({ code: 0, err: '' })
    await expect(run(context => takeOrderBack(context, 'nobody'))).rejects.toMatchObject({ code: 'order/not-found' })
  })

  test('cancel none where two orders go by the id, and the one that is named by ours', async () => {
    const at = '2026-11-20T15:00:00.000Z'
    const none = {
      symbol: null,
      side: null,
      quantity: null,
      notional: null,
      limitPrice: null,
      stopPrice: null,
      averageFillPrice: null,
      currency: null,
    }
    const row = (accountId: string, id: string) => ({
      ...none,
      id,
      accountId,
      connectionId: 'con_1',
      broker: 'alpaca',
      environment: 'paper',
      externalId: '1001',
      intentId: null,
      isOurs: false,
      type: 'limit',
      timeInForce: 'day',
      status: 'working',
      statusText: 'new',
      isOpen: true,
      filledQuantity: '0',
      submittedAt: at,
      updatedAt: at,
      fetchedAt: at,
      canCancel: true,
      canReplace: true,
    })
    const core = fakeCore({
      'orders.list': () => ({ rows: [row('acc_a', 'ord_a'), row('acc_b', 'ord_b')], next: null }),
      'orders.cancel': () => ({
        intentId: 'int_1',
        outcome: 'confirmed',
        externalId: '1001',
        status: null,
        sentence: 'Canceled.',
        error: null,
      }),
    })
    const context = () => ({ client: createClient(core), terminal: fakeTerminal(), json: false, signal })
    await expect(takeOrderBack(context(), '1001')).rejects.toMatchObject({
      code: 'app/ambiguous-name',
      details: { count: 2, what: 'order', name: '1001', known: 'ord_a, ord_b' },
    })
    expect(core.asked.map(({ route }) => route)).toEqual(['orders.list'])
    expect(await takeOrderBack(context(), 'ord_b')).toBe(0)
    expect(core.asked.at(-1)).toMatchObject({ route: 'orders.cancel', input: { accountId: 'acc_b', externalId: '1001' } })
  })

  test('say when there are none', async () => {
    const { run } = await trading('approve')
    const none = await run(context => orders(context, { state: 'all', account: undefined, symbol: 'NOTHING', limit: 10 }))
    expect(none).toEqual({ code: 0, out: 'No orders.', err: '' })
    const document = await run(context => orders(context, { state: 'open', account: undefined, symbol: 'NOTHING', limit: 10 }), {
      json: true,
    })
    expect(JSON.parse(document.out)).toEqual({ orders: [], more: false })
  })
})

describe('keelson kill', () => {
  const deps = (dataDir: string, running: () => Promise<HostCore | null>) => ({
    dataDir,
    json: false,
    signal,
    now: () => '2026-11-20T15:00:00Z',
    running,
  })

  test('needs no Keelson that runs, no vault and no app lock: the file is enough', async () => {
    using folder = tempFolder()
    const terminal = fakeTerminal()
    expect(await kill({ ...deps(folder.path, () => Promise.resolve(null)), terminal })).toBe(0)
    const file = path.join(folder.path, 'kill-switch')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ since: '2026-11-20T15:00:00Z', by: 'cli' })
    expect(process.platform === 'win32' ? 0o600 : statSync(file).mode & 0o777).toBe(0o600)
    expect(terminal.output[0]).toContain('Keelson does not run now')
  })

  test('stops the Keelson that runs, and rearm wants the word', async () => {
    const { app, run } = await trading('direct')
    const terminal = fakeTerminal()
    const host: HostCore = { ...app.core, close: () => Promise.resolve() }
    expect(await kill({ ...deps(app.ports.paths.dataDir, () => Promise.resolve(host)), terminal })).toBe(0)
    expect((await app.call('orders.desk', {})).kill).toMatchObject({ on: true, by: 'cli' })
    expect((await run(context => rearm(context, { phrase: undefined }))).code).toBe(2)
    await expect(run(context => rearm(context, { phrase: 'trade please' }))).rejects.toMatchObject({
      failure: { code: 'order/wrong-phrase' },
    })
    expect((await run(context => rearm(context, { phrase: undefined }), { interactive: true, lines: ['TRADE'] })).code).toBe(0)
    expect((await app.call('orders.desk', {})).kill.on).toBe(false)
    expect(existsSync(path.join(app.ports.paths.dataDir, 'kill-switch'))).toBe(false)
  })

  test('stops the Keelson that runs although its file cannot be written, and says so when neither works', async () => {
    using folder = tempFolder()
    const noFolder = path.join(folder.path, 'file')
    writeFileSync(noFolder, '')
    let told = 0
    const host = fakeCore({
      'orders.kill': () => {
        told += 1
        return {}
      },
    })
    const terminal = fakeTerminal()
    expect(await kill({ ...deps(noFolder, () => Promise.resolve(host)), terminal })).toBe(0)
    expect(told).toBe(1)
    await expect(kill({ ...deps(noFolder, () => Promise.resolve(null)), terminal })).rejects.toThrow(/ENOTDIR|EEXIST|ENOENT/)
  })

  test('is on although the host does not answer', async () => {
    using folder = tempFolder()
    const terminal = fakeTerminal()
    const broken = fakeCore({
      'orders.kill': () => {
        throw new AppError('app/locked')
      },
    })
    expect(await kill({ ...deps(folder.path, () => Promise.resolve(broken)), terminal })).toBe(0)
    expect(existsSync(path.join(folder.path, 'kill-switch'))).toBe(true)
    expect(terminal.errors[0]).toContain('looks at the switch before each order')
  })
})

describe('keelson audit', () => {
  test('says that the log is sound, and how long it is', async () => {
    const { run } = await trading('approve')
    const said = await run(auditVerify)
    expect(said).toMatchObject({ code: 0, err: '' })
    expect(said.out).toMatch(/^The log of orders is sound: \d+ rows, looked at in \d+ ms, ending with [0-9a-f]{16}\.$/)
  })

  test('ends with 1 for a log that is not, and takes it as it is when told to', async () => {
    const bad = { isSound: false, rows: 3, ms: 1.5, problem: { row: 2, sentence: 'Row 2 is missing.' }, head: 'ab'.repeat(32) }
    const core = fakeCore({ 'audit.verify': () => bad, 'audit.accept': () => ({ ...bad, isSound: true, problem: null }) })
    const context = (options: FakeTerminalOptions = {}) => ({
      client: createClient(core),
      terminal: fakeTerminal(options),
      json: false,
      signal,
    })
    const first = context()
    expect(await auditVerify(first)).toBe(1)
    expect(first.terminal.errors[0]).toContain('Row 2 is missing.')
    expect(await auditAccept(context(), { yes: false })).toBe(2)
    expect(await auditAccept(context({ interactive: true, lines: ['n'] }), { yes: false })).toBe(130)
    expect(core.asked.filter(({ route }) => route === 'audit.accept')).toEqual([])
    expect(await auditAccept(context({ interactive: true, lines: ['y'] }), { yes: false })).toBe(0)
    expect(await auditAccept(context(), { yes: true })).toBe(0)
  })

  test('says of a row that is none of ours what it is, and takes it as it is, too', async () => {
    const { app, run } = await trading('approve')
    const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
    db.raw.exec(`CREATE TABLE loose AS SELECT * FROM audit_log; DROP TABLE audit_log; ALTER TABLE loose RENAME TO audit_log;
      UPDATE audit_log SET body = x'00' WHERE seq = 1`)
    db.close()
    const said = await run(auditVerify)
    expect(said).toMatchObject({ code: 1, out: '' })
    expect(said.err).toBe(
      'The log of orders is not sound. Row 1 cannot be read: a cell of it is of another kind than Keelson writes. No order is sent until you take it as it is: keelson audit accept',
    )
    expect(await run(context => auditAccept(context, { yes: false }))).toMatchObject({ code: 2 })
    expect(await run(context => auditAccept(context, { yes: true }))).toMatchObject({ code: 0, err: '' })
    expect(await run(auditVerify)).toMatchObject({ code: 0, err: '' })
  })
})

describe('the command line', () => {
  async function keelson(args: readonly string[]): Promise<Said & { readonly folder: string }> {
    const folder = tempFolder()
    onTestFinished(() => folder[Symbol.dispose]())
    const terminal = fakeTerminal({ env: { KEELSON_PASSPHRASE: 'correct horse battery', KEELSON_DATA_DIR: folder.path } })
    const code = await runCommandLine(args, {
      serve: () => Promise.reject(new Error('not served here')),
      layout: layoutAround(import.meta.dirname),
      terminal,
      signal,
    })
    return { code, out: terminal.output.join('\n'), err: terminal.errors.join('\n'), folder: folder.path }
  }

  test.each([
    [['order', 'place', 'buy', 'AAPL', '--account', 'x'], 'Say how much'],
    [['order', 'place', 'buy', 'AAPL', '--account', 'x', '--quantity', '0'], 'must be a number above zero'],
    [['order', 'place', 'buy', 'AAPL', '--account', 'x', '--quantity', 'NaN'], 'must be a number above zero'],
    [['order', 'place', 'buy', 'AAPL', '--account', 'x', '--quantity', '1', '--amount', '5'], 'cannot be used with'],
    [['order', 'place', 'hold', 'AAPL', '--account', 'x', '--quantity', '1'], 'Allowed choices are buy'],
    [['order', 'place', 'buy', 'AAPL', '--quantity', '1'], 'required option'],
    [['order', 'place', 'buy', 'AAPL', '--account', 'x', '--quantity', '1', '--id', 'a b'], 'must be 1 to 64 letters'],
    [['orders', '--open', '--done'], 'cannot be used with'],
    [['rearm'], '--phrase TRADE'],
  ])('%j is wrong usage', async (args, words) => {
    const { code, err } = await keelson(args)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) as unknown })
  })

  test('works on a folder of its own', async () => {
    expect(await keelson(['orders', '--json'])).toMatchObject({ code: 0, out: '{"orders":[],"more":false}' })
    expect(await keelson(['audit', 'verify'])).toMatchObject({ code: 0, err: '' })
    const killed = await keelson(['kill', '--json'])
    expect(JSON.parse(killed.out)).toEqual({ killed: true, host: 'none' })
    expect(existsSync(path.join(killed.folder, 'keelson.db'))).toBe(false)
    const nobody = await keelson(['order', 'place', 'buy', 'AAPL', '--account', '1234', '--quantity', '1'])
    expect(nobody).toMatchObject({ code: 1, out: '' })
  })
})
