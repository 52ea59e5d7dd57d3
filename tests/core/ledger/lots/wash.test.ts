import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Closing, type Deal, washSales } from '../../../../electron/core/ledger/lots/wash.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const dec = Dec.of
const START = LocalDate.of('2026-01-01')
const dayAt = (at: number): LocalDate => LocalDate.plusDays(START, at)

/** Places are days here. */
function deal(key: string, at: number, quantity: string, more: Partial<Deal> = {}): Deal {
  return { account: 'a', symbol: 'XYZ', key, day: dayAt(at), at, side: 'buy', effect: null, quantity: dec(quantity), ...more }
}

function closing(openKey: string, at: number, quantity: string, pnl: string | null, more: Partial<Closing> = {}): Closing {
  return {
    account: 'a', symbol: 'XYZ', assetClass: 'equity', openKey, closeKey: `c${at}`, closeDay: dayAt(at), at, isShort: false, quantity: dec(quantity),
    pnl: pnl === null ? null : dec(pnl), ...more,
  }
}

describe('wash sales', () => {
  test('a loss whose shares were bought back within 30 days at another broker may not count', () => {
    const found = washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('b2', 70, '100', { account: 'b' })])
    expect(found).toEqual([{ disallowed: dec('500'), replacements: [{ account: 'b', day: dayAt(70), quantity: dec('100') }] }])
  })

  test('day 31 is free', () => {
    expect(washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('b2', 71, '100')])).toEqual([null])
    expect(washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('b2', 9, '100')])).toEqual([null])
  })

  test('only as much of a loss is washed as was replaced', () => {
    expect(washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('b2', 45, '30')])).toMatchObject([{ disallowed: dec('150') }])
    expect(washSales([closing('b1', 40, '3', '-10')], [deal('b1', 0, '3'), deal('b2', 45, '1')])).toMatchObject([{ disallowed: dec('3.33333333') }])
  })

  test('shares bought shortly before count as far as they are still held', () => {
    const deals = [deal('b1', 0, '100'), deal('b2', 35, '100')]
    expect(washSales([closing('b1', 40, '100', '-500')], deals)).toMatchObject([{ disallowed: dec('500') }])
    const bothSold = [closing('b1', 40, '100', '-500'), closing('b2', 40, '100', '-50')]
    expect(washSales(bothSold, deals)).toEqual([null, null])
  })

  test('the rest of the lot that was sold replaces nothing', () => {
    expect(washSales([closing('b1', 10, '50', '-500')], [deal('b1', 0, '100')])).toEqual([null])
  })

  test('a purchase replaces once, for the first loss', () => {
    const deals = [deal('b1', 0, '100'), deal('b2', 1, '100'), deal('b3', 60, '100')]
    const found = washSales([closing('b2', 46, '100', '-70'), closing('b1', 45, '100', '-50')], deals)
    expect(found).toMatchObject([null, { disallowed: dec('50') }])
  })

  test('calls on the shares replace them, a hundred each; puts and calls that are sold do not', () => {
    const call = { symbol: 'XYZ260618C00100000' }
    const loss = [closing('b1', 40, '150', '-300')]
    expect(washSales(loss, [deal('b1', 0, '150'), deal('o1', 50, '1', { ...call, effect: 'open' })])).toMatchObject([{ disallowed: dec('200'), replacements: [{ quantity: dec('100') }] }])
    expect(washSales(loss, [deal('b1', 0, '150'), deal('o1', 50, '1', { symbol: 'XYZ260618P00100000' })])).toEqual([null])
    expect(washSales(loss, [deal('b1', 0, '150'), deal('o1', 50, '1', { ...call, side: 'sell' })])).toEqual([null])
  })

  test('a loss of a short position is washed by selling short again', () => {
    const loss = [closing('s1', 40, '10', '-20', { isShort: true })]
    expect(washSales(loss, [deal('s1', 0, '10', { side: 'sell', effect: 'open' }), deal('s2', 45, '10', { side: 'sell', effect: 'open' })])).toMatchObject([{ disallowed: dec('20') }])
    expect(washSales(loss, [deal('b1', 45, '10')])).toEqual([null])
  })

  test('gains, unknown results, coins and futures are never washed', () => {
    const deals = [deal('b1', 0, '10'), deal('b2', 41, '10')]
    const all = [closing('b1', 40, '1', '5'), closing('b1', 40, '1', null), closing('b1', 40, '1', '-5', { assetClass: 'crypto' }), closing('b1', 40, '1', '-5', { assetClass: 'future' })]
    expect(washSales(all, deals)).toEqual([null, null, null, null])
  })

  test('no more is disallowed than was lost, and no more replaced than was bought', () => {
    const few = fc.integer({ min: 1, max: 50 }).map(size => dec(String(size)))
    const deals = fc.array(fc.record({ at: fc.nat(120), quantity: few, account: fc.constantFrom('a', 'b') }), { maxLength: 15 }).map(list => list.map(({ at, ...rest }, n) => ({ ...deal(`b${n}`, at, '1'), ...rest })))
    const closings = fc.array(fc.record({ at: fc.nat(120), quantity: few, pnl: few.map(Dec.neg), account: fc.constantFrom('a', 'b') }), { maxLength: 15 })
      .map(list => list.map(({ at, ...rest }, n) => ({ ...closing(`x${n}`, at, '1', '0'), ...rest })))
    fc.assert(fc.property(closings, deals, (losses, bought) => {
      const found = washSales(losses, bought)
      for (const [at, wash] of found.entries()) {
        const loss = losses[at]
        expect(wash === null || (loss !== undefined && Dec.cmp(wash.disallowed, Dec.neg(loss.pnl)) <= 0)).toBe(true)
      }
      const replaced = found.flatMap(wash => wash?.replacements ?? [])
      expect(Dec.cmp(Dec.sum(replaced.map(({ quantity }) => quantity)), Dec.sum(bought.map(({ quantity }) => quantity)))).not.toBe(1)
    }), { numRuns: 200 })
  })
})
