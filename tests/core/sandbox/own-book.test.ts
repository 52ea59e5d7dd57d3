import { describe, expect, test } from 'vitest'
import { shareOf } from '../../../electron/core/sandbox/instrument.ts'
import { LISTINGS } from '../../../electron/core/sandbox/market.ts'
import { keepBook, type Movement, realizedOn } from '../../../electron/core/sandbox/own-book.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const d = Dec.of
const instrument = shareOf(LISTINGS[0])

/** Movements of one share, a day each: quantity and cash. */
function moves(...told: readonly (readonly [qty: string, net: string])[]): Movement[] {
  return told.map(([qty, net], at) => ({
    of: at, instrument, at, day: LocalDate.plusDays(LocalDate.of('2026-03-02'), at), qty: d(qty), net: d(net), price: d('1'), isSplit: false,
  }))
}

const closings = (movements: readonly Movement[]): unknown =>
  [...keepBook(movements).results.values()].flatMap(({ closed }) => closed.map(({ qty, cost, realized, short }) => [qty, cost, realized, short]))
const open = (movements: readonly Movement[]): unknown => keepBook(movements).open.map(({ qty, cost }) => [qty, cost])

describe("a simulated broker's book", () => {
  test('closes the oldest first, with the costs of both ends inside', () => {
    const told = moves(['10', '-101'], ['10', '-121'], ['-15', '194'])
    expect(closings(told)).toEqual([['10', '101', '28.333333333333', false], ['5', '60.5', '4.166666666667', false]])
    expect(open(told)).toEqual([['5', '60.5']])
  })

  test('sells what it does not have, buys it back, and turns around in one trade', () => {
    const told = moves(['-10', '199'], ['15', '-271.5'])
    expect(closings(told)).toEqual([['10', '-199', '18', true]])
    expect(open(told)).toEqual([['5', '90.5']])
  })

  test('keeps what was paid through a split', () => {
    const [bought, split, sold] = moves(['4', '-400'], ['36', '0'], ['-10', '150'])
    if (!bought || !split || !sold) throw new Error('three movements')
    const told = [bought, { ...split, isSplit: true }, sold]
    expect(closings(told)).toEqual([['10', '100', '50', false]])
    expect(open(told)).toEqual([['30', '300']])
  })

  test('comes to all the cash that went through it', () => {
    const told = moves(['7', '-100'], ['-3', '50'], ['-3', '40'], ['5', '-60'], ['-6', '100'])
    const { results, open: left } = keepBook(told)
    const realized = Dec.sum([...results.values()].map(result => result.realized))
    const cost = Dec.sum(left.map(lot => lot.cost))
    expect(Dec.round(Dec.sub(realized, cost), 6)).toBe(Dec.sum(told.map(({ net }) => net)))
  })

  test('tells what a day realized', () => {
    const told = moves(['10', '-100'], ['-4', '48'], ['-6', '54'])
    expect([0, 1, 2].map(at => realizedOn(told, LocalDate.plusDays(LocalDate.of('2026-03-02'), at)))).toEqual(['0', '8', '-6'])
    expect(realizedOn(told, LocalDate.of('2026-03-03'), 'ELSE')).toBe('0')
  })
})
