import { describe, expect, test } from 'vitest'
import { differencesOf } from '../../../electron/core/reconciliation/compare.ts'
import type { OwnEntry } from '../../../electron/core/reconciliation/facts.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, book, cash, d, facts, held, late, move } from './facts.ts'

const DAY = LocalDate.of('2025-03-03')

function lot(change: string, more: Partial<OwnEntry> = {}): OwnEntry {
  return { takesBack: { kind: 'lot', id: 'lot_1' }, row: 'lot_1', at: AT, day: DAY, symbol: 'KO', currency: 'USD', change: d(change), label: 'a lot', isNew: true, ...more }
}

const fix = (change: string, symbol: string | null): OwnEntry =>
  lot(change, { takesBack: { kind: 'fix', id: 'fix_1' }, row: 'fix_1/0', symbol, isNew: false })
const two = { positions: [held('KO', '10')], books: [book('KO', '15')] }

describe('what the user added himself', () => {
  test('is named where a new lot is just what the broker does not hold, and goes with one click', () => {
    const [found] = differencesOf(facts({ ...two, added: [lot('5')] }))
    expect(found).toMatchObject({ reason: 'own-entry', fix: { kind: 'take-back', parts: [], takesBack: { kind: 'lot', id: 'lot_1' } } })
    expect(found?.sentence).toBe('It is just the opening lot of 5 KO you added: Alpaca does not hold it.')
  })

  test.each([
    ['another quantity', lot('4')],
    ['another instrument', lot('5', { symbol: 'PEP' })],
    ['a lot that agreed for a while', lot('5', { isNew: false })],
    ['a fix whose row never came', fix('5', 'KO')],
    ['as much of the other sign', lot('-5')],
  ])('is not blamed for %s: that went away', (_name, added) => {
    expect(differencesOf(facts({ ...two, added: [added] }))).toMatchObject([{ reason: 'missing-transfer', fix: { kind: 'close-out' } }])
  })

  test.each([
    ['a lot', lot('5', { isNew: false })],
    ['a fix', fix('5', 'KO')],
  ])('is not counted twice where a row of the same was there before: %s', (_name, added) => {
    const [found] = differencesOf(facts({ ...two, added: [added], movesOf: () => [move(DAY, '5')] }))
    expect(found).toMatchObject({ reason: 'missing-transfer' })
  })

  test.each([
    ['a lot', lot('5', { isNew: false })],
    ['a fix', fix('5', 'KO')],
  ])('is counted twice where a row of the same came since: %s', (_name, added) => {
    const movesOf = () => [late(DAY, '5')]
    const [found] = differencesOf(facts({ ...two, added: [added], movesOf }))
    expect(found).toMatchObject({ reason: 'own-entry', fix: { takesBack: added.takesBack } })
    expect(found?.sentence).toContain('counts them twice')
  })

  describe('and a row that closes what a fix took out', () => {
    const movesOf = () => [late(DAY, '-10')]
    const inVain = (quantity: string, row = 'fix_1/0') => book('KO', '0', { missing: d(quantity), unopened: [{ row, day: DAY, quantity: d(quantity) }] })
    const closed = { positions: [], books: [inVain('10')], added: [fix('-10', 'KO')] }

    test('are one too many: the fix goes, and the row has its result', () => {
      expect(differencesOf(facts({ ...closed, ...cash('0', '0'), movesOf }))).toMatchObject([
        { ledger: '-10', broker: '0', reason: 'own-entry', fix: { kind: 'take-back', takesBack: { kind: 'fix', id: 'fix_1' } } },
      ])
    })

    test.each([
      ['the row has not come', { movesOf: () => [] }],
      ['the row was there before', { movesOf: () => [move(DAY, '-10')] }],
      ['the row is of before what was taken out, and found nothing then', { movesOf: () => [late('2025-03-02', '-10')], books: [inVain('10', 'row of 2025-03-02')] }],
      ['the row is of another quantity', { movesOf: () => [late(DAY, '-9')] }],
      ['nothing was closed in vain', { movesOf, books: [book('KO', '0')] }],
      ['as much was closed in vain as no fix took out', { movesOf, books: [inVain('9')] }],
      ['the fix is of another instrument', { movesOf, added: [fix('-10', 'PEP')] }],
      ['it is no fix', { movesOf, added: [lot('-10', { isNew: false })] }],
    ])('are left alone while %s', (_name, more) => {
      expect(differencesOf(facts({ ...closed, ...cash('0', '0'), ...more }))).toEqual([])
    })
  })

  test('is named for cash that was booked and came after all, of its own currency only', () => {
    expect(differencesOf(facts({ ...cash('1000', '1007.5'), added: [fix('7.5', null)] }))).toMatchObject([
      { reason: 'own-entry', fix: { kind: 'take-back', takesBack: { kind: 'fix', id: 'fix_1' } } },
    ])
    expect(differencesOf(facts({ ...cash('1000', '1007.5'), added: [{ ...fix('7.5', null), currency: 'EUR' }] }))).toMatchObject([
      { reason: 'fee' },
    ])
    expect(differencesOf(facts({ ...cash('1000', '1007.5'), added: [fix('-7.5', null)] }))).toMatchObject([{ reason: 'fee' }])
  })

  test('comes after what an order or a settlement explains', () => {
    const untold = [{ symbol: 'KO', change: Dec.neg(d('5')), price: null, at: held('KO', '1').asOf }]
    expect(differencesOf(facts({ ...two, added: [lot('5')], untold }))).toMatchObject([{ reason: 'pending' }])
  })
})
