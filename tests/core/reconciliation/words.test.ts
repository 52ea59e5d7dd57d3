import { expect, test } from 'vitest'
import { differencesOf } from '../../../electron/core/reconciliation/compare.ts'
import type { AccountFacts } from '../../../electron/core/reconciliation/facts.ts'
import { moneyText, priceText } from '../../../electron/core/reconciliation/words.ts'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { buy, desk, sale } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'
import { AT, book, cash, d, facts, held, late } from './facts.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

/** Everything that is said of the first difference. */
function said(more: Partial<AccountFacts>): string {
  const [found] = differencesOf(facts(more))
  return [found?.sentence, found?.fix?.label, found?.fix?.detail].join(' | ')
}

test('money is told to the cent with its thousands apart, and further only where less than a cent is all there is', () => {
  expect(moneyText(d('-3488.5698591688'), 'USD')).toBe('−3,488.57 USD')
  expect(moneyText(d('7'), 'USD')).toBe('7.00 USD')
  expect(moneyText(d('0.0000123456789'), 'BTC')).toBe('0.00001235 BTC')
})

test('prices have the digits they need', () => {
  expect(priceText(d('150.5'), 'USD')).toBe('150.50 USD')
  expect(priceText(d('1234.56789123'), 'USD')).toBe('1,234.5679 USD')
  expect(priceText(d('0.000123456789'), 'USD')).toBe('0.00012346 USD')
})

test('cash that differs is told and booked so, and counted to its last digit', () => {
  const words = said(cash('100000', '103488.5698591688'))
  expect(words).toContain('| Book −3,488.57 USD | Adds −3,488.57 USD of cash today')
  const [found] = differencesOf(facts(cash('100000', '103488.5698591688')))
  expect(found?.fix?.parts).toMatchObject([{ amount: '-3488.5698591688' }])
  const history = { isWhole: true, from: LocalDate.of('2024-11-20'), firstDay: LocalDate.of('2024-11-22') }
  expect(said({ ...cash('13500.256', '1000'), history })).toContain('| Start with 12,500.26 USD | Counts 12,500.26 USD as the cash')
})

test('shares have their thousands apart, and one is one', () => {
  expect(said({ books: [book('AAPL', '12000')] })).toBe(
    'No row says where 12,000 AAPL went; most likely they were transferred out, or closed by a row Alpaca does not show. | Take 12,000 AAPL out | Books them as moved elsewhere today with what they cost: nothing is realized.',
  )
  expect(said({ books: [book('AAPL', '1')] })).toBe(
    'No row says where 1 AAPL went; most likely it was transferred out, or closed by a row Alpaca does not show. | Take 1 AAPL out | Books it as moved elsewhere today with what it cost: nothing is realized.',
  )
  expect(said({ positions: [held('AAPL', '1', { averagePrice: d('1234.5678912') })] })).toBe(
    "No row says where 1 AAPL came from; most likely it was transferred in, or given without a row. | Add 1 AAPL as an opening lot | From before the history, at Alpaca's average price of 1,234.5679 USD.",
  )
  expect(said({ positions: [held('AAPL', '2500')] })).toContain('2,500 AAPL came from; most likely they were transferred in')
})

test('short sales, splits and what the user added are told so too', () => {
  const short = { missing: d('1200'), soldUnheld: [{ row: 'r1', quantity: d('1200') }] }
  expect(said({ positions: [held('AAPL', '-1200')], books: [book('AAPL', '0', short)] })).toContain('sells 1,200 AAPL that it never bought, and Alpaca holds 1,200 short')
  const one = { missing: d('1'), soldUnheld: [{ row: 'r1', quantity: d('1') }] }
  expect(said({ positions: [held('AAPL', '-1')], books: [book('AAPL', '0', one)] })).toContain('what was bought later covers it.')
  const split = { positions: [held('NVDA', '4000', { averagePrice: d('100') })], books: [book('NVDA', '1000', { cost: d('400000') })] }
  expect(said(split)).toContain('4,000 for 1,000, at prices')
  expect(said(split)).toContain('by 3,000 NVDA')
  const fix = { takesBack: { kind: 'fix' as const, id: 'f' }, row: 'f/0', at: AT, day: LocalDate.of('2025-03-03'), symbol: 'KO', currency: 'USD', isNew: false }
  const added = (change: string) => ({ added: [{ ...fix, change: d(change), label: 'it' }], movesOf: () => [late('2025-03-03', change)] })
  expect(said({ books: [book('KO', '1500')], ...added('1500') })).toContain('a row of 1,500 KO, and what you added for it counts them twice')
  expect(said({ books: [book('KO', '1')], ...added('1') })).toContain('a row of 1 KO, and what you added for it counts it twice')
})

test('what the history lacks is told so too', () => {
  const { db, work, row } = desk()
  const rows = [
    sale('a', '2025-03-04', { symbol: 'MSFT', quantity: d('1') }),
    sale('b', '2025-03-04', { symbol: 'NVDA', quantity: d('1200') }),
    buy('c', '2025-03-04', { symbol: 'IBM', quantity: d('1'), kind: 'transfer', side: null, price: null }),
    buy('d', '2025-03-04', { symbol: 'T', quantity: d('1'), positionEffect: 'close' }),
  ]
  save(db, rows.map(one => row(one)))
  settled(work)
  expect(gaps(db.reader).map(({ sentence }) => sentence).toSorted()).toEqual([
    '1 IBM came in on 4 Mar 2025, and nothing says what it cost. Until that is told, what closing it made is not known.',
    '1 MSFT was sold or left on 4 Mar 2025 that the history never shows bought. What opened it is missing.',
    '1 T was bought back or taken in on 4 Mar 2025 that the history never shows sold short. What opened it is missing.',
    '1,200 NVDA were sold or left on 4 Mar 2025 that the history never shows bought. What opened them is missing.',
  ])
})
