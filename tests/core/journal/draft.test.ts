import { expect, test } from 'vitest'
import { draftOf } from '../../../electron/core/services/journal-draft.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const d = Dec.of
const day = LocalDate.of('2026-11-20')
const sums = { currency: 'USD', fees: d('0.65'), closings: 1, unknown: 0 }

test('the review of a day names contracts as the screens do, the best result first', () => {
  const { title, text } = draftOf({
    day,
    results: [{ ...sums, day, realized: d('-1230.5'), closings: 2, dividends: d('0'), interest: d('12'), otherFees: d('0') }],
    symbols: [
      { ...sums, symbol: 'JPM261120C00270000', assetClass: 'option', realized: d('-1674'), unrealized: null, trips: 1, known: 1, wins: 0 },
      {
        ...sums,
        symbol: './ESZ6 EW4X6 261127P5900',
        assetClass: 'future-option',
        realized: d('443.5'),
        unrealized: null,
        trips: 1,
        known: 1,
        wins: 1,
      },
    ],
    trades: [
      { symbol: 'JPM261120C00270000', fills: 2 },
      { symbol: 'AAPL', fills: 1 },
    ],
    practice: null,
  })
  expect(title).toBe('Review of Fri 20 Nov 2026')
  expect(text.split('\n').slice(0, 6)).toEqual([
    'Realised: \u22121,230.50 USD in 2 closings, fees of 0.65 USD included.',
    'Interest: +12.00 USD.',
    '- /ESZ26 27 Nov 26 5,900 P: +443.50 USD, 1 closing',
    '- JPM 20 Nov 26 270 C: \u22121,674.00 USD, 1 closing',
    'Traded: 3 fills in JPM 20 Nov 26 270 C, AAPL.',
    '',
  ])
})

test('a result that is known is told beside closings of unknown cost, and those alone are named too', () => {
  const plain = { assetClass: 'equity', unrealized: null, trips: 1, known: 1, wins: 1 } as const
  const { text } = draftOf({
    day,
    results: [{ ...sums, day, realized: d('50'), unknown: 3, dividends: d('0'), interest: d('0'), otherFees: d('0') }],
    symbols: [
      { ...sums, ...plain, symbol: 'KO', realized: d('50'), unknown: 1 },
      { ...sums, ...plain, symbol: 'PEP', realized: d('0'), fees: d('0'), closings: 0, unknown: 2 },
    ],
    trades: [],
    practice: null,
  })
  expect(text.split('\n').filter(line => line.startsWith('-'))).toEqual([
    '- KO: +50.00 USD, 1 closing',
    '- PEP: result unknown, 2 closings',
  ])
})
