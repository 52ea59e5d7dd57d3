import { describe, expect, test } from 'vitest'
import { Dec } from '../../shared/domain/decimal.ts'
import { normalSymbol, parseOcc, standardMultiplier } from '../../shared/domain/instrument.ts'
import { sumByCurrency } from '../../shared/domain/money.ts'

describe('an option symbol', () => {
  test('is read padded and unpadded, to the same contract', () => {
    const expected = { underlying: 'AAPL', expiry: '2024-05-17', right: 'put', strike: '190' }
    expect(parseOcc('AAPL  240517P00190000')).toEqual(expected)
    expect(parseOcc('AAPL240517P00190000')).toEqual(expected)
    expect(parseOcc('F     260116C00012500')?.strike).toBe('12.5')
  })

  test.each(['AAPL', 'BTC/USD', '/ESH25_P5050:XCME', 'AAPL241332P00190000', ''])('is not seen in %j', symbol => expect(parseOcc(symbol)).toBeUndefined())

  test('has one spelling; other symbols are trimmed only', () => {
    expect(normalSymbol('AAPL  240517P00190000')).toBe('AAPL240517P00190000')
    expect(normalSymbol('AAPL ')).toBe('AAPL')
    expect(normalSymbol('BRK B')).toBe('BRK B')
  })

  test('says 100 shares, but nothing for an adjusted contract', () => {
    expect(standardMultiplier('AAPL')).toBe('1')
    expect(standardMultiplier('AAPL240517P00190000')).toBe('100')
    expect(standardMultiplier('AAPL1240517P00190000')).toBeUndefined()
  })
})

test('money is summed by currency and never across', () => {
  const sum = sumByCurrency([{ amount: Dec.of('1.1'), currency: 'USD' }, { amount: Dec.of('2'), currency: 'EUR' }, { amount: Dec.of('2.2'), currency: 'USD' }])
  expect(sum).toEqual([{ amount: '2', currency: 'EUR' }, { amount: '3.3', currency: 'USD' }])
})
