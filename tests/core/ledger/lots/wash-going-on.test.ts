import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocateWashes, type Closing, type Deal, WASH_DAYS, washSales } from '../../../../electron/core/ledger/lots/wash.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const dec = Dec.of
const START = LocalDate.of('2026-01-01')
const dayAt = (at: number): LocalDate => LocalDate.plusDays(START, at)
const NOTHING: ReadonlyMap<string, readonly number[]> = new Map()

/** Places are days here. */
function deal(key: string, at: number, quantity: string, more: Partial<Deal> = {}): Deal {
  return { account: 'a', symbol: 'XYZ', key, day: dayAt(at), at, side: 'buy', effect: null, quantity: dec(quantity), ...more }
}

function loss(openKey: string, at: number, quantity: string, more: Partial<Closing> = {}): Closing {
  return { account: 'a', symbol: 'XYZ', assetClass: 'equity', openKey, closeKey: `c${at}`, closeDay: dayAt(at), at, isShort: false, quantity: dec(quantity), pnl: dec('-60'), ...more }
}

test.each(['SPX', 'SPXW', 'XSP', 'NANOS', 'NDX', 'NDXP', 'XND', 'RUT', 'RUTW', 'MRUT', 'VIX', 'VIXW', 'DJX', 'OEX', 'XEO', 'MXEA', 'MXEF'])(
  'a loss of an option on the index %s is marked to market, and never washed',
  root => {
    const symbol = `${root}260618C05000000`
    expect(washSales([loss('b1', 40, '1', { symbol, assetClass: 'option' })], [deal('b1', 0, '1', { symbol }), deal('b2', 45, '1', { symbol })])).toEqual([null])
  },
)

describe('an allocation that goes on where an earlier one ended', () => {
  const closings = [loss('b1', 40, '4'), loss('b1', 50, '4')]
  const deals = [deal('b1', 0, '8'), deal('b2', 45, '5')]

  test('begins with what earlier losses took, by the name of the purchase', () => {
    const { washes, next } = allocateWashes({ closings, deals, flat: NOTHING }, { start: null, keepFrom: dayAt(50) })
    expect(washes.map(wash => wash?.replacements.map(({ quantity }) => quantity))).toEqual([['4'], ['1']])
    expect(next).toEqual({ day: dayAt(50), used: new Map([['a|XYZ|b2', '4']]) })
    const later = allocateWashes({ closings, deals, flat: NOTHING }, { start: next, keepFrom: null })
    expect(later.washes).toEqual([null, washes[1]])
    expect(later.next).toBeNull()
  })

  test('keeps what was taken before the first loss of its day, whatever losses come after it', () => {
    const three = [loss('b1', 40, '4'), loss('b1', 50, '4'), loss('b1', 60, '2')]
    const { next } = allocateWashes({ closings: three, deals: [deal('b1', 0, '10'), deal('b2', 45, '9')], flat: NOTHING }, { start: null, keepFrom: dayAt(45) })
    expect(next).toEqual({ day: dayAt(45), used: new Map([['a|XYZ|b2', '4']]) })
  })

  test('may go on from a day without a loss, and behind all of them', () => {
    for (const [day, used] of [[41, '4'], [49, '4'], [51, '5'], [75, '5']] as const) {
      const { next } = allocateWashes({ closings, deals, flat: NOTHING }, { start: null, keepFrom: dayAt(day) })
      expect(next).toEqual({ day: dayAt(day), used: new Map([['a|XYZ|b2', used]]) })
    }
  })

  test('remembers purchases of the thirty days before alone, and only those something was taken of', () => {
    const used = (day: number): unknown => allocateWashes({ closings, deals, flat: NOTHING }, { start: null, keepFrom: dayAt(day) }).next?.used
    expect([used(40), used(45 + WASH_DAYS), used(46 + WASH_DAYS)]).toEqual([new Map(), new Map([['a|XYZ|b2', '5']]), new Map()])
  })

  test('keeps purchases of accounts and instruments that share an id apart', () => {
    const others = [deal('b2', 45, '5'), deal('b2', 46, '5', { account: 'b' }), deal('b2', 45, '5', { symbol: 'ABC' })]
    const { next } = allocateWashes({ closings, deals: [deal('b1', 0, '8'), ...others], flat: NOTHING }, { start: null, keepFrom: dayAt(60) })
    expect(next?.used).toEqual(new Map([['a|XYZ|b2', '5'], ['b|XYZ|b2', '3']]))
  })

  const figure = fc.integer({ min: 1, max: 9 })
  const told = fc.record({ after: fc.integer({ min: 0, max: 20 }), account: fc.constantFrom('a', 'b'), symbol: fc.constantFrom('XYZ', 'XYZ', 'XYZ260618C00050000'), bought: figure, sold: figure, isLoss: fc.boolean() })

  test('comes to what one over everything does, wherever it is cut, though it is told thirty days less than all', () => {
    fc.assert(
      fc.property(fc.array(told, { minLength: 3, maxLength: 25 }), fc.integer({ min: -5, max: 400 }), (all, cut) => {
        let at = 0
        const rows = all.map(({ after, ...one }, number) => {
          at += after + 1
          return { ...one, key: `b${number}`, at }
        })
        const bought = rows.map(({ key, account, symbol, bought: quantity, at: place }) => deal(key, place, String(quantity), { account, symbol }))
        // Each sells of the purchase before it, and what is sold was there.
        const sold = rows.slice(1).map(({ sold: quantity, isLoss, at: place }, number) => {
          const from = bought[number] ?? deal('none', 0, '1')
          const size = Dec.cmp(dec(String(quantity)), from.quantity) < 0 ? String(quantity) : from.quantity
          return loss(from.key, place, size, { account: from.account, symbol: from.symbol, assetClass: null, pnl: dec(isLoss ? '-60' : '60') })
        })
        const day = dayAt(cut)
        const { washes, next } = allocateWashes({ closings: sold, deals: bought, flat: NOTHING }, { start: null, keepFrom: day })
        const first = LocalDate.plusDays(day, -WASH_DAYS)
        const late = { closings: sold.filter(({ closeDay }) => closeDay >= first), deals: bought.filter(one => one.day >= first), flat: NOTHING }
        const expected = sold.flatMap(({ closeDay }, number) => (closeDay >= first ? [closeDay >= day ? (washes[number] ?? null) : null] : []))
        expect(allocateWashes(late, { start: next, keepFrom: null }).washes).toEqual(expected)
        expect(allocateWashes({ closings: sold, deals: bought, flat: NOTHING }, { start: null, keepFrom: null })).toEqual({ washes, next: null })
      }),
      { numRuns: 300 },
    )
  })
})
