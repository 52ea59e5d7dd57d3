import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { openBench, partOf, rowOf, sender, text } from './client.ts'
import type { Bench, Row, Send } from './client.ts'
import { PAYLOADS, addValue, readPayload, strangers } from './shape.ts'
import type { Shape } from './shape.ts'

const open = () => openBench({ stands: ['tastytrade'] })
const leg = (more: object = {}) => ({ 'instrument-type': 'Equity', symbol: 'KO', quantity: 3, action: 'Buy to Open', ...more })
const market = (more: object = {}, legs: object[] = [leg()]) => ({ 'time-in-force': 'Day', 'order-type': 'Market', legs, ...more })
const limit = (price: string, more: object = {}) =>
  market({ 'order-type': 'Limit', 'time-in-force': 'GTC', price, 'price-effect': 'Debit', ...more })

const dataOf = async (answer: Response) => (await rowOf(answer))['data'] as Row

async function enter(bench: Bench): Promise<{ send: Send; account: string }> {
  const send = await sender(bench, 'tastytrade', 'read trade')
  const [first] = (await dataOf(await send('GET', '/customers/me/accounts')))['items'] as Row[]
  return { send, account: `/accounts/${text(partOf(first, 'account')['account-number'])}` }
}

async function place(send: Send, account: string, body: object): Promise<Row> {
  return partOf(await dataOf(await send('POST', `${account}/orders`, body)), 'order')
}

const read = async (send: Send, account: string, order: Row) => dataOf(await send('GET', `${account}/orders/${text(order['id'])}`))
const cashOf = async (send: Send, account: string) => Dec.of(text((await dataOf(await send('GET', `${account}/balances`)))['cash-balance']))

test('a market order is routed, then filled, and its fill is the transaction', async () => {
  await using bench = await open()
  const { send, account } = await enter(bench)
  const before = await cashOf(send, account)
  const placed = await place(send, account, market({ 'external-identifier': 'mine-1' }))
  expect([placed['status'], placed['external-identifier']]).toEqual(['Routed', 'mine-1'])
  const filled = await read(send, account, placed)
  const [part] = filled['legs'] as Row[]
  const [fill] = (part?.['fills'] ?? []) as Row[]
  expect([filled['status'], part?.['remaining-quantity'], fill?.['quantity']]).toEqual(['Filled', 0, 3])
  const [row] = (await dataOf(await send('GET', `${account}/transactions?per-page=1`)))['items'] as Row[]
  expect([row?.['order-id'], row?.['ext-exec-id'], row?.['price']]).toEqual([placed['id'], fill?.['ext-exec-id'], fill?.['fill-price']])
  expect(Dec.sub(before, await cashOf(send, account))).toEqual(Dec.of(text(row?.['net-value'])))
})

test('a dry run tells costs and buying power and takes nothing', async () => {
  await using bench = await open()
  const { send, account } = await enter(bench)
  const count = async () => partOf(await rowOf(await send('GET', `${account}/orders`)), 'pagination')['total-items']
  const before = await count()
  const data = await dataOf(await send('POST', `${account}/orders/dry-run`, limit('10.50')))
  expect(partOf(data, 'order')['id']).toBeUndefined()
  expect(partOf(data, 'buying-power-effect')).toMatchObject({ impact: '31.51', effect: 'Debit' })
  expect(partOf(data, 'fee-calculation')).toMatchObject({ 'total-fees': '0.01', 'total-fees-effect': 'Debit' })
  expect(await count()).toBe(before)
})

test('a resting order is replaced and edited under new ids, and cancelled once', async () => {
  await using bench = await open()
  const { send, account } = await enter(bench)
  const first = await place(send, account, limit('1.5'))
  expect((await read(send, account, first))['status']).toBe('Live')
  const second = await dataOf(await send('PUT', `${account}/orders/${text(first['id'])}`, limit('1.6')))
  const third = await dataOf(await send('PATCH', `${account}/orders/${text(second['id'])}`, { price: '1.7' }))
  expect(new Set([first['id'], second['id'], third['id']]).size).toBe(3)
  expect(await read(send, account, first)).toMatchObject({ status: 'Cancelled', edited: true })
  expect(await read(send, account, third)).toMatchObject({ status: 'Live', price: '1.7', 'time-in-force': 'GTC' })
  const cancel = () => send('DELETE', `${account}/orders/${text(third['id'])}`)
  expect((await dataOf(await cancel()))['status']).toBe('Cancelled')
  expect((await cancel()).status).toBe(422)
  const live = (await dataOf(await send('GET', `${account}/orders/live`)))['items'] as Row[]
  expect(live.find(order => order['id'] === third['id'])?.['status']).toBe('Cancelled')
})

test('orders come by pages of ten, by status and by day', async () => {
  await using bench = await open()
  const { send, account } = await enter(bench)
  const page = await rowOf(await send('GET', `${account}/orders?page-offset=1`))
  expect([(partOf(page, 'data')['items'] as Row[]).length, partOf(page, 'pagination')['per-page']]).toEqual([10, 10])
  const working = (await dataOf(await send('GET', `${account}/orders?status[]=Live`)))['items'] as Row[]
  expect(working.map(order => order['status'])).toEqual(['Live', 'Live'])
  const day = (await dataOf(await send('GET', `${account}/orders?per-page=500&start-date=2026-01-01&end-date=2026-01-31`)))[
    'items'
  ] as Row[]
  expect(day.length).toBeGreaterThan(3)
  expect(day.every(order => text(order['received-at']).startsWith('2026-01'))).toBe(true)
})

test('stops keep their trigger, and dollars buy a fraction', async () => {
  await using bench = await open()
  const { send, account } = await enter(bench)
  const stop = await place(send, account, market({ 'order-type': 'Stop', 'stop-trigger': '900.00' }))
  expect(await read(send, account, stop)).toMatchObject({ 'order-type': 'Stop', 'stop-trigger': '900.0', status: 'Live' })
  const { quantity: _, ...bare } = leg()
  const dollars = await place(send, account, market({ 'order-type': 'Notional Market', value: '20.00', 'value-effect': 'Debit' }, [bare]))
  expect(await read(send, account, dollars)).toMatchObject({ 'order-type': 'Notional Market', value: '20.0', status: 'Filled' })
})

describe('refusals', () => {
  const words = async (send: Send, account: string, body: object) => {
    const answer = await send('POST', `${account}/orders`, body)
    const error = partOf(await rowOf(answer), 'error')
    const [first] = (error['errors'] ?? []) as Row[]
    return `${answer.status} ${text(error['code'])} ${text(first?.['code'] ?? first?.['domain'])}`
  }

  test('too little money comes with what it would have done', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    const answer = await rowOf(await send('POST', `${account}/orders`, market({}, [leg({ quantity: 1_000_000 })])))
    expect((partOf(answer, 'error')['errors'] as Row[])[0]?.['code']).toBe('margin_check_failed')
    expect(partOf(partOf(answer, 'data'), 'buying-power-effect')['effect']).toBe('Debit')
  })

  test('closing what is not there opens, unless the strict check is asked for', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    const gone = leg({ symbol: 'AAPL  261218C00990000', 'instrument-type': 'Equity Option', action: 'Buy to Close', quantity: 1 })
    const strict = { 'advanced-instructions': { 'strict-position-effect-validation': true } }
    expect(await words(send, account, market(strict, [gone]))).toBe('422 preflight_check_failure closing_position_missing')
    const [opened] = (await place(send, account, market({}, [gone])))['legs'] as Row[]
    expect(opened?.['action']).toBe('Buy to Open')
  })

  test.each([
    [market({ 'order-type': 'Odd' }), 'order-type'],
    [market({ 'time-in-force': 'Odd' }), 'time-in-force'],
    [market({ 'order-type': 'Limit' }), 'price'],
    [market({ 'order-type': 'Limit', price: '1' }), 'price-effect'],
    [market({ 'order-type': 'Stop' }), 'stop-trigger'],
    [market({}, [leg({ symbol: 'NOTHING' })]), 'legs'],
    [market({}, [leg({ 'instrument-type': 'Future' })]), 'legs'],
    [market({}, [leg({ action: 'Buy' })]), 'legs'],
    [market({}, []), 'legs'],
  ])('%j', async (body, domain) => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    expect(await words(send, account, body)).toBe(`400 validation_error ${domain}`)
  })

  test('a rejected order says why, and a token for reading may not trade', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    bench.sandbox.control('tastytrade').knobs.set('reject-orders', 'Halted')
    expect(await read(send, account, await place(send, account, market()))).toMatchObject({ status: 'Rejected', 'reject-reason': 'Halted' })
    const reader = await sender(bench, 'tastytrade', 'read')
    expect((await reader('POST', `${account}/orders`, market())).status).toBe(403)
  })
})

test('quotes by type, as text', async () => {
  await using bench = await open()
  const { send } = await enter(bench)
  const items = (await dataOf(await send('GET', '/market-data/by-type?equity=AAPL,NOTHING&equity-option=AAPL%20%20261218C00170000')))[
    'items'
  ] as Row[]
  expect(items.map(item => item['symbol'])).toEqual(['AAPL', 'AAPL  261218C00170000'])
  expect(Number(items[0]?.['bid'])).toBeLessThan(Number(items[0]?.['ask']))
  expect((await dataOf(await send('GET', '/market-data/Equity/AAPL')))['last']).toBe(items[0]?.['last'])
})

describe.skipIf(!existsSync(PAYLOADS))('against the captured payloads', () => {
  const shapeOf = (...files: string[]): Shape => {
    const shape: Shape = new Map()
    for (const file of files) addValue(shape, readPayload(`tastytrade/${file}.json`))
    return shape
  }

  test('dry runs, placed, replaced, listed and cancelled orders, and the failed check', async () => {
    await using bench = await open()
    const { send, account } = await enter(bench)
    expect(strangers(shapeOf('order_dry_run_market'), await rowOf(await send('POST', `${account}/orders/dry-run`, market())))).toEqual([])
    const answer = await rowOf(await send('POST', `${account}/orders`, limit('1.50')))
    expect(strangers(shapeOf('order_placed'), answer)).toEqual([])
    const id = text(partOf(partOf(answer, 'data'), 'order')['id'])
    const replaced = await rowOf(await send('PUT', `${account}/orders/${id}`, limit('1.60')))
    expect(strangers(shapeOf('order_replaced'), replaced)).toEqual([])
    const next = text(partOf(replaced, 'data')['id'])
    expect(strangers(shapeOf('order_cancelled'), await rowOf(await send('DELETE', `${account}/orders/${next}`)))).toEqual([])
    const listed = shapeOf('orders_list_paged')
    for (const [key, type] of Object.entries({
      'ext-group-fill-id': 'string',
      'ext-exec-id': 'string',
      'fill-id': 'string',
      quantity: 'number',
      'fill-price': 'string',
      'filled-at': 'string',
      'destination-venue': 'string',
    }))
      listed.set(`$.data.items[].legs[].fills[].${key}`, new Set([type]))
    listed.set('$.data.items[].legs[].fills[]', new Set(['object']))
    expect(strangers(listed, await rowOf(await send('GET', `${account}/orders?per-page=500`)))).toEqual([])
    const failed = await rowOf(await send('POST', `${account}/orders/dry-run`, market({}, [leg({ quantity: 1_000_000 })])))
    expect(strangers(shapeOf('order_dry_run_error'), failed)).toEqual([])
  })
})
