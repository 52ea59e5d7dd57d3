import { describe, expect, test } from 'vitest'
import { addClosings, addSums, type ClosedDays, closedOf, daysOf, differenceOf, newClosedTally, subtractSums, sumsOf } from '../../../electron/core/ledger/closed-sums.ts'
import { matchLots } from '../../../electron/core/ledger/lots/engine.ts'
import { lotEvents } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { lotRow } from './lots/support/row.ts'

const dec = Dec.of
const [FIRST, NEXT] = ['2026-03-03', '2026-03-04'].map(LocalDate.of)
const sums = (realized: string, fees: string, closings: number, unknown = 0) => ({ realized: dec(realized), fees: dec(fees), closings, unknown })

/** A purchase at `price`, sold in parts of one on March 3, 4 and 4; and one of unknown cost sold on March 4. */
function closings(price: string, fees = '0.3') {
  const sale = (id: number, day: string, more: Partial<Parameters<typeof lotRow>[0]> = {}) => lotRow({ id, side: 'sell', quantity: '1', price: '10', day, ...more })
  const { events } = lotEvents([
    lotRow({ id: 1, side: 'buy', quantity: '3', price, day: '2026-03-02', fees }), sale(2, '2026-03-03'), sale(3, '2026-03-04'), sale(4, '2026-03-04'),
    lotRow({ id: 5, kind: 'transfer', quantity: '1', day: '2026-03-04', at: '2026-03-04T20:00:00.000Z' }), sale(6, '2026-03-04', { at: '2026-03-04T20:30:00.000Z' }),
  ])
  return matchLots(events, 'fifo').closings
}

describe('what closings come to by their day', () => {
  test('one of unknown cost is counted, and is in no sum', () => {
    expect([...daysOf([closings('8')])]).toEqual([[FIRST, sums('1.9', '0.1', 1)], [NEXT, sums('3.8', '0.2', 2, 1)]])
    expect(sumsOf(closings('8'))).toEqual(sums('5.7', '0.3', 3, 1))
  })

  test('is the same where no double holds it', () => {
    const price = '12345678901234.12345'
    expect(closings(price).kind).toBe('bigs')
    expect(sumsOf(closings(price))).toEqual(sums('-37037036703672.67035', '0.3', 3, 1))
  })

  test.each([
    ['just within', '30000009.5', '-89999998.5'],
    ['just beyond', '30024010.25', '-90072000.75'],
    ['far beyond', '80000000.00000001', '-239999970.00000003'],
  ])('is exact where doubles hold each and their sum is %s what one holds', (_, price, realized) => {
    const all = closings(price, '0')
    expect(all.kind).toBe('doubles')
    expect(sumsOf(all)).toEqual(sums(realized, '0', 3, 1))
  })

  test('several books come together, and so do tallies', () => {
    expect([...daysOf([closings('8'), closings('9')])]).toEqual([[FIRST, sums('2.8', '0.2', 2)], [NEXT, sums('5.6', '0.4', 4, 2)]])
    const tally = newClosedTally()
    addClosings(closings('8'), () => tally)
    expect(closedOf(tally)).toEqual(sums('5.7', '0.3', 3, 1))
  })

  test('is asked for by its day once for all that follow each other in it, whatever closed them', () => {
    const asked: LocalDate[] = []
    addClosings(closings('8'), day => {
      asked.push(day)
      return newClosedTally()
    })
    expect(asked).toEqual([FIRST, NEXT])
  })

  test('is added and taken away figure by figure', () => {
    const [one, other] = [sums('5', '1', 4, 2), sums('2', '0.25', 1, 1)]
    expect(addSums(one, other)).toEqual(sums('7', '1.25', 5, 3))
    expect(subtractSums(one, other)).toEqual(sums('3', '0.75', 3, 1))
  })

  test('differs only on days whose figures do', () => {
    const days = (first: ReturnType<typeof sums>): ClosedDays => new Map([[FIRST ?? LocalDate.of('2026-03-03'), first]])
    const was = sums('5', '1', 4, 2)
    expect(differenceOf(days(was), days({ ...was }))).toEqual(new Map())
    expect(differenceOf(days(was), new Map())).toEqual(days(sums('-5', '-1', -4, -2)))
    expect(differenceOf(new Map(), days(was))).toEqual(days(was))
    for (const one of [sums('6', '1', 4, 2), sums('5', '2', 4, 2), sums('5', '1', 5, 2), sums('5', '1', 4, 3)]) expect(differenceOf(days(was), days(one))).toEqual(days(subtractSums(one, was)))
  })
})
