import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { FRIDAY, allActivities, allTransactions, hashesOf, openBench, rowOf, rowsOf, signedIn, text } from './client.ts'
import type { Bench, Get, Json, Row } from './client.ts'

const dec = (value: Json | undefined) => Dec.of(text(value ?? '0'))
const SEEDS = [1, 7, 42, 2026]

/** Adds up, from the rows alone, what an Alpaca account must hold. */
function alpacaBooks(rows: readonly Row[]): { cash: Dec; held: Map<string, Dec> } {
  const held = new Map<string, Dec>()
  let cash = Dec.zero
  for (const row of rows) {
    const symbol = text(row['symbol'] ?? '')
    const fill = row['activity_type'] === 'FILL'
    const signed = fill && row['side'] !== 'buy' ? Dec.neg(dec(row['qty'])) : dec(row['qty'])
    if (fill || ['SPLIT', 'OPEXP', 'OPASN', 'OPTRD'].includes(text(row['activity_type'])))
      held.set(symbol, Dec.add(held.get(symbol) ?? Dec.zero, signed))
    const pieces = symbol.length > 10 ? Dec.of('100') : Dec.of('1')
    cash = Dec.add(cash, fill ? Dec.neg(Dec.mul(Dec.mul(signed, dec(row['price'])), pieces)) : dec(row['net_amount']))
  }
  return { cash, held }
}

function withoutZeros(held: ReadonlyMap<string, Dec>): [string, Dec][] {
  return [...held].filter(([, qty]) => !Dec.isZero(qty)).sort(([a], [b]) => (a < b ? -1 : 1))
}

async function alpacaRows(bench: Bench): Promise<Row[]> {
  return allActivities(await signedIn(bench, 'alpaca'))
}

/** Cash and holdings as the rows tell them, beside what the broker states. */
interface Balance {
  readonly told: { readonly cash: Dec; readonly held: Map<string, Dec> }
  readonly stated: { readonly cash: Dec; readonly held: Map<string, Dec> }
}

async function alpacaBalance(bench: Bench): Promise<Balance> {
  const get = await signedIn(bench, 'alpaca')
  const { cash, held } = alpacaBooks(await allActivities(get))
  const positions = await rowsOf(await get('/v2/positions'))
  const stated = {
    cash: dec((await rowOf(await get('/v2/account')))['cash']),
    held: new Map(positions.map(row => [text(row['symbol']), dec(row['qty'])])),
  }
  return { told: { cash, held: new Map(withoutZeros(held)) }, stated }
}

async function schwabBalance(get: Get, hash: string, rows: readonly Row[]): Promise<Balance> {
  const held = new Map<string, Dec>()
  for (const item of rows.flatMap(itemsOf)) {
    const { assetType, symbol } = instrumentOf(item)
    if (assetType !== 'CURRENCY') held.set(symbol, Dec.add(held.get(symbol) ?? Dec.zero, dec(item['amount'])))
  }
  const account = (await rowOf(await get(`/trader/v1/accounts/${hash}?fields=positions`)))['securitiesAccount'] as Row
  const positions = (account['positions'] as Row[]).map((row): [string, Dec] => [
    instrumentOf(row).symbol,
    Dec.sub(dec(row['longQuantity']), dec(row['shortQuantity'])),
  ])
  const told = { cash: Dec.sum(rows.map(row => dec(row['netAmount']))), held: new Map(withoutZeros(held)) }
  return { told, stated: { cash: dec((account['currentBalances'] as Row)['cashBalance']), held: new Map(positions) } }
}

test('the books of every seed balance at every moment', async () => {
  const moment = fc.integer({ min: Date.parse('2024-01-01T00:00:00Z'), max: Date.parse('2031-12-31T23:59:59Z') })
  await fc.assert(
    fc.asyncProperty(fc.integer(), moment, fc.constantFrom(300, 1500, 4000), async (seed, ms, activities) => {
      await using bench = await openBench({ stands: ['alpaca', 'schwab'], seed, size: { activities } }, Instant.fromEpochMs(ms))
      const alpaca = await alpacaBalance(bench)
      expect(alpaca.told).toEqual(alpaca.stated)
      const get = await signedIn(bench, 'schwab')
      for (const { hash } of await hashesOf(get)) {
        const rows = await allTransactions(get, hash, new Date(ms).getUTCFullYear())
        const trades = rows.filter(row => row['type'] === 'TRADE')
        expect(trades.map(row => dec(row['netAmount']))).toEqual(trades.map(row => Dec.sum(itemsOf(row).map(item => dec(item['cost'])))))
        const schwab = await schwabBalance(get, hash, rows)
        expect(schwab.told).toEqual(schwab.stated)
      }
    }),
    { numRuns: 12 },
  )
})

describe.each(SEEDS)('seed %i', seed => {
  test('the history holds every kind of row a reader must know', async () => {
    await using bench = await openBench({ stands: ['alpaca', 'schwab'], seed })
    const alpaca = await alpacaRows(bench)
    const kinds = new Set(alpaca.map(row => row['activity_type']))
    for (const kind of ['FILL', 'DIV', 'DIVNRA', 'INT', 'FEE', 'CSD', 'CSW', 'JNLC', 'SPLIT', 'OPEXP']) expect(kinds).toContain(kind)
    expect(alpaca.some(row => row['side'] === 'sell_short')).toBe(true)
    expect(alpaca.length).toBeGreaterThan(1200)
    expect(alpaca.length).toBeLessThan(2200)
    const get = await signedIn(bench, 'schwab')
    const schwab = (await Promise.all((await hashesOf(get)).map(({ hash }) => allTransactions(get, hash)))).flat()
    expect(schwab.length).toBeGreaterThan(1200)
    expect(schwab.length).toBeLessThan(2200)
    const words = schwab.map(row => `${text(row['type'])} ${text(row['description'] ?? '')}`)
    const expected = [
      'Ordinary Dividend~BND',
      'W-8 Withholding~BND',
      'Dividend Reinvest',
      'Stock Split~',
      'WIRE_IN',
      'ELECTRONIC_FUND',
      'expiration',
    ]
    expect(expected.filter(word => !words.some(text => text.includes(word)))).toEqual([])
    const items = schwab.flatMap(itemsOf)
    expect(items.some(item => instrumentOf(item).assetType === 'COLLECTIVE_INVESTMENT')).toBe(true)
    expect(items.some(item => instrumentOf(item).optionPremiumMultiplier === 50)).toBe(true)
    expect(
      items.some(item => instrumentOf(item).assetType === 'CURRENCY' && Number(item['cost']) < 0 && item['feeType'] === undefined),
    ).toBe(true)
  })
})

function itemsOf(row: Row): Row[] {
  return row['transferItems'] as Row[]
}

function instrumentOf(item: Row): { assetType: string; symbol: string; optionPremiumMultiplier?: number } {
  return item['instrument'] as { assetType: string; symbol: string; optionPremiumMultiplier?: number }
}

test('every activity id is there once and begins with the time at the exchange', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const rows = await alpacaRows(bench)
  expect(new Set(rows.map(row => row['id'])).size).toBe(rows.length)
  for (const row of rows.filter(item => item['activity_type'] === 'FILL')) {
    const at = Instant.parse(text(row['transaction_time']))
    const day = toLocalDate(at, 'America/New_York')
    const local = new Date(at.slice(0, 23) + 'Z').toLocaleTimeString('en-GB', { timeZone: 'America/New_York' })
    expect(text(row['id']).slice(0, 14)).toBe(day.replaceAll('-', '') + local.replaceAll(':', ''))
  }
})

test('two fills of one order are the same in all but their id', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const fills = (await alpacaRows(bench)).filter(row => row['activity_type'] === 'FILL')
  const key = (row: Row) => JSON.stringify([row['symbol'], row['qty'], row['price'], row['transaction_time'], row['order_id'], row['side']])
  expect(fills.length - new Set(fills.map(key)).size).toBe(1)
  const get = await signedIn(bench, 'schwab')
  const [first] = await hashesOf(get)
  const trades = await allTransactions(get, first?.hash ?? '')
  const bodies = trades.map(row => JSON.stringify({ ...row, activityId: 0 }))
  expect(bodies.length - new Set(bodies).size).toBe(1)
})

test('a closing fill can carry an earlier time than the partial one', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const fills = (await alpacaRows(bench)).filter(row => row['activity_type'] === 'FILL')
  const partials = new Map(fills.filter(row => row['type'] === 'partial_fill').map(row => [row['order_id'], row]))
  const early = fills.filter(
    row => row['type'] === 'fill' && text(row['transaction_time']) < text(partials.get(row['order_id'] ?? '')?.['transaction_time']),
  )
  expect(early.length).toBeGreaterThan(10)
  for (const row of early) expect(Number(row['cum_qty'])).toBeGreaterThan(Number(row['qty']))
})

test('the same seed tells the same history, another seed another one', async () => {
  await using one = await openBench({ stands: ['alpaca', 'schwab'], seed: 3 })
  await using same = await openBench({ stands: ['alpaca', 'schwab'], seed: 3 })
  await using other = await openBench({ stands: ['alpaca', 'schwab'], seed: 4 })
  const rows = await alpacaRows(one)
  expect(await alpacaRows(same)).toEqual(rows)
  expect(await alpacaRows(other)).not.toEqual(rows)
})

test.each(['alpaca', 'schwab'] as const)('a %s sandbox started later in the year only adds rows', async broker => {
  const read = async (bench: Bench): Promise<Row[]> => {
    const get = await signedIn(bench, broker)
    if (broker === 'alpaca') return allActivities(get)
    return (await Promise.all((await hashesOf(get)).map(({ hash }) => allTransactions(get, hash)))).flat()
  }
  const strip = (row: Row) => JSON.stringify(row)
  await using early = await openBench({ stands: ['alpaca', 'schwab'] }, Instant.parse('2026-10-14T16:20:00Z'))
  await using late = await openBench({ stands: ['alpaca', 'schwab'] }, FRIDAY)
  const known = new Set((await read(late)).map(strip))
  const before = (await read(early)).map(strip)
  expect(before.filter(row => !known.has(row))).toEqual([])
  expect(known.size).toBeGreaterThan(before.length)
})

test('added and corrected fills keep the Alpaca books in balance', async () => {
  await using bench = await openBench({ stands: ['alpaca', 'schwab'] })
  const get = await signedIn(bench, 'alpaca')
  const control = bench.sandbox.control('alpaca')
  const fractional = (await allActivities(get)).filter(row => row['type'] === 'partial_fill' && text(row['qty']).includes('.'))
  for (const row of fractional.slice(0, 3)) control.correct(text(row['id']))
  control.correct(control.addFill())
  const { told, stated } = await alpacaBalance(bench)
  expect(told).toEqual(stated)
})
