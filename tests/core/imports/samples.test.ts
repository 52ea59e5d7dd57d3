import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { FileRow } from '../../../electron/core/imports/format.ts'
import { breakOf, readText } from './support/files.ts'

const root = path.resolve(import.meta.dirname, '../../../../shared/samples')
const inFolder = (folder: string, pattern = /./): [name: string, text: string][] =>
  existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder))
        .filter(name => pattern.test(name))
        .map(name => [name, readFileSync(path.join(root, folder, name), 'utf8')])
    : []

/** What each option of a file comes to, trades and events together. */
function net(rows: readonly FileRow[]): Map<string, Dec> {
  const held = new Map<string, Dec>()
  for (const { facts } of rows) {
    if (facts.symbol === null || facts.quantity === null || !facts.assetClass?.endsWith('option')) continue
    const change = facts.side === 'sell' ? Dec.neg(facts.quantity) : facts.quantity
    held.set(facts.symbol, Dec.add(held.get(facts.symbol) ?? Dec.zero, change))
  }
  return held
}

describe.skipIf(!existsSync(path.join(root, 'tastytrade/csv')))('exports of tastytrade', () => {
  const files = inFolder('tastytrade/csv')

  test('are read whole, and every row is known', () => {
    expect(files.length).toBeGreaterThan(0)
    for (const [name, text] of files) {
      const { rows } = readText(text)
      const records = text.trim().split('\n').length - 1
      expect([name, rows.length, rows.filter(({ known }) => !known).length]).toEqual([name, records, 0])
    }
  })

  test.each(['FutureOptions', 'TsllImportTest', 'MPWImportTest'])('contracts closed in %s net to zero', name => {
    const text = files.find(([file]) => file.includes(name))?.[1] ?? ''
    const { rows } = readText(text)
    const closed = new Set(
      rows.filter(({ facts }) => facts.positionEffect === 'close' || facts.kind === 'option-event').map(({ facts }) => facts.symbol),
    )
    expect(closed.size).toBeGreaterThan(0)
    expect([...net(rows)].filter(([symbol, quantity]) => closed.has(symbol) && !Dec.isZero(quantity))).toEqual([])
  })

  test('pay what they say: quantity, price, multiplier and costs come to the amount, to the cent the price is rounded to', () => {
    const [, text = ''] = files.find(([file]) => file.includes('TsllImportTest')) ?? []
    const wrong = readText(text).rows.filter(({ facts: { kind, side, quantity, price, amount, fees, assetClass } }) => {
      if (kind !== 'trade' || quantity === null || price === null || amount === null) return false
      const value = Dec.mul(Dec.mul(quantity, price), Dec.of(assetClass === 'option' ? '100' : '1'))
      const cash = Dec.sub(side === 'buy' ? Dec.neg(value) : value, fees)
      return Dec.cmp(Dec.abs(Dec.sub(cash, amount)), Dec.add(Dec.mul(quantity, Dec.of('0.005')), Dec.of('0.01'))) > 0
    })
    expect(wrong.map(({ line }) => line)).toEqual([])
  })
})

describe.skipIf(!existsSync(path.join(root, 'schwab/csv')))('exports of Schwab', () => {
  const files = inFolder('schwab/csv')

  test('are read whole, and every row is known', () => {
    for (const [name, text] of files)
      expect([
        name,
        readText(text)
          .rows.filter(({ known }) => !known)
          .map(({ facts }) => facts.brokerType),
      ]).toEqual([name, []])
    expect(files.length).toBeGreaterThan(0)
  })

  test('pay what they say: quantity and price less costs are the amount, to the cent the price is rounded to', () => {
    const off = files.flatMap(([name, text]) =>
      readText(text).rows.flatMap(({ line, facts: { kind, side, quantity, price, amount, fees } }) => {
        if (kind !== 'trade' || quantity === null || price === null || amount === null) return []
        const value = Dec.mul(quantity, price)
        const cash = Dec.sub(side === 'buy' ? Dec.neg(value) : value, fees)
        const allowed = Dec.add(Dec.mul(quantity, Dec.of('0.005')), Dec.of('0.03'))
        return Dec.cmp(Dec.abs(Dec.sub(cash, amount)), allowed) > 0 ? [`${name}:${line} ${cash} ${amount}`] : []
      }),
    )
    expect(off).toEqual([])
  })
})

describe.skipIf(!existsSync(path.join(root, 'tdameritrade')))('answers of TD Ameritrade', () => {
  test('are read whole, and their sweeps net to zero', () => {
    const [, text = ''] = inFolder('tdameritrade', /^transactions/)[0] ?? []
    const { rows } = readText(text)
    expect(rows.filter(({ known }) => !known)).toEqual([])
    expect(new Set(rows.map(({ ownId }) => ownId)).size).toBe(rows.length)
  })
})

describe.skipIf(!existsSync(path.join(root, 'ibkr')))('reports of Interactive Brokers', () => {
  test('with every level ticked give exactly four executions', () => {
    const [, text = ''] = inFolder('ibkr/flex', /multilevel/)[0] ?? []
    const { rows } = readText(text)
    expect(rows.filter(({ facts }) => facts.kind === 'trade')).toHaveLength(4)
  })

  test('that are not well formed are refused with the place', () => {
    const [, text = ''] = inFolder('ibkr/flex', /activity_simple/)[0] ?? []
    expect(breakOf(text)).toBe('import/unreadable line 109')
  })

  test('as activity statements are read without their totals', () => {
    const counts = inFolder('ibkr/activity-statement').map(([name, text]) => [name.split('__ibkr_')[1], readText(text).rows.length])
    expect(Object.fromEntries(counts)).toEqual({
      'edge_cases_sample.csv': 0,
      'multi_currency_sample.csv': 4,
      'non_trading_day_sample.csv': 0,
      'trading_day_sample.csv': 4,
    })
  })
})
