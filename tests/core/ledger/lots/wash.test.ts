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

  test('a class of shares is spelled in many ways, and on options in one', () => {
    const loss = closing('b1', 40, '100', '-500', { symbol: 'BRK.B' })
    const bought = deal('b1', 0, '100', { symbol: 'BRK.B' })
    for (const more of [{ symbol: 'BRKB260618C00500000', quantity: dec('1') }, { symbol: 'BRK/B' }]) expect(washSales([loss], [bought, deal('b2', 45, '100', more)])).toMatchObject([{ disallowed: dec('500'), replacements: [{ quantity: dec('100') }] }])
    expect(washSales([loss], [bought, deal('b2', 45, '100', { symbol: 'BRK.A' })])).toEqual([null])
  })

  test('options on broad indexes are marked to market, and their losses are none of these', () => {
    const lossOf = (symbol: string): unknown[] => washSales([closing('b1', 40, '1', '-500', { symbol, assetClass: 'option' })], [deal('b1', 0, '1', { symbol }), deal('b2', 45, '1', { symbol })])
    for (const root of ['SPX', 'SPXW', 'NDX', 'RUT', 'VIX', 'XSP']) expect(lossOf(`${root}260618C05000000`)).toEqual([null])
    expect(lossOf('SPY260618C00500000')).toMatchObject([{ disallowed: dec('500') }])
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

  test.each([
    ['in another instrument', { account: 'a', symbol: 'ABC' }],
    ['in another account', { account: 'b', symbol: 'XYZ' }],
  ] as const)('what was sold before the loss replaces nothing, also where something %s was sold in between', (_, other) => {
    const deals = [deal('b1', 0, '100', other), deal('b2', 35, '100', other), deal('o1', 0, '5')]
    const sold = [closing('o1', 37, '5', '10'), closing('b2', 38, '100', '50', other), closing('b1', 40, '100', '-500', other)]
    expect(washSales(sold, deals)).toEqual([null, null, null])
    expect(washSales(sold.slice(2), deals)).toMatchObject([{ disallowed: dec('500') }])
  })

  test('a loss that is replaced as a whole is so to its last decimal, and a part of one to eight', () => {
    const loss = closing('b1', 40, '3', '-0.1234567891')
    expect(washSales([loss], [deal('b1', 0, '3'), deal('b2', 45, '3')])).toMatchObject([{ disallowed: dec('0.1234567891') }])
    expect(washSales([loss], [deal('b1', 0, '3'), deal('b2', 45, '1')])).toMatchObject([{ disallowed: dec('0.04115226') }])
  })

  test('what was sold before the loss in parts replaces nothing, and what was left of it the rest', () => {
    const deals = [deal('b1', 0, '100'), deal('b2', 35, '100')]
    const parts = [closing('b2', 36, '50', '5'), closing('b2', 37, '30', '5')]
    expect(washSales([...parts, closing('b1', 40, '100', '-500')], deals).at(-1)).toMatchObject({ disallowed: dec('100') })
    expect(washSales([...parts, closing('b2', 38, '20', '5'), closing('b1', 40, '100', '-500')], deals).at(-1)).toBeNull()
  })

  test('a call replaces one call, also where one broker spells it with blanks', () => {
    const [wide, plain] = [{ symbol: 'XYZ   260618C00050000', assetClass: 'option' }, { symbol: 'XYZ260618C00050000', assetClass: 'option' }] as const
    for (const [lost, again] of [[wide, plain], [plain, wide], [plain, plain]] as const) {
      const found = washSales([closing('b1', 40, '3', '-300', lost)], [deal('b1', 0, '3', { symbol: lost.symbol }), deal('b2', 45, '1', { symbol: again.symbol })])
      expect(found).toMatchObject([{ disallowed: dec('100'), replacements: [{ quantity: dec('1') }] }])
    }
  })

  test('a call that was written replaces no shares', () => {
    const call = { symbol: 'XYZ260618C00050000', side: 'sell', effect: 'open' } as const
    expect(washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('w', 45, '1', call)])).toEqual([null])
  })

  test('nothing of a pool is held after the first place at which it was flat, in whatever order these are told', () => {
    const deals = [deal('b1', 0, '100'), deal('b1', 15, '100', { key: 'b2' })]
    const washed = (...flat: number[]): unknown => washSales([closing('b1', 30, '100', '-500')], deals, new Map([['a|XYZ', flat]]))
    for (const flat of [[60, 20, 40], [20, 40, 60], [60, 40, 20], [40, 20, 60]]) expect(washed(...flat)).toEqual([null])
    for (const flat of [[60, 5, 40], [5, 60], [60, 5]]) expect(washed(...flat)).toMatchObject([{ disallowed: dec('500') }])
  })

  test('a purchase counts by its day, also where places do not follow days', () => {
    const deals = [deal('b1', 0, '100'), deal('late', 41, '100', { day: dayAt(75) }), deal('b2', 42, '100', { day: dayAt(60) })]
    expect(washSales([closing('b1', 40, '100', '-500')], deals)).toMatchObject([{ replacements: [{ day: dayAt(60) }] }])
    expect(washSales([closing('b1', 40, '100', '-500')], deals.slice(1))).toMatchObject([{ replacements: [{ day: dayAt(60) }] }])
    const half = [deal('b2', 41, '30', { day: dayAt(60) }), deal('old', 42, '70', { day: dayAt(5) })]
    expect(washSales([closing('b1', 40, '100', '-500')], half)).toMatchObject([{ disallowed: dec('150'), replacements: [{ day: dayAt(60) }] }])
    const early = [deal('b2', 41, '100', { day: dayAt(45) }), deal('old', 42, '100', { day: dayAt(5) }), deal('older', 43, '100', { day: dayAt(4) })]
    expect(washSales([closing('b1', 40, '100', '-500')], early)).toMatchObject([{ replacements: [{ day: dayAt(45) }] }])
  })

  test('the rest of the lot that was sold replaces nothing', () => {
    expect(washSales([closing('b1', 10, '50', '-500')], [deal('b1', 0, '100')])).toEqual([null])
  })

  test('a purchase replaces once, for the first loss', () => {
    const deals = [deal('b1', 0, '100'), deal('b2', 1, '100'), deal('b3', 60, '100')]
    const found = washSales([closing('b2', 46, '100', '-70'), closing('b1', 45, '100', '-50')], deals)
    expect(found).toMatchObject([null, { disallowed: dec('50') }])
  })

  test('each loss is replaced by what was bought around its own day, of its own instrument', () => {
    const deals = [deal('b1', 0, '10'), deal('x1', 0, '10', { symbol: 'ABC' }), deal('b2', 1, '10'), deal('b3', 45, '4'), deal('x2', 50, '3', { symbol: 'ABC' }), deal('b4', 130, '2')]
    const losses = [closing('b1', 40, '10', '-100'), closing('x1', 40, '10', '-100', { symbol: 'ABC' }), closing('b2', 120, '10', '-100')]
    expect(washSales(losses, deals)).toMatchObject([{ disallowed: dec('40'), replacements: [{ day: dayAt(45) }] }, { disallowed: dec('30'), replacements: [{ day: dayAt(50) }] }, { disallowed: dec('20'), replacements: [{ day: dayAt(130) }] }])
  })

  test('replacements go by when they were bought, whatever their days and the order they are told in', () => {
    const deals = [deal('b3', 43, '5', { day: dayAt(42) }), deal('b1', 0, '10'), deal('b2', 42, '4', { day: dayAt(43) }), deal('b5', 44, '9', { day: dayAt(80) }), deal('b4', 45, '9', { day: dayAt(41) })]
    expect(washSales([closing('b1', 40, '10', '-100')], deals)).toMatchObject([{ disallowed: dec('100'), replacements: [{ day: dayAt(43), quantity: '4' }, { day: dayAt(42), quantity: '5' }, { day: dayAt(41), quantity: '1' }] }])
  })

  test('what was bought before replaces nothing once all was sold between it and the loss, or by the loss', () => {
    const deals = [deal('b1', 0, '100'), deal('b2', 35, '100')]
    const found = (name: string, ...places: number[]): unknown => washSales([closing('b1', 40, '100', '-500')], deals, new Map([[name, places]]))[0]
    for (const places of [[40], [36], [20, 40], [38, 60]]) expect([places, found('a|XYZ', ...places)]).toEqual([places, null])
    for (const places of [[], [35], [41], [20, 60]]) expect([places, found('a|XYZ', ...places)]).toMatchObject([places, { disallowed: dec('500') }])
    expect(found('b|XYZ', 40)).toMatchObject({ disallowed: dec('500') })
  })

  test('calls on the shares replace them, a hundred each; puts and calls that are sold do not', () => {
    const call = { symbol: 'XYZ260618C00100000' }
    const loss = [closing('b1', 40, '150', '-300')]
    expect(washSales(loss, [deal('b1', 0, '150'), deal('o1', 50, '1', { ...call, effect: 'open' })])).toMatchObject([{ disallowed: dec('200'), replacements: [{ quantity: dec('100') }] }])
    expect(washSales(loss, [deal('b1', 0, '150'), deal('o1', 50, '1', { symbol: 'XYZ260618P00100000' })])).toEqual([null])
    expect(washSales(loss, [deal('b1', 0, '150'), deal('o1', 50, '1', { ...call, side: 'sell' })])).toEqual([null])
  })

  test('a call replaces once, whether a call or the shares behind it were sold at a loss', () => {
    const call = { symbol: 'XYZ260618C00100000' }
    const losses = [closing('o1', 40, '1', '-30', { ...call, assetClass: 'option' }), closing('b1', 41, '150', '-300', { closeKey: 'c2' })]
    const held = [deal('o1', 0, '1', call), deal('b1', 0, '150')]
    expect(washSales(losses, [...held, deal('o2', 45, '1', call)])).toMatchObject([{ disallowed: dec('30') }, null])
    expect(washSales(losses.toReversed().map(one => ({ ...one, at: 81 - one.at })), [...held, deal('o2', 45, '2', call)])).toMatchObject([{ disallowed: dec('300') }, { disallowed: dec('15'), replacements: [{ quantity: dec('0.5') }] }])
  })

  test('a loss of a short position is washed by selling short again', () => {
    const loss = [closing('s1', 40, '10', '-20', { isShort: true })]
    expect(washSales(loss, [deal('s1', 0, '10', { side: 'sell', effect: 'open' }), deal('s2', 45, '10', { side: 'sell', effect: 'open' })])).toMatchObject([{ disallowed: dec('20') }])
    expect(washSales(loss, [deal('b1', 45, '10')])).toEqual([null])
  })

  test('day 30 counts, on both sides', () => {
    const washed = [{ disallowed: dec('500') }]
    expect(washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('b2', 10, '100')])).toMatchObject(washed)
    expect(washSales([closing('b1', 40, '100', '-500')], [deal('b1', 0, '100'), deal('b2', 70, '100')])).toMatchObject(washed)
  })

  test('the oldest purchase replaces first, whichever was told first, and none is named that was not needed', () => {
    const found = washSales([closing('b1', 40, '100', '-500')], [deal('b4', 55, '100'), deal('b3', 50, '60'), deal('b1', 0, '100'), deal('b2', 45, '40')])
    expect(found).toEqual([{ disallowed: dec('500'), replacements: [{ account: 'a', day: dayAt(45), quantity: dec('40') }, { account: 'a', day: dayAt(50), quantity: dec('60') }] }])
  })

  test('shares bought before the loss and sold after it were still held, so they replaced what was sold', () => {
    const found = washSales([closing('b1', 40, '100', '-500'), closing('b2', 50, '100', '80')], [deal('b1', 0, '100'), deal('b2', 35, '100')])
    expect(found).toMatchObject([{ disallowed: dec('500') }, null])
  })

  test('a purchase with the same id in another account is another purchase', () => {
    expect(washSales([closing('7', 40, '100', '-500')], [deal('7', 35, '100'), deal('7', 45, '100', { account: 'b' })])).toMatchObject([{ replacements: [{ account: 'b' }] }])
  })

  test('sales, other shares and calls on other shares replace nothing', () => {
    const loss = [closing('b1', 40, '100', '-500')]
    const others = [{ side: 'sell' }, { side: 'sell', effect: 'open' }, { symbol: 'ABC' }, { symbol: 'ABC260618C00100000' }, { effect: 'close' }] as const
    for (const other of others) expect(washSales(loss, [deal('b1', 0, '100'), deal('b2', 45, '100', other)])).toEqual([null])
  })

  test('a purchase that covers a short position replaces only by what is left of it after that, whatever the broker says of it', () => {
    const covered = closing('s1', 45, '60', '12', { isShort: true, closeKey: 'b2' })
    const deals = [deal('b1', 0, '100'), deal('s1', 42, '60', { side: 'sell', effect: 'open' }), deal('b2', 45, '100')]
    expect(washSales([closing('b1', 40, '100', '-500'), covered], deals)).toMatchObject([{ disallowed: dec('200'), replacements: [{ quantity: dec('40') }] }, null])
    const all = closing('s1', 45, '100', '12', { isShort: true, closeKey: 'b2' })
    expect(washSales([closing('b1', 40, '100', '-500'), all], deals)).toEqual([null, null])
  })

  test('a loss of a short position is not washed by a sale of what was held, nor by calls', () => {
    const loss = [closing('s1', 40, '100', '-20', { isShort: true })]
    const sold = deal('s1', 0, '100', { side: 'sell', effect: 'open' })
    for (const other of [{ side: 'sell' }, { side: 'buy', symbol: 'XYZ260618C00100000', effect: 'open' }] as const) expect(washSales(loss, [sold, deal('o1', 45, '100', other)])).toEqual([null])
  })

  test('a loss of an option is washed by the same option alone', () => {
    const put = 'XYZ260618P00100000'
    const loss = [closing('o1', 40, '2', '-90', { symbol: put, assetClass: 'option' })]
    const held = deal('o1', 20, '2', { symbol: put })
    expect(washSales(loss, [held, deal('o2', 45, '1', { symbol: put })])).toMatchObject([{ disallowed: dec('45'), replacements: [{ quantity: dec('1') }] }])
    for (const symbol of ['XYZ260618C00100000', 'XYZ260618P00095000', 'XYZ']) expect(washSales(loss, [held, deal('o2', 45, '2', { symbol })])).toEqual([null])
  })

  test.each(['crypto', 'future', 'future-option', 'forex', 'cash', 'index'] as const)('a loss of %s is free of the rule', assetClass => {
    expect(washSales([closing('b1', 40, '1', '-5', { assetClass })], [deal('b1', 0, '1'), deal('b2', 41, '1')])).toEqual([null])
  })

  test('a loss of what nobody classed may be washed', () => {
    expect(washSales([closing('b1', 40, '1', '-5', { assetClass: null })], [deal('b1', 0, '1'), deal('b2', 41, '1')])).toMatchObject([{ disallowed: dec('5') }])
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
