import { describe, expect, test } from 'vitest'
import { realizations, realizationsReady } from '../../../electron/core/services/ledger-trips.ts'
import { keepWashes } from '../../../electron/core/services/ledger-washes.ts'
import { createShelf } from '../../../electron/core/services/shelf.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { buy, desk, sale } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'

const d = Dec.of
const NONE: ReadonlySet<string> = new Set()

describe('what is kept of replaced losses', () => {
  const shelf = (most: number) => {
    const own = createShelf<{ readonly count: number }>(most)
    const made: string[] = []
    const bring = (name: string, count: number, needed = NONE): void => {
      own.bring(name, needed, before => {
        if (!before) made.push(name)
        return { count }
      })
    }
    return { own, made, bring }
  }

  test('is all of it up to the most, and behind that what was asked for last', () => {
    const { own, made, bring } = shelf(6)
    for (const name of ['a', 'b', 'c']) bring(name, 2)
    expect(own.count).toBe(6)
    bring('a', 2)
    expect(made).toEqual(['a', 'b', 'c'])
    bring('d', 1)
    expect(own.count).toBe(5)
    expect(['a', 'b', 'c', 'd'].filter(name => own.get(name))).toEqual(['a', 'c', 'd'])
  })

  test('is one alone that is more than the most, and all a page needs', () => {
    const { own, bring } = shelf(6)
    bring('a', 2)
    bring('b', 9)
    expect(own.get('a')).toBeNull()
    expect(own.count).toBe(9)
    bring('c', 3, new Set(['b', 'c']))
    expect(own.count).toBe(12)
    bring('d', 1)
    expect(own.count).toBe(4)
  })
})

test('Past the most that is kept every page has the same flags, also one that needs more than that by itself', async () => {
  const { db, work, row } = desk()
  const symbols = ['A', 'B', 'C', 'D', 'E', 'F']
  // Two replaced losses each.
  const of = (symbol: string) => [
    buy(`${symbol}-b`, '2025-01-02', { symbol, price: d('10') }), sale(`${symbol}-s`, '2025-03-03', { symbol, quantity: d('5') }), sale(`${symbol}-t`, '2025-03-04', { symbol, quantity: d('5') }),
    buy(`${symbol}-again`, '2025-03-20', { symbol }),
  ]
  save(db, symbols.flatMap(symbol => of(symbol).map(one => row(one))))
  settled(work)
  const page = (symbol?: string) => realizations(db.reader, { environment: 'paper', limit: 100, symbol }).rows.map(({ wash, ...one }) => [one.symbol, one.closeKey, wash?.disallowed])
  keepWashes(db.reader)
  const whole = page()
  expect(whole.filter(([, , disallowed]) => disallowed === '10')).toHaveLength(12)
  const few = keepWashes(db.reader, 4)
  for (const symbol of [...symbols, ...symbols]) {
    expect(page(symbol)).toEqual(whole.filter(([own]) => own === symbol))
    expect(few.count).toBeLessThanOrEqual(4)
  }
  await realizationsReady(db.reader, { environment: 'paper', limit: 100 }, { signal: new AbortController().signal, clock: { monotonicMs: () => 0 } })
  expect(few.count).toBe(12)
  expect(page()).toEqual(whole)
  expect(page('A')).toEqual(whole.filter(([own]) => own === 'A'))
})
