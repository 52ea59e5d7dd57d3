import { describe, expect, test } from 'vitest'
import { instrumentOf } from '../../../electron/core/services/watchlist.ts'
import { createQuoteRound } from '../../../electron/core/services/quote-round.ts'
import { quoteView } from '../../../electron/core/services/quote-view.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { addWatched, watchedAll } from '../../../electron/core/store/watchlist.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Quote } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { eventually } from '../../support/eventually.ts'
import { jumpingClock } from '../../support/fake-ports.ts'
import { type Refused, testCore } from '../../support/test-core.ts'
import { connection } from '../store/support.ts'

const quote = (symbol: string, change: Partial<Quote> = {}): Quote => ({
  symbol, bid: Dec.of('9.99'), ask: Dec.of('10.01'), last: Dec.of('10'), previousClose: Dec.of('8'), currency: 'USD', delayed: false, asOf: AT, ...change,
})

type Answer = readonly Quote[] | Error | 'silence'

/** A round over connections in the user's order, each with its environment and what it answers. */
function desk(plan: Readonly<Record<string, readonly [Environment, Answer]>>, symbols: readonly string[]) {
  const db = tempDatabase()
  const answers: Record<string, Answer> = {}
  const asked: string[] = []
  for (const [name, [environment, answer]] of Object.entries(plan)) {
    insertConnection(db.writer, { ...connection(`con_${name}`), environment })
    answers[`con_${name}`] = answer
  }
  for (const symbol of symbols) addWatched(db.writer, { id: `wch_${symbol}`, symbol, assetClass: 'equity' })
  const events: string[] = []
  const clock = jumpingClock()
  const round = createQuoteRound({
    db, clock, log: createLog(() => undefined, clock), emit: ({ type }) => void events.push(type),
    broker: () => ({ name: 'Alpaca', can: { quotes: true } }),
    adapter: async ({ id }) => ({
      async quotes(wanted, { signal }) {
        asked.push(`${id.slice(4)} ${wanted.join(',')}`)
        const answer = answers[id] ?? []
        if (answer === 'silence') return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('app/canceled'))))
        if (answer instanceof Error) throw answer
        return answer.filter(({ symbol }) => wanted.includes(symbol))
      },
    }),
  })
  const shown = () => watchedAll(db.reader).map(({ symbol, connectionId, quote: kept, problem }) => [symbol, connectionId?.slice(4) ?? null, kept?.last ?? null, problem])
  return { db, asked, answers, events, clock, shown, run: () => round.run(new AbortController().signal) }
}

describe('a round of quotes', () => {
  test('asks real markets before practice ones, in the user’s order, and goes on with what nobody quoted', async () => {
    const it = desk({ paper: ['paper', [quote('B'), quote('C')]], first: ['live', [quote('A')]], second: ['live', [quote('A', { last: Dec.of('99') }), quote('B')]] }, ['A', 'B', 'C'])
    expect(await it.run()).toEqual({ quoted: 3, missing: 0 })
    expect(it.asked).toEqual(['first A,B,C', 'second B,C', 'paper C'])
    expect(it.shown()).toEqual([['A', 'first', '10', null], ['B', 'second', '10', null], ['C', 'paper', '10', null]])
    it.asked.length = 0
    await it.run()
    expect(it.asked).toEqual(['first A', 'second B', 'paper C'])
    expect(it.events).toEqual(['watchlist.changed', 'watchlist.changed'])
  })

  test('takes a delayed quote only while nobody has one without delay', async () => {
    const it = desk({ slow: ['live', [quote('A', { delayed: true, last: Dec.of('7') }), quote('B', { delayed: true, last: Dec.of('7') })]], quick: ['live', [quote('A')]] }, ['A', 'B'])
    await it.run()
    expect(it.shown()).toEqual([['A', 'quick', '10', null], ['B', 'slow', '7', null]])
  })

  test('asks a sandbox, which makes its prices up, only where there is nothing else', async () => {
    const it = desk({ made: ['sandbox', [quote('A')]], real: ['paper', []] }, ['A'])
    expect(await it.run()).toEqual({ quoted: 0, missing: 1 })
    expect(it.asked).toEqual(['real A'])
    expect(await desk({ made: ['sandbox', [quote('A')]] }, ['A']).run()).toEqual({ quoted: 1, missing: 0 })
  })

  test('keeps the old quote with its moment when a broker fails, and says why', async () => {
    const it = desk({ only: ['live', [quote('A')]] }, ['A', 'B'])
    await it.run()
    const [before] = watchedAll(it.db.reader)
    it.answers['con_only'] = new AppError('net/offline', { details: { broker: 'Alpaca' } })
    it.clock.jump(60_000)
    expect(await it.run()).toEqual({ quoted: 0, missing: 2 })
    const [after] = watchedAll(it.db.reader)
    expect(after?.quote).toEqual(before?.quote)
    expect(after?.problem).toBe(new AppError('net/offline', { details: { broker: 'Alpaca' } }).message)
  })

  test('tells a permission that is missing from a symbol nobody knows', async () => {
    const it = desk({ shut: ['live', new AppError('broker/refused', { details: { broker: 'Alpaca', status: 403 } })], open: ['live', []] }, ['A'])
    await it.run()
    expect(it.shown()[0]?.[3]).toBe('No broker that answered quotes it. Alpaca does not let this sign-in read prices.')
    const none = desk({}, ['A'])
    await none.run()
    expect(none.shown()[0]?.[3]).toBe('No connected broker gives quotes.')
  })

  test('waits for no broker for ever', async () => {
    const it = desk({ mute: ['live', 'silence'], next: ['live', [quote('A')]] }, ['A'])
    const running = it.run()
    expect(it.run()).toBe(running)
    await eventually(() => expect(it.asked).toHaveLength(1))
    it.clock.jump(10_000)
    expect(await running).toEqual({ quoted: 1, missing: 0 })
    expect(it.asked).toEqual(['mute A', 'next A'])
  })

  test('takes a quote without any price for none', async () => {
    const it = desk({ empty: ['live', [quote('A', { bid: null, ask: null, last: null })]] }, ['A'])
    expect(await it.run()).toEqual({ quoted: 0, missing: 1 })
  })
})

test.each([
  ['10', '8', '2', '25'], ['8', '10', '-2', '-20'], ['100.005', '100', '0.005', '0.01'], ['99.995', '100', '-0.005', '-0.01'], ['100.004', '100', '0.004', '0'], ['1', '3', '-2', '-66.67'], ['5', '0', '5', null], ['10', '10', '0', '0'],
])('a last price of %s after a close of %s has changed by %s, %s percent', (last, close, change, percent) => {
  const view = quoteView(quote('A', { last: Dec.of(last), previousClose: Dec.of(close) }), AT)
  expect([view.change, view.changePercent]).toEqual([change, percent])
})

test('a quote without last or close has no change', () => {
  expect(quoteView(quote('A', { last: null }), AT)).toMatchObject({ change: null, changePercent: null })
  expect(quoteView(quote('A', { previousClose: null }), AT)).toMatchObject({ change: null, changePercent: null })
})

test.each([
  [' aapl ', 'AAPL', 'equity'], ['brk.b', 'BRK.B', 'equity'], ['btc-usd', 'BTC/USD', 'crypto'], ['BTC/USD', 'BTC/USD', 'crypto'], ['/esz26', '/ESZ26', 'future'], ['$spx', '$SPX', 'index'],
  ['AAPL  261218C00250000', 'AAPL261218C00250000', 'option'],
])('%s is watched as %s, a kind of %s', (typed, symbol, assetClass) => {
  expect(instrumentOf(typed)).toEqual({ symbol, assetClass })
})

describe('the list', () => {
  test('keeps the user’s order through moves and a restart, each symbol once', async () => {
    await using before = await testCore()
    const ids = await Promise.all(['A', 'B', 'C', 'D'].map(async symbol => (await before.call('watchlist.add', { symbol })).id))
    const [a = '', b = '', c = '', d = ''] = ids
    expect(await before.call('watchlist.add', { symbol: ' b ' })).toEqual({ id: b })
    await before.call('watchlist.move', { id: d, before: a })
    await before.call('watchlist.move', { id: b, before: null })
    await before.call('watchlist.remove', { id: c })
    await using app = await before.restart()
    expect((await app.call('watchlist.list', {})).map(({ symbol }) => symbol)).toEqual(['D', 'A', 'B'])
    const refusals = await Promise.all([app.call('watchlist.remove', { id: c }), app.call('watchlist.move', { id: a, before: c }), app.call('watchlist.add', { symbol: '<b>' })].map(asked => asked.then(() => null, (error: Refused) => error.view.code)))
    expect(refusals).toEqual(['app/not-found', 'app/not-found', 'watchlist/unknown-symbol'])
  })

  test('shows a sandbox broker’s quotes with their age', async () => {
    await using app = await testCore()
    await app.connect('schwab')
    await app.call('watchlist.add', { symbol: 'SPY' })
    expect(await app.call('watchlist.list', {})).toMatchObject([{ quote: null, problem: null, connectionId: null }])
    expect(await app.call('watchlist.refresh', {})).toEqual({ quoted: 1, missing: 0 })
    const [row] = await app.call('watchlist.list', {})
    expect(row?.quote).toMatchObject({ symbol: 'SPY', currency: 'USD' })
    expect(Instant.msBetween(row?.quote?.asOf ?? AT, row?.quote?.fetchedAt ?? AT)).toBeGreaterThanOrEqual(0)
    expect(app.events.map(({ type }) => type)).toContain('watchlist.changed')
  })
})
