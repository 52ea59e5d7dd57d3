import { describe, expect, test } from 'vitest'
import { addClosing, doubleRoom } from '../../../../electron/core/ledger/lots/closing-room.ts'
import { amountAt, asBigs, cell, type Closings, closingsOf, figureAt, joinClosings, type Realization, realizationsOf } from '../../../../electron/core/ledger/lots/closings.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const dec = Dec.of

/** One share sold on January 5 at a gain of `proceeds` less 1. */
function realization(proceeds: string | null, more: Partial<Realization> = {}): Realization {
  const [came, cost] = [proceeds === null ? null : dec(proceeds), dec('1')]
  return {
    openKey: 'a', closeKey: 'b', openDay: LocalDate.of('2026-01-02'), closeDay: LocalDate.of('2026-01-05'), trip: 1, isShort: false, quantity: dec('1'), proceeds: came, cost,
    pnl: came === null ? null : Dec.sub(came, cost), fees: dec('0.25'), ...more,
  }
}
const large = '12345678901234567890'

/** Closings of one share each, sold for `proceeds`, at scales of their own. */
function closings(kind: 'doubles' | 'bigs', proceeds: readonly (number | null)[], quantity = 2, money = 8): Closings {
  const room = doubleRoom({ quantity, money })
  const { openKey, openDay, closeKey, closeDay, trip } = realization('2')
  const ends = proceeds.flatMap(() => [{ key: openKey, day: openDay }, { key: closeKey, day: closeDay }])
  proceeds.forEach((one, at) => {
    const [brought, made] = one === null ? [null, null] : [one * 10 ** money, (one - 1) * 10 ** money]
    addClosing(room, 2 * at, 2 * at + 1, trip, 10 ** quantity, brought, 10 ** money, made, 10 ** money / 4)
  })
  const doubles = room.done(ends)
  return kind === 'doubles' ? doubles : asBigs(doubles)
}

describe('closings of a book', () => {
  test('are read at as few decimals as hold them, of quantity and of money', () => {
    expect(closingsOf([realization('2.5'), realization('3', { quantity: dec('0.125') })])).toMatchObject({ kind: 'doubles', scales: { quantity: 3, money: 2 }, quantity: [1000, 125], proceeds: [250, 300] })
    expect(closingsOf([realization('2', { cost: dec('1.0001'), pnl: dec('0.9999') })]).scales).toEqual({ quantity: 0, money: 4 })
    expect(closingsOf([realization('2', { fees: dec('0.00005') })]).scales).toEqual({ quantity: 0, money: 5 })
    expect(closingsOf([realization(large)])).toMatchObject({ kind: 'bigs', proceeds: [123456789012345678900n * 10n], fees: [25n] })
  })

  test('whose figures contradict each other are refused', () => {
    expect(() => closingsOf([realization('2', { pnl: dec('1.001') })])).toThrow(RangeError)
  })

  test('are text again as they were, all of them or some', () => {
    const all = [realization('2.5'), realization(null, { cost: null, isShort: true, closeKey: 'c' }), realization('-0.01', { trip: 2 })]
    for (const more of [[], [realization(large)]]) {
      expect(realizationsOf(closingsOf([...all, ...more]))).toEqual([...all, ...more])
      expect(realizationsOf(closingsOf([...all, ...more]), [2, 0])).toEqual([all[2], all[0]])
    }
  })

  test('at other scales say the same for arithmetic that never ends, what nobody knows included', () => {
    const some = closingsOf([realization('2.5'), realization(null)])
    expect(asBigs(some)).toMatchObject({ scales: some.scales, quantity: [1n, 1n], proceeds: [250n, null], cost: [100n, 100n], pnl: [150n, null], fees: [25n, 25n], closed: some.closed, ends: some.ends })
    const wide = closingsOf([realization(large)])
    expect(asBigs(wide)).toBe(wide)
  })

  test('go on with others as they are at the same scales', () => {
    expect(joinClosings(closings('doubles', [2]), closings('doubles', [3, null]))).toEqual(closings('doubles', [2, 3, null]))
    for (const [a, b] of [['bigs', 'doubles'], ['doubles', 'bigs'], ['bigs', 'bigs']] as const) expect(joinClosings(closings(a, [2, null]), closings(b, [3]))).toEqual(closings('bigs', [2, null, 3]))
  })

  test('go on with others of more decimals, of quantity or of money, at what holds both', () => {
    for (const [quantity, money] of [[3, 8], [2, 9]] as const) {
      const joined = joinClosings(closings('doubles', [2]), closings('doubles', [3], quantity, money))
      expect(realizationsOf(joined)).toEqual([realization('2'), realization('3')])
      expect(joined).toMatchObject({ kind: 'doubles', scales: { quantity: 0, money: 2 } })
    }
  })

  test('beyond the last one there is none', () => {
    expect(cell([null, 7], 0)).toBeNull()
    expect(cell([null, 7], 1)).toBe(7)
    expect(() => cell([null, 7], 2)).toThrow(new RangeError('no such closing'))
    expect(() => amountAt([7], 1)).toThrow(new RangeError('no such closing'))
  })

  test('what nobody knows is null in either arithmetic, and no figure', () => {
    expect([amountAt([Number.NaN, 7], 0), amountAt([null, 7n], 0), amountAt([Number.NaN, 7], 1), amountAt([null, 7n], 1)]).toEqual([null, null, 7, 7n])
    expect([figureAt([Number.NaN, 7], 1), figureAt([null, 7n], 1)]).toEqual([7, 7n])
    expect(() => figureAt([Number.NaN], 0)).toThrow(new RangeError('no such figure'))
  })
})
