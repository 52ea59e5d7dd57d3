import { expect, test } from 'vitest'
import { BROKER_IDS } from '../../../shared/domain/broker.ts'
import { STAND_IDS, brokerOf, standVariable, standsOf } from '../../../electron/core/sandbox/stands.ts'
import { openBench, rowsOf } from './client.ts'

test('every broker has its stands and every stand its broker', () => {
  expect(BROKER_IDS.flatMap(broker => [...standsOf(broker)]).sort()).toEqual([...STAND_IDS].sort())
  expect(standsOf('ibkr')).toEqual(['ibkr-flex', 'ibkr-oauth', 'ibkr-gateway', 'ibkr-tws'])
  expect(STAND_IDS.every(stand => standsOf(brokerOf(stand)).includes(stand))).toBe(true)
})

test('a stand is named by its variable', () => {
  expect(standVariable('tastytrade')).toBe('KEELSON_SANDBOX_TASTYTRADE_URL')
  expect(standVariable('ibkr-flex')).toBe('KEELSON_SANDBOX_IBKR_FLEX_URL')
  expect(standVariable('ibkr-tws')).toBe('KEELSON_SANDBOX_IBKR_TWS')
})

test('only what was asked for is served, the rest has no address', async () => {
  await using bench = await openBench({ stands: ['etrade'] })
  expect(bench.sandbox.urls.etrade).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(bench.sandbox.urls.alpaca).toBe('')
  expect(() => bench.sandbox.control('alpaca')).toThrow('no simulator for alpaca')
})

test('a fault in the script is there from the first call', async () => {
  await using bench = await openBench({ stands: ['tdameritrade'], faults: { tdameritrade: { name: 'forbidden-html' } } })
  expect((await fetch(`${bench.sandbox.urls.tdameritrade}/v1/accounts`)).status).toBe(403)
})

test('knobs turn through the door, known ones alone', async () => {
  await using bench = await openBench({ stands: ['alpaca'] })
  const door = (body: object) =>
    fetch(`${bench.sandbox.urls.alpaca}/_sandbox/knob`, {
      method: 'POST',
      headers: { 'x-keelson-sandbox': '1' },
      body: JSON.stringify(body),
    })
  expect((await door({ name: 'reject-orders', value: 'closed' })).status).toBe(200)
  expect(bench.sandbox.control('alpaca').knobs.get('reject-orders')).toBe('closed')
  expect((await door({ name: 'reject-orders' })).status).toBe(200)
  expect(bench.sandbox.control('alpaca').knobs.get('reject-orders')).toBeNull()
  expect((await door({ name: 'unknown', value: '1' })).status).toBe(400)
  const requests = await fetch(`${bench.sandbox.urls.alpaca}/_sandbox/requests`, { headers: { 'x-keelson-sandbox': '1' } })
  expect(await rowsOf(requests)).toEqual([])
})
