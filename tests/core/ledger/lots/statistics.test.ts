import { describe, expect, test } from 'vitest'
import { type ClosedTrip, isLongTerm, maxDrawdown, statisticsOf } from '../../../../electron/core/ledger/lots/statistics.ts'
import { ratio } from '../../../../electron/core/ledger/lots/share.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const dec = Dec.of
const trip = (realized: string | null, closeDay: string | null = '2026-03-04'): ClosedTrip => ({
  realized: realized === null ? null : dec(realized), fees: dec('1.5'), openDay: LocalDate.of('2026-03-02'), closeDay: closeDay === null ? null : LocalDate.of(closeDay),
})

describe('statistics of round trips', () => {
  test('are sums to the last digit, and ratios with a stated rounding', () => {
    const found = statisticsOf([trip('100'), trip('-30'), trip('50.005', '2026-03-03'), trip('-40'), trip('0'), trip(null), trip('999', null)])
    expect(found).toEqual({
      trips: 6, wins: 2, losses: 2, flat: 1, unknown: 1, winRate: dec('40'), averageWin: dec('75.0025'), averageLoss: dec('-35'), grossProfit: dec('150.005'), grossLoss: dec('-70'),
      profitFactor: dec('2.1429'), expectancy: dec('16.001'), best: dec('100'), worst: dec('-40'), maxDrawdown: dec('40'), averageDaysHeld: dec('1.83'), fees: dec('9'),
    })
  })

  test('say nothing where there is nothing to say', () => {
    expect(statisticsOf([])).toMatchObject({ trips: 0, winRate: null, averageWin: null, averageLoss: null, profitFactor: null, expectancy: null, best: null, worst: null, maxDrawdown: null, averageDaysHeld: null })
    expect(statisticsOf([trip('5')])).toMatchObject({ profitFactor: null, averageLoss: null, maxDrawdown: dec('0') })
  })

  test('the drawdown is the deepest fall from the highest point so far, also below the start', () => {
    expect(maxDrawdown(['-10', '30', '-15', '5', '-20', '100'].map(dec))).toBe(dec('30'))
    expect(maxDrawdown(['-10', '-5', '40'].map(dec))).toBe(dec('15'))
  })

  test('ratios are rounded half to even, below zero too', () => {
    expect(['1', '3', '-1', '-3', '5'].map(top => ratio(dec(top), dec('8'), 2))).toEqual(['0.12', '0.38', '-0.12', '-0.38', '0.62'].map(dec))
    expect(ratio(dec('2'), dec('-3'), 4)).toBe(dec('-0.6667'))
  })

  test('long term begins after a year and a day', () => {
    const [bought, next] = [LocalDate.of('2024-02-29'), LocalDate.of('2025-03-01')]
    expect(isLongTerm(bought, next)).toBe(true)
    expect(isLongTerm(LocalDate.of('2025-03-01'), LocalDate.of('2026-03-01'))).toBe(false)
    expect(isLongTerm(LocalDate.of('2025-03-01'), LocalDate.of('2026-03-02'))).toBe(true)
  })
})
