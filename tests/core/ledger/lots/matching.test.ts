import { describe, expect, test } from 'vitest'
import { type LotBook, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { bigs, doubles, TooLarge } from '../../../../electron/core/ledger/lots/kernel.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const dec = Dec.of
const DAY = LocalDate.of('2026-03-02')

function event(key: string, quantity: string, price: string | null, more: Partial<LotEvent> = {}): LotEvent {
  return { key, kind: 'fill', day: DAY, quantity: dec(quantity), price: price === null ? null : dec(price), multiplier: dec('1'), costs: Dec.zero, effect: 'open', ...more }
}

const split = (quantity: string): LotEvent => event('p', quantity, null, { kind: 'split', effect: null })
const closed = ({ realizations }: LotBook): string[] => realizations.map(({ openKey, quantity, pnl }) => `${openKey} ${quantity} ${pnl}`)
const held = ({ lots }: LotBook): (string | null)[][] => lots.map(({ key, quantity, principal }) => [key, quantity, principal])

describe('lots the user picks', () => {
  const lots = [event('b1', '5', '10'), event('b2', '5', '20')]
  const sale = (quantity: string, ...picks: [string, string][]): LotEvent => event('s', `-${quantity}`, '30', { effect: 'close', picks: picks.map(([lot, size]) => ({ lot, quantity: dec(size) })) })

  test('close by as much as he picked, the method does the rest', () => {
    expect(closed(matchLots([...lots, sale('4', ['b2', '2'])], 'fifo'))).toEqual(['b2 2 20', 'b1 2 40'])
  })

  test('close by no more than was sold, and by no more than there is', () => {
    expect(matchLots([...lots, sale('4', ['b2', '9'])], 'fifo')).toMatchObject({ realizations: [{ openKey: 'b2', quantity: '4' }], lots: [{ quantity: '5' }, { quantity: '1' }] })
    expect(closed(matchLots([...lots, sale('7', ['b2', '7'])], 'fifo'))).toEqual(['b2 5 50', 'b1 2 40'])
  })

  test('say nothing once all is sold, nor where there is no such lot', () => {
    expect(closed(matchLots([...lots, sale('2', ['b1', '2'], ['b2', '2'])], 'lifo'))).toEqual(['b1 2 40'])
    expect(closed(matchLots([...lots, sale('2', ['b9', '2'], ['b1', '0'])], 'lifo'))).toEqual(['b2 2 20'])
  })
})

describe('the dearest first', () => {
  const first = (...events: LotEvent[]): string | undefined => {
    const isShort = events[0]?.quantity.startsWith('-') === true
    return matchLots([...events, event('end', isShort ? '1' : '-1', '5', { effect: 'close' })], 'hifo').realizations[0]?.openKey
  }

  test('costs count as a part of what was paid, and take off what a short sale brought', () => {
    expect(first(event('b1', '1', '10'), event('b2', '1', '9.5', { costs: dec('1') }))).toBe('b2')
    expect(first(event('s1', '-1', '10'), event('s2', '-1', '10.5', { costs: dec('1') }))).toBe('s2')
  })

  test('of short lots the one that brought least goes first', () => {
    expect(first(event('s1', '-1', '10'), event('s2', '-1', '8'))).toBe('s2')
    expect(first(event('s1', '-1', '8'), event('s2', '-1', '10'))).toBe('s1')
  })

  test('of equal ones the older goes first', () => {
    expect(first(event('b1', '1', '10'), event('b2', '1', '10'))).toBe('b1')
    expect(first(event('s1', '-1', '10'), event('s2', '-1', '10'))).toBe('s1')
  })

  test('what nobody knows the cost of goes last, the older first', () => {
    const unknown = (key: string): LotEvent => event(key, '1', null, { kind: 'receive' })
    expect(first(unknown('u'), event('b', '1', '1'))).toBe('b')
    expect(first(event('b', '1', '1'), unknown('u'))).toBe('b')
    expect(first(unknown('u1'), unknown('u2'))).toBe('u1')
  })

  test('a short sale nobody knows the price of goes last too', () => {
    expect(first(event('s', '-1', '10'), event('u', '-1', null))).toBe('s')
    expect(first(event('u', '-1', null), event('s', '-1', '10'))).toBe('s')
  })
})

describe('at the average', () => {
  const unknown = event('u', '10', null, { kind: 'receive' })

  test('the cost of all is known as long as that of each part is', () => {
    const average = (...events: LotEvent[]): unknown => held(matchLots(events, 'average'))
    expect(average(event('b1', '10', '5'), event('b2', '10', '7'))).toEqual([['b1', '10', '60'], ['b2', '10', '60']])
    expect(average(event('b1', '10', '5'), unknown)).toEqual([['b1', '10', null], ['u', '10', null]])
    expect(average(unknown, event('b1', '10', '5'))).toEqual([['u', '10', null], ['b1', '10', null]])
  })
})

describe('a fill', () => {
  test('that closes more than is short leaves the rest missing, not held', () => {
    expect(matchLots([event('s', '-5', '10'), event('b', '8', '9', { effect: 'close' })], 'fifo')).toMatchObject({ lots: [], gaps: [{ key: 'b', quantity: '3' }], realizations: [{ pnl: '5' }] })
  })

  test('goes by its price where it has one, whatever it is said to have come to', () => {
    for (const kind of ['fill', 'receive'] as const) expect(matchLots([event('b', '5', '10', { kind, value: dec('999') })], 'fifo').lots).toMatchObject([{ unit: '10', principal: null }])
  })

  test('of a short position is unknown where either end is, whatever it cost beside', () => {
    const [sale, cover] = [event('s', '-1', null, { costs: dec('1') }), event('c', '1', '9', { costs: dec('1') })]
    expect(matchLots([sale, cover], 'fifo').realizations).toMatchObject([{ proceeds: null, cost: '10', pnl: null, fees: '2' }])
    expect(matchLots([{ ...sale, price: dec('9') }, { ...cover, price: null }], 'fifo').realizations).toMatchObject([{ proceeds: '8', cost: null, pnl: null, fees: '2' }])
  })
})

describe('an option that ended', () => {
  const end = (quantity: string): LotEvent => event('e', quantity, '0', { kind: 'end', effect: 'close' })

  test('without being held is missing as its row says it, and not at all where that says no number', () => {
    for (const quantity of ['5', '-5']) expect(matchLots([end(quantity)], 'fifo')).toMatchObject({ gaps: [{ key: 'e', quantity }], lots: [], realizations: [] })
    expect(matchLots([end('0')], 'fifo').gaps).toEqual([])
  })

  test('takes as many as it says of whichever side is held', () => {
    expect(matchLots([event('b', '5', '2'), end('3')], 'fifo')).toMatchObject({ lots: [{ quantity: '2' }], realizations: [{ quantity: '3', pnl: '-6' }], gaps: [] })
    expect(matchLots([event('s', '-5', '2'), end('-7')], 'fifo')).toMatchObject({ lots: [], realizations: [{ quantity: '5', pnl: '10' }], gaps: [{ quantity: '2' }] })
  })
})

describe('what comes in against a short position', () => {
  test('takes it away, and leaves nothing of no size behind', () => {
    const short = event('s', '-10', '5')
    const into = (quantity: string): LotEvent => event('r', quantity, null, { kind: 'receive', effect: null, value: dec('40'), costs: dec('2') })
    expect(matchLots([short, into('10')], 'fifo')).toMatchObject({ lots: [], gaps: [], deliveries: [{ quantity: '10', cost: '50' }] })
    expect(matchLots([short, into('20')], 'fifo').lots).toMatchObject([{ key: 'r', quantity: '10', principal: '20', costs: '1' }])
  })
})

describe('a split', () => {
  test('keeps the order of the method', () => {
    expect(closed(matchLots([event('b1', '1', '10'), event('b2', '1', '20'), split('2'), event('s', '-2', '15')], 'fifo'))).toEqual(['b1 2 20'])
  })

  test('gives whole shares for whole shares, also where fractions are bought later', () => {
    expect(held(matchLots([event('b1', '5', '10'), event('b2', '4', '10'), split('-6'), event('b3', '0.125', '8')], 'fifo'))).toEqual([['b1', '1', '50'], ['b2', '2', '40'], ['b3', '0.125', null]])
  })

  test('gives fractions where any part of it is one, cut at nine decimals; the last gets the rest', () => {
    expect(held(matchLots([event('b1', '0.5', '10'), event('b2', '1', '10'), split('3')], 'fifo'))).toEqual([['b1', '1.5', '5'], ['b2', '3', '10']])
    expect(held(matchLots([event('b1', '3', '10'), event('b2', '3', '10'), split('1.5')], 'fifo'))).toEqual([['b1', '3.75', '30'], ['b2', '3.75', '30']])
    const three = ['b1', 'b2', 'b3'].map(key => event(key, '1', '10'))
    expect(held(matchLots([...three, split('1.000000000001')], 'fifo'))).toEqual([['b1', '1.333333333', '10'], ['b2', '1.333333333', '10'], ['b3', '1.333333334001', '10']])
  })

  test('leaves a cost nobody knows with its lot, or with the next where that lot became nothing', () => {
    const unknown = (quantity: string): LotEvent => event('u', quantity, null, { kind: 'receive' })
    expect(held(matchLots([unknown('5'), event('b', '5', '10'), split('10')], 'fifo'))).toEqual([['u', '10', null], ['b', '10', '50']])
    expect(held(matchLots([unknown('1'), event('b', '29', '9'), split('-27')], 'fifo'))).toEqual([['b', '3', null]])
    expect(held(matchLots([event('b', '1', '9'), unknown('29'), split('-27')], 'fifo'))).toEqual([['u', '3', null]])
  })
})

describe('whole numbers of a scale', () => {
  test('are read and raised as they are, and more decimals than there is room for are a mistake', () => {
    for (const kernel of [doubles, bigs]) {
      expect(Number(kernel.read(dec('-1.5'), 4))).toBe(-15_000)
      expect(Number(kernel.ten(3))).toBe(1000)
      expect(() => kernel.read(dec('0.001'), 2)).toThrow(new RangeError('more decimals than the scale has'))
    }
  })

  test('end where a double would round, on both sides of 0', () => {
    const most = Number.MAX_SAFE_INTEGER
    expect([doubles.add(most, 0), doubles.sub(0, most)]).toEqual([most, -most])
    expect(() => doubles.add(most, 1)).toThrow(TooLarge)
    expect(() => doubles.sub(-most, 1)).toThrow(TooLarge)
  })

  test('are multiples of a step or not', () => {
    expect([0, 10, -20, 5].map(value => doubles.isMultiple(value, 10))).toEqual([true, true, true, false])
    expect([0n, 10n, -20n, 5n].map(value => bigs.isMultiple(value, 10n))).toEqual([true, true, true, false])
  })

  test('have no zero below zero', () => {
    expect(Object.is(doubles.neg(0), 0)).toBe(true)
    expect(Object.is(doubles.share(-1, 1, 3, 1), 0)).toBe(true)
  })
})
