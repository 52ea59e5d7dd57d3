import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LotBook, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LOT_METHODS, type LotMethod } from '../../../../shared/domain/lot-method.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const ONE = Dec.of('1')
const plain = { day: LocalDate.of('2026-03-02'), multiplier: ONE, costs: Dec.zero, effect: null } as const

/** Fills of whole shares at whole prices, and behind them anything. */
const early = fc.array(
  fc.tuple(
    fc.integer({ min: -30, max: 60 }).filter(size => size !== 0),
    fc.integer({ min: 1, max: 99 }),
  ),
  { minLength: 33, maxLength: 50 },
)
const late = fc.array(
  fc.record({
    kind: fc.constantFrom('fill', 'fill', 'split'),
    size: fc.integer({ min: -400, max: 900 }).filter(size => size !== 0),
    places: fc.nat(6),
    price: fc.integer({ min: 1, max: 99_999 }),
    cents: fc.nat(9),
    multiplier: fc.constantFrom('1', '1', '100', '0.125'),
    costs: fc.constantFrom('0', '0.35', '0.0000000125'),
  }),
  { minLength: 1, maxLength: 20 },
)

const events = fc.tuple(early, late).map(([first, rest]): LotEvent[] => [
  ...first.map(([size, price], at): LotEvent => ({
    ...plain,
    key: `e${at}`,
    kind: 'fill',
    quantity: Dec.of(String(size)),
    price: Dec.of(String(price)),
  })),
  ...rest.map(({ kind, size, places, price, cents, multiplier, costs }, at): LotEvent => ({
    ...plain,
    key: `l${at}`,
    kind,
    quantity: Dec.ofDigits(String(Math.abs(size)), size < 0, places),
    price: kind === 'split' ? null : Dec.ofDigits(String(price), false, cents),
    multiplier: Dec.of(multiplier),
    costs: Dec.of(costs),
  })),
])

/** A few events at a time, each time with the decimals of all of them. */
function inParts(all: readonly LotEvent[], method: LotMethod): Pick<LotBook, 'lots' | 'realizations' | 'gaps'> {
  let book = matchLots([], method)
  const realizations: LotBook['realizations'][number][] = []
  const gaps: LotBook['gaps'][number][] = []
  for (let from = 0; from < all.length; from += 16) {
    book = matchLots(all.slice(from, from + 16), method, book)
    realizations.push(...book.realizations)
    gaps.push(...book.gaps)
  }
  return { lots: book.lots, realizations, gaps }
}

describe('a long book', () => {
  test.each(LOT_METHODS)('by %s, comes to the same whether its decimals show at its start or late', method => {
    fc.assert(
      fc.property(events, all => {
        const { lots, realizations, gaps } = matchLots(all, method)
        expect({ lots, realizations, gaps }).toEqual(inParts(all, method))
      }),
      { numRuns: 150 },
    )
  })

  test('of whole shares splits fractions that came late to the ninth decimal', () => {
    const bought = Array.from({ length: 40 }, (_, at): LotEvent => ({
      ...plain,
      key: `b${at}`,
      kind: 'fill',
      quantity: Dec.of('0.1'),
      price: ONE,
    }))
    const book = matchLots([...bought, { ...plain, key: 's', kind: 'split', quantity: Dec.of('0.1'), price: null }], 'fifo')
    expect(book.lots.slice(0, 2).map(({ quantity }) => quantity)).toEqual(['0.1025', '0.1025'])
  })
})
