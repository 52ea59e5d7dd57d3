import fc from 'fast-check'
import type { LotEvent } from '../../../../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'

const DAY = LocalDate.of('2026-03-02')
const ONE = Dec.of('1')

/** Decimals of up to `most`, with up to so many places. */
export const digits = (most: number, places: number): fc.Arbitrary<Dec> =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 0, max: places })).map(([whole, scale]) => Dec.ofDigits(String(whole), false, scale))

/** Whole shares, fractions of nine decimals, contracts, and amounts beyond what a double holds. */
const quantities = fc.oneof(digits(500, 0), digits(10_000, 4), digits(2 ** 31, 9), digits(2 ** 50, 2))
const prices = fc.oneof(digits(99_999, 2), digits(9_999_999, 4), digits(2 ** 45, 6))
const money = fc.oneof(fc.constant(Dec.zero), digits(999, 2), digits(999_999, 5), digits(99, 2).map(Dec.neg))

/** Purchases and sales, all of which may open a position. */
export const fills = fc
  .array(fc.record({ isSale: fc.boolean(), quantity: quantities, price: prices, costs: money, multiplier: fc.constantFrom(ONE, ONE, Dec.of('100')) }), { minLength: 1, maxLength: 40 })
  .map(list => list.map(({ isSale, quantity, ...rest }, at): LotEvent => ({ key: `e${at}`, kind: 'fill', day: DAY, quantity: isSale ? Dec.neg(quantity) : quantity, effect: 'open', ...rest })))

/** Everything that can happen, also what makes no sense. */
export const anything = fc
  .array(
    fc.record({
      kind: fc.constantFrom('fill', 'fill', 'fill', 'fill', 'split', 'receive', 'deliver', 'exchange', 'end'), isSale: fc.boolean(), quantity: fc.oneof(digits(50, 0), digits(5000, 3)),
      price: fc.option(prices, { freq: 6 }), value: fc.option(money.map(Dec.abs)), costs: money, effect: fc.constantFrom('open', 'close', null), pick: fc.nat(40), short: fc.option(digits(60, 0), { freq: 2 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map(list =>
    list.map(({ isSale, quantity, pick, short, kind, ...rest }, at): LotEvent => ({
      key: `e${at}`, day: DAY, kind, multiplier: ONE, quantity: kind === 'end' && at % 2 === 0 ? Dec.zero : isSale ? Dec.neg(quantity) : quantity, picks: pick < at ? [{ lot: `e${pick}`, quantity: Dec.of('2') }] : [],
      ...rest, ...(short !== null && kind === 'fill' && isSale && rest.effect === null ? { shortUpTo: short } : {}),
    })),
  )
