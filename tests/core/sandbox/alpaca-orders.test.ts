import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { openBench, rowOf, rowsOf, sender, text } from './client.ts'
import type { Bench, Row, Send } from './client.ts'
import { PAYLOADS, addValue, readPayload, strangers } from './shape.ts'

const open = () => openBench({ stands: ['alpaca'] })
const enter = (bench: Bench) => sender(bench, 'alpaca', 'account:write trading data')
const order = (more: object) => ({ symbol: 'KO', qty: '3', side: 'buy', type: 'market', time_in_force: 'day', ...more })
const cashOf = async (send: Send) => text((await rowOf(await send('GET', '/v2/account')))['cash'])
const read = async (send: Send, placed: Row) => rowOf(await send('GET', `/v2/orders/${text(placed['id'])}`))

async function fillsOf(send: Send, id: string): Promise<Row[]> {
  return (await rowsOf(await send('GET', '/v2/account/activities/FILL'))).filter(row => row['order_id'] === id)
}

test('a market order is taken, then filled, and moves cash, position and history', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const before = await cashOf(send)
  const heldOf = async () => text((await rowOf(await send('GET', '/v2/positions/KO')))['qty'] ?? '0')
  const held = await heldOf()
  const placed = await rowOf(await send('POST', '/v2/orders', order({ client_order_id: 'mine-1' })))
  expect([placed['status'], placed['filled_qty'], placed['client_order_id']]).toEqual(['pending_new', '0', 'mine-1'])
  const filled = await read(send, placed)
  expect([filled['status'], filled['filled_qty']]).toEqual(['filled', '3'])
  const [fill, ...others] = await fillsOf(send, text(placed['id']))
  expect([others.length, fill?.['qty'], fill?.['order_status']]).toEqual([0, '3', 'filled'])
  const paid = Dec.mul(Dec.of('3'), Dec.of(text(fill?.['price'])))
  expect(await cashOf(send)).toBe(Dec.sub(Dec.of(before), paid))
  expect(await heldOf()).toBe(Dec.add(Dec.of(held), Dec.of('3')))
  expect(await rowOf(await send('GET', '/v2/orders:by_client_order_id?client_order_id=mine-1'))).toEqual(filled)
})

test('a notional order buys a fraction and keeps its dollars', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const placed = await rowOf(
    await send('POST', '/v2/orders', { symbol: 'SPY', notional: '25.50', side: 'buy', type: 'market', time_in_force: 'day' }),
  )
  const filled = await read(send, placed)
  expect([filled['notional'], filled['qty'], text(filled['filled_qty']).includes('.')]).toEqual(['25.5', null, true])
  const patched = await send('PATCH', `/v2/orders/${text(placed['id'])}`, { qty: '1' })
  expect(patched.status).toBe(422)
})

test('a limit order rests, is replaced under a new id, and canceled once', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const first = await rowOf(await send('POST', '/v2/orders', order({ type: 'limit', limit_price: '1.5', time_in_force: 'gtc' })))
  expect((await read(send, first))['status']).toBe('new')
  const second = await rowOf(await send('PATCH', `/v2/orders/${text(first['id'])}`, { limit_price: '1.6', qty: '4' }))
  expect(second).toMatchObject({ limit_price: '1.6', qty: '4', time_in_force: 'gtc', replaces: first['id'] ?? null })
  expect(await read(send, first)).toMatchObject({ status: 'replaced', replaced_by: second['id'] ?? null })
  const cancel = () => send('DELETE', `/v2/orders/${text(second['id'])}`)
  expect((await cancel()).status).toBe(204)
  expect((await read(send, second))['status']).toBe('canceled')
  expect((await cancel()).status).toBe(422)
  expect((await send('DELETE', '/v2/orders/00000000-0000-4000-a000-000000000000')).status).toBe(404)
})

test('a limit the market has passed fills at once, a stop and a trailing stop wait', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const status = async (more: object) => (await read(send, await rowOf(await send('POST', '/v2/orders', order(more)))))['status']
  expect(await status({ type: 'limit', limit_price: '900' })).toBe('filled')
  expect(await status({ type: 'stop', stop_price: '900' })).toBe('new')
  expect(await status({ type: 'stop_limit', stop_price: '900', limit_price: '901' })).toBe('new')
  const trailing = await rowOf(
    await send('POST', '/v2/orders', order({ side: 'sell', type: 'trailing_stop', trail_percent: '2.5', time_in_force: 'gtc' })),
  )
  expect([trailing['type'], trailing['trail_percent'], trailing['trail_price']]).toEqual(['trailing_stop', '2.5', null])
})

describe('refusals', () => {
  const words = async (send: Send, more: object) => {
    const answer = await send('POST', '/v2/orders', order(more))
    const body = await rowOf(answer)
    return `${answer.status} ${text(body['code'])} ${text(body['message'])}`
  }

  test('more than the money or the shares at hand', async () => {
    await using bench = await open()
    const send = await enter(bench)
    expect(await words(send, { qty: '1000000' })).toBe('403 40310000 insufficient buying power')
    const [position] = (await rowsOf(await send('GET', '/v2/positions'))).filter(
      row => row['side'] === 'long' && row['asset_class'] === 'us_equity',
    )
    expect(await words(send, { symbol: position?.['symbol'] ?? '', side: 'sell', qty: '900000' })).toMatch(
      /^403 40310000 insufficient qty available/,
    )
  })

  test.each([
    [{ symbol: 'NOTHING' }, 'asset "NOTHING" not found'],
    [{ notional: '5' }, 'only one of qty or notional is accepted'],
    [{ qty: '0' }, 'qty must be > 0'],
    [{ type: 'limit' }, 'limit orders require a limit price'],
    [{ type: 'limit', limit_price: '10.001' }, 'invalid limit_price 10.001. sub-penny increment does not fulfill minimum pricing criteria'],
    [{ qty: '1.5', time_in_force: 'gtc' }, 'fractional orders must be DAY orders'],
    [{ time_in_force: 'never' }, 'invalid time_in_force'],
    [{ extended_hours: true }, 'extended hours order must be DAY limit orders'],
  ])('%j', async (more, message) => {
    await using bench = await open()
    expect(await words(await enter(bench), more)).toBe(`422 40010001 ${message}`)
  })

  test('a client id that was used before', async () => {
    await using bench = await open()
    const send = await enter(bench)
    await send('POST', '/v2/orders', order({ client_order_id: 'twice' }))
    expect(await words(send, { client_order_id: 'twice' })).toBe('422 40010001 client_order_id must be unique')
  })

  test('a token without the scope for trading', async () => {
    await using bench = await open()
    const send = await sender(bench, 'alpaca')
    expect((await send('POST', '/v2/orders', order({}))).status).toBe(403)
    expect((await send('GET', '/v2/orders')).status).toBe(200)
    expect((await send('GET', '/v2/stocks/quotes/latest?symbols=KO')).status).toBe(403)
  })
})

test('a knob refuses orders late, holds them, or fills half of them', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const { knobs } = bench.sandbox.control('alpaca')
  const place = async () => read(send, await rowOf(await send('POST', '/v2/orders', order({ qty: '10' }))))
  knobs.set('partial-fills', '1')
  expect(await place()).toMatchObject({ status: 'partially_filled', filled_qty: '5' })
  knobs.set('hold-orders', '1')
  expect(await place()).toMatchObject({ status: 'new', filled_qty: '0' })
  knobs.set('reject-orders', 'no trading today')
  expect(await place()).toMatchObject({ status: 'rejected' })
  expect(() => knobs.set('unknown', '1')).toThrow('no knob unknown')
})

test('all open orders can be canceled at once', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const answer = await send('DELETE', '/v2/orders')
  expect([answer.status, (await rowsOf(answer)).length]).toEqual([207, 2])
  expect(await rowsOf(await send('GET', '/v2/orders'))).toEqual([])
})

test('latest quotes stand around the price of the position', async () => {
  await using bench = await open()
  const send = await enter(bench)
  const quotes = (await rowOf(await send('GET', '/v2/stocks/quotes/latest?symbols=NVDA,NOTHING')))['quotes'] as Row
  const price = Number((await rowOf(await send('GET', '/v2/positions/NVDA')))['current_price'])
  const quote = quotes['NVDA'] as Row
  expect(Object.keys(quotes)).toEqual(['NVDA'])
  expect([Number(quote['bp']) < price, Number(quote['ap']) > price]).toEqual([true, true])
  expect((await send('GET', '/v2/stocks/quotes/latest?symbols=NVDA&feed=sip')).status).toBe(403)
})

describe.skipIf(!existsSync(PAYLOADS))('against the published payloads', () => {
  test('placed and replaced orders, quotes and snapshots', async () => {
    await using bench = await open()
    const send = await enter(bench)
    const shape = addValue(new Map(), readPayload('alpaca/docs_order.json'))
    for (const value of Object.values(readPayload('alpaca/oas_order.json') as Row)) addValue(shape, value)
    for (const name of [
      'position_intent',
      'notional',
      'qty',
      'trail_percent',
      'filled_avg_price',
      'filled_at',
      'replaces',
      'replaced_by',
      'replaced_at',
      'stop_price',
      'limit_price',
    ])
      shape.set(`$.${name}`, new Set(['string', 'null']))
    const placed = await rowOf(await send('POST', '/v2/orders', order({ type: 'limit', limit_price: '1' })))
    const replaced = await rowOf(await send('PATCH', `/v2/orders/${text(placed['id'])}`, { limit_price: '1.2' }))
    expect([...strangers(shape, placed), ...strangers(shape, replaced), ...strangers(shape, await read(send, placed))]).toEqual([])
    const quotes = addValue(new Map(), readPayload('alpaca/py_latest_quotes.json'))
    expect(strangers(quotes, await rowOf(await send('GET', '/v2/stocks/quotes/latest?symbols=AAPL')))).toEqual([])
    const snapshots = addValue(new Map(), readPayload('alpaca/docs_snapshots.json'))
    snapshots.set('$.AAPL.latestQuote.z', new Set(['string']))
    expect(strangers(snapshots, await rowOf(await send('GET', '/v2/stocks/snapshots?symbols=AAPL')))).toEqual([])
  })
})
