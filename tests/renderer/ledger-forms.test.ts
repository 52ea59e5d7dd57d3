import { describe, expect, test } from 'vitest'
import { formOf, readForm } from '../../renderer/features/ledger/opening-lot-form.ts'
import { overrideOf, textOf } from '../../renderer/features/trips/override.ts'
import { candidatesOf, readPicks } from '../../renderer/features/trips/picks.ts'
import { readDec } from '../../renderer/lib/read-dec.ts'
import { gainPercent, onlyCurrencyOf, sortPositions, sumsOf } from '../../renderer/features/positions/sort.ts'
import { widestOf } from '../../renderer/lib/widest.ts'
import type { ActivityId } from '../../shared/domain/ids.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { connection, decimal } from './examples.ts'
import { gap, grouped, lot, realization } from './ledger-examples.ts'

const today = LocalDate.of('2026-11-20')
const accounts = connection().accounts.map(({ id }) => id)

describe('a typed number', () => {
  test('is taken exactly, however it is grouped and signed', () => {
    expect(['1,234.50', ' -3 ', '\u22123', '+.5', '7.'].map(readDec)).toEqual(['1234.5', '-3', '-3', '0.5', '7'])
    expect(['12,345,678.9', '1 234.5', '1\u202f234', '-1,000'].map(readDec)).toEqual(['12345678.9', '1234.5', '1234', '-1000'])
    // Where a comma may divide the decimals, taking it out would make another number of it.
    expect(['1.000,50', '284,5', '0,5', '1,00', '1,0000', '12,34,567', ',5', '1, 000', '1,234 567', '10 00'].map(readDec)).toEqual(Array.from({ length: 10 }))
    expect(['', '1e5', 'twelve', '1.2.3', '--1', '.'].map(readDec)).toEqual(Array.from({ length: 6 }))
  })
})

describe('an opening lot', () => {
  test('is filled in as the gap has it: what is missing, and no day, which would be one of a purchase', () => {
    expect(formOf(gap(), 'EUR')).toMatchObject({ accountId: 'acc_1', symbol: 'VTI', currency: 'USD', day: '', quantity: '12', price: '' })
    const average = gap({ suggestions: [{ label: 'The average price', day: '2026-03-10', quantity: '12', price: '301.5', source: 'broker' }] })
    expect(formOf(average, 'EUR')).toMatchObject({ day: '', quantity: '12', price: '301.5' })
    expect(formOf({ ...average, kind: 'unknown-cost' }, 'EUR')).toMatchObject({ day: '2026-03-10', price: '301.5' })
  })

  test('takes what Keelson could fill in, with the price where one is known', () => {
    const suggested = gap({ suggestions: [{ label: 'Left Schwab', day: '2026-02-01', quantity: '12', price: '301.5', source: 'transfer' }] })
    expect(formOf(suggested, 'USD')).toMatchObject({ day: '2026-02-01', quantity: '12', price: '301.5' })
  })

  test('names the row that brought something at an unknown cost, so that the lot is no second holding', () => {
    const came = { ...gap(), kind: 'unknown-cost', activityId: 'act_1' as ActivityId } as const
    expect(readForm({ ...formOf(came, 'USD'), price: '10' }, accounts, today).lot).toMatchObject({ activityId: 'act_1' })
    expect(formOf({ ...came, lacksPrice: true }, 'USD')).toMatchObject({ day: came.day, activityId: 'act_1' })
    expect(readForm({ ...formOf(gap(), 'USD'), day: '2026-03-09', price: '10' }, accounts, today).lot).toMatchObject({ activityId: null })
  })

  test('is complete with a price, or with the word that nobody knows it: an empty price is never 0', () => {
    const form = { ...formOf(gap(), 'USD'), day: '2026-03-09' }
    expect(readForm(form, accounts, today)).toEqual({ lot: null, problems: { price: 'A price, or say that nobody knows it.' } })
    expect(readForm({ ...form, isPriceUnknown: true }, accounts, today).lot).toMatchObject({ price: null, quantity: '12', symbol: 'VTI' })
    expect(readForm({ ...form, price: '1,000.10' }, accounts, today).lot).toMatchObject({ price: '1000.1' })
  })

  test('says what is wrong with each field', () => {
    const wrong = { ...formOf(undefined, 'dollars!'), day: '2027-01-01', quantity: '0', price: '-1' }
    expect(Object.keys(readForm(wrong, accounts, today).problems).toSorted()).toEqual(['accountId', 'currency', 'day', 'price', 'quantity', 'symbol'])
  })

  test('may be short, and may be of the day itself', () => {
    const form = { ...formOf(gap(), 'USD'), day: today, quantity: '-5', price: '10' }
    expect(readForm(form, accounts, today).lot).toMatchObject({ quantity: '-5', day: today })
  })
})

describe('a correction of a row', () => {
  test('says only what was typed', () => {
    expect(overrideOf(textOf(null))).toEqual({ value: null, problems: {} })
    expect(overrideOf({ ...textOf(null), multiplier: '50', price: '0' }).value).toEqual({ multiplier: '50', price: '0' })
    expect(overrideOf({ ...textOf(null), ignored: true, price: 'x' }).value).toEqual({ ignored: true })
    expect(overrideOf({ ...textOf(null), isShort: true }).value).toEqual({ effect: 'open' })
    expect(overrideOf({ ...textOf({ effect: 'open', fees: decimal('1') }) }).value).toEqual({ fees: '1', effect: 'open' })
    expect(textOf({ quantity: decimal('3') })).toMatchObject({ quantity: '3', price: '', ignored: false })
  })

  test('refuses what cannot be', () => {
    const { value, problems } = overrideOf({ ignored: false, isShort: false, quantity: '0', price: '-1', fees: 'a', multiplier: '0' })
    expect(value).toBeNull()
    expect(Object.keys(problems).toSorted()).toEqual(['fees', 'multiplier', 'price', 'quantity'])
  })
})

describe('picking lots', () => {
  const closed = [realization({ openKey: 'k0', quantity: '4' }), realization({ openKey: 'k2', openDay: '2026-02-02', quantity: '6' })]
  const open = [lot({ key: 'k2', day: '2026-02-02', quantity: '4' }), lot({ key: 'k3', day: '2026-05-05', quantity: '9' }), lot({ key: 'late', day: '2026-11-21' })]
  const candidates = candidatesOf(closed, open, today)

  test('offers what the closing took and what is open and older than it', () => {
    expect(candidates.map(({ lot: key, most, taken }) => [key, most, taken])).toEqual([['k0', '4', '4'], ['k2', '10', '6'], ['k3', '9', '0']])
  })

  test('takes what is typed, up to what there is and what the closing closes', () => {
    expect(readPicks(candidates, { k3: '9', k0: '1' }, decimal('10')).picks).toEqual([{ lot: 'k0', quantity: '1' }, { lot: 'k3', quantity: '9' }])
    expect(readPicks(candidates, { k0: '5' }, decimal('10'))).toEqual({ picks: null, problem: 'A lot has 4 at most.' })
    expect(readPicks(candidates, { k2: '7', k3: '4' }, decimal('10'))).toEqual({ picks: null, problem: 'Together they are 11; the closing takes 10.' })
    expect(readPicks(candidates, { k0: '-1' }, decimal('10')).picks).toBeNull()
    expect(readPicks(candidates, { k0: '', k2: '0' }, decimal('10'))).toEqual({ picks: null, problem: null })
  })
})

describe('positions', () => {
  const rows = [grouped({ symbol: 'B', marketValue: '20' }), grouped({ symbol: 'A', marketValue: null }), grouped({ symbol: 'C', marketValue: '100' })]
  const names = (column: Parameters<typeof sortPositions>[1]['column'], descending: boolean) => sortPositions(rows, { column, descending }).map(({ symbol }) => symbol)

  test('stand by any figure, what nobody knows last either way', () => {
    expect(names('marketValue', true)).toEqual(['C', 'B', 'A'])
    expect(names('marketValue', false)).toEqual(['B', 'C', 'A'])
    expect(names('symbol', true)).toEqual(['C', 'B', 'A'])
    expect(names('weight', true)).toEqual(['A', 'B', 'C'])
  })

  test('stand by what they gained on their cost', () => {
    expect(gainPercent(grouped({ cost: '3600', unrealized: '400' }))).toBe('11.11')
    expect(gainPercent(grouped({ cost: '-3600', unrealized: '-400' }))).toBe('-11.11')
    expect(gainPercent(grouped({ cost: '0' }))).toBeNull()
    expect(gainPercent(grouped({ cost: null }))).toBeNull()
    const held = { unrealized: decimal('150'), cost: decimal('400'), holdings: ['100', '-50'].map(quantity => ({ quantity: decimal(quantity) })) }
    expect(gainPercent(held)).toBeNull()
    expect(gainPercent({ ...held, holdings: held.holdings.slice(1) })).toBe('37.5')
    const gains = [grouped({ symbol: 'B', unrealized: '36' }), grouped({ symbol: 'A', unrealized: null }), grouped({ symbol: 'C', unrealized: '72' })]
    expect(sortPositions(gains, { column: 'percent', descending: true }).map(({ symbol }) => symbol)).toEqual(['C', 'B', 'A'])
  })

  test('are summed in each currency, and what is unknown is counted instead', () => {
    const cad = grouped({ symbol: 'SHOP', currency: 'CAD', marketValue: '10', unrealized: '-1', realized: '2', cost: '11' })
    expect(sumsOf([cad, ...rows]).map(({ currency, marketValue, unvalued, unrealized, cost }) => [currency, marketValue, unvalued, unrealized, cost])).toEqual([
      ['USD', '120', 1, '1200', '10800'],
      ['CAD', '10', 0, '-1', '11'],
    ])
    expect(sumsOf([grouped({ cost: null, unrealized: null })])).toEqual([
      { currency: 'USD', marketValue: '4000', unrealized: '0', realized: '0', cost: null, unvalued: 0, ungained: 1, unmade: 0 },
    ])
    const unknown = grouped({ realized: null, unknown: 2 })
    expect(sumsOf([unknown])).toMatchObject([{ realized: null, unmade: 2 }])
    expect(sumsOf([unknown, grouped({ realized: '5', unknown: 1 })])).toMatchObject([{ realized: '5', unmade: 3 }])
    expect(onlyCurrencyOf(rows)).toBe('USD')
    expect(onlyCurrencyOf([cad, ...rows])).toBeNull()
  })
})

test('the rows with the longest texts keep the columns of a long table wide enough', () => {
  const rows = [{ a: '1', b: 'long text' }, { a: '12345', b: '' }, { a: '123', b: 'text' }]
  expect(widestOf(rows, [({ a }) => a, ({ b }) => b])).toEqual([1, 0])
  expect(widestOf(rows, [({ a }) => a, ({ a }) => `${a}!`])).toEqual([1])
  expect(widestOf([], [() => ''])).toEqual([])
})
