import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotRow } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { sortMicros } from '../../../electron/core/ledger/sort.ts'
import { fingerprint } from '../../../electron/core/ledger/fingerprint.ts'
import { readText } from './support/files.ts'

const HEADER = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"'
const SPLIT = (shares: string): string => `"07/15/2024 as of 07/12/2024","Stock Split","AVGO","BROADCOM INC","${shares}","$170.067","",""`
const BOUGHT = '"06/13/2024","Buy","AVGO","BROADCOM INC","2","$1500.00","","-$3000.00"'

/** What a file of Schwab, newest row first, comes to. */
function bookOf(...lines: string[]) {
  const rows = readText([HEADER, ...lines].join('\n')).rows.toReversed()
  const told = rows.map(({ facts, line }, id): LotRow => ({ ...facts, externalId: `line ${line}`, id, sortAt: sortMicros(facts), isTimed: false }))
  const { realizations, lots, gaps } = matchLots(lotEvents(told).events, 'fifo')
  return { made: realizations.map(({ quantity, cost, pnl }) => [quantity, cost, pnl]), left: lots.map(({ quantity }) => quantity), gaps }
}

describe('a split that Schwab enters on a Monday as of the Friday before', () => {
  test('divides nothing of what was sold on the Friday', () => {
    const { made, left, gaps } = bookOf(SPLIT('9'), '"07/12/2024","Sell","AVGO","BROADCOM INC","1","$1690.00","","$1690.00"', BOUGHT)
    expect(made).toEqual([['1', '1500', '190']])
    expect([left, gaps]).toEqual([['10'], []])
  })

  test('divides what was bought on the Friday, and nothing of the Monday', () => {
    const { made, left } = bookOf(
      '"07/16/2024","Sell","AVGO","BROADCOM INC","20","$170.00","","$3400.00"',
      '"07/15/2024","Buy","AVGO","BROADCOM INC","5","$169.00","","-$845.00"',
      SPLIT('27'),
      '"07/12/2024","Buy","AVGO","BROADCOM INC","1","$1690.00","","-$1690.00"',
      BOUGHT,
    )
    expect(made).toEqual([['20', '3000', '400']])
    expect(left).toEqual(['10', '5'])
  })

  test('is the same row as before by what it says, and keeps the day it is true of', () => {
    const [row] = readText([HEADER, SPLIT('9')].join('\n')).rows
    expect(row?.facts).toMatchObject({ kind: 'split', brokerType: 'Stock Split as of 07/12/2024', tradeDate: '2024-07-12', executedAt: null })
    expect(row && fingerprint(row.facts)).toBe(row && fingerprint({ ...row.facts, brokerType: 'Stock Split' } as typeof row.facts))
  })

  test('one without such a day is there before the day begins', () => {
    const day = (text: string): string => text.replace('07/15/2024 as of 07/12/2024', '07/12/2024')
    const { made } = bookOf('"07/12/2024","Sell","AVGO","BROADCOM INC","10","$169.00","","$1690.00"', day(SPLIT('18')), BOUGHT)
    expect(made).toEqual([['10', '1500', '190']])
  })
})
