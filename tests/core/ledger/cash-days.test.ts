import { describe, expect, test } from 'vitest'
import { addCash, cashOf, cashSumsOf, newCashTally, tallyCash } from '../../../electron/core/ledger/cash-days.ts'
import { NO_CASH } from '../../../electron/core/store/ledger-days.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { lotRow } from './lots/support/row.ts'

const dec = Dec.of
const cash = (told: Partial<Parameters<typeof lotRow>[0]>) => cashOf(lotRow({ id: 1, ...told }), new Map())
const sums = (some: Partial<Record<keyof typeof NO_CASH, string>>) => ({ ...NO_CASH, ...Object.fromEntries(Object.entries(some).map(([name, value]) => [name, dec(value)])) })

describe('the cash of a row', () => {
  test.each([
    ['dividend', '24.5', { dividends: '24.5', cash: '24.5' }], ['interest', '-3.1', { interest: '-3.1', cash: '-3.1' }], ['fee', '-1.25', { otherFees: '1.25', cash: '-1.25' }],
    ['tax', '-2', { otherFees: '2', cash: '-2' }], ['trade', '-500', { cash: '-500' }], ['transfer', '1000', { cash: '1000' }],
  ] as const)('of a %s of %s', (kind, amount, expected) => {
    expect(cash({ kind, amount })).toEqual(sums(expected))
  })

  test('a fee that is given back lowers the fees', () => {
    expect(cash({ kind: 'fee', amount: '0.4' })).toEqual(sums({ otherFees: '-0.4', cash: '0.4' }))
  })

  test('the price of shares a dividend bought takes nothing off the dividend', () => {
    expect(cash({ kind: 'dividend', brokerType: 'Receive Deliver / Dividend', quantity: '0.5', amount: '-12.34' })).toEqual(sums({ cash: '-12.34' }))
    expect(cash({ kind: 'dividend', brokerType: 'DIV', quantity: '100', amount: '24' })).toEqual(sums({ dividends: '24', cash: '24' }))
  })

  test('is none of a row without an amount, of a canceled one, and of one the user took out', () => {
    expect(cash({ kind: 'dividend' })).toBeNull()
    expect(cash({ kind: 'dividend', amount: '5', status: 'canceled' })).toBeNull()
    expect(cash({ kind: 'dividend', amount: '5', status: 'corrected' })).toEqual(sums({ dividends: '5', cash: '5' }))
    const row = lotRow({ id: 1, kind: 'dividend', amount: '5' })
    expect(cashOf(row, new Map([['r1', { ignored: true }]]))).toBeNull()
    expect(cashOf(row, new Map([['r2', { ignored: true }]]))).toEqual(sums({ dividends: '5', cash: '5' }))
    expect(cashOf(row, new Map([['r1', { ignored: false }], ['r2', { ignored: true }]]))).toEqual(sums({ dividends: '5', cash: '5' }))
  })

  test('of a bond has the interest that came with its price in it, unless the user counts it in other units than percent', () => {
    const row = lotRow({ id: 1, assetClass: 'bond', side: 'sell', quantity: '10000', price: '98', amount: '9860.5', fees: '1' })
    const told = (multiplier?: string): unknown => cashOf(row, new Map([['r1', multiplier === undefined ? {} : { multiplier: dec(multiplier) }]]))
    expect(cashOf(row, new Map())).toEqual(sums({ interest: '61.5', cash: '9860.5' }))
    expect([told(), told('0.01')]).toEqual([sums({ interest: '61.5', cash: '9860.5' }), sums({ interest: '61.5', cash: '9860.5' })])
    expect(told('1')).toEqual(sums({ cash: '9860.5' }))
    expect(cashOf(row, new Map([['r2', { multiplier: dec('1') }]]))).toEqual(sums({ interest: '61.5', cash: '9860.5' }))
  })

  test('adds up, each kind by itself', () => {
    const [one, other] = [sums({ dividends: '1', interest: '2', otherFees: '3', cash: '4' }), sums({ dividends: '10.5', interest: '20', otherFees: '30', cash: '40' })]
    const both = sums({ dividends: '11.5', interest: '22', otherFees: '33', cash: '44' })
    expect(addCash(one, other)).toEqual(both)
    const tally = newCashTally()
    tallyCash(tally, one)
    tallyCash(tally, other)
    expect(cashSumsOf(tally)).toEqual(both)
  })
})
