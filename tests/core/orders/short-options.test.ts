import { describe, expect, test } from 'vitest'
import { guard } from '../../../electron/core/orders/guardrails.ts'
import { restingShort, shortOption } from '../../../electron/core/orders/short-options.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { factsWith, quoteAt } from './support/order-facts.ts'

const CALL = 'AAPL261218C00250000'
const PUT = 'AAPL261218P00150000'
const selling = (changes: Partial<OrderDraft> = {}): OrderDraft =>
  limitDraft({
    symbol: CALL,
    assetClass: 'option',
    side: 'sell',
    positionEffect: 'open',
    quantity: Dec.of('2'),
    limitPrice: Dec.of('4'),
    ...changes,
  })
const position = (symbol: string, quantity: string) => ({ symbol, quantity: Dec.of(quantity) })
const uncovered = (
  positions: readonly ReturnType<typeof position>[],
  orders: readonly ReturnType<typeof brokerOrder>[] = [],
  draft = selling(),
) => {
  const short = shortOption({ positions, orders }, draft, null)
  return short && [short.uncovered, short.uncoveredAll]
}

describe('a call that is sold to open', () => {
  test('is covered by shares of the account, a whole contract at a time', () => {
    expect(uncovered([])).toEqual(['2', '2'])
    expect(uncovered([position('AAPL', '100')])).toEqual(['1', '1'])
    expect(uncovered([position('AAPL', '199')])).toEqual(['1', '1'])
    expect(uncovered([position('AAPL', '200')])).toEqual(['0', '0'])
    expect(uncovered([position('AAPL', '-200')])).toEqual(['2', '2'])
    expect(uncovered([position('MSFT', '500')])).toEqual(['2', '2'])
  })

  test('is not covered by shares that resting sales or other calls need', () => {
    const shares = position('AAPL', '300')
    expect(uncovered([shares], [brokerOrder({ side: 'sell', quantity: Dec.of('200') })])).toEqual(['1', '1'])
    expect(uncovered([shares], [brokerOrder({ side: 'sell', quantity: null })])).toEqual(['2', '2'])
    expect(uncovered([shares], [brokerOrder({ side: 'buy', quantity: Dec.of('200') })])).toEqual(['0', '0'])
    expect(uncovered([shares, position('AAPL261218C00260000', '-2')])).toEqual(['1', '1'])
    expect(uncovered([shares], [brokerOrder({ symbol: 'AAPL261218C00260000', side: 'sell', quantity: Dec.of('3') })])).toEqual(['2', '2'])
  })

  test('counts with what is short and rests of it already', () => {
    expect(uncovered([position('AAPL', '100'), position(CALL, '-2')])).toEqual(['2', '3'])
    expect(uncovered([position('AAPL', '300')], [brokerOrder({ symbol: CALL, side: 'sell', quantity: Dec.of('2') })])).toEqual(['1', '1'])
  })

  test('makes room for the order it replaces, and is not covered by what others need', () => {
    const order = brokerOrder({ externalId: 'old', symbol: CALL, side: 'sell', quantity: Dec.of('1') })
    const told = { positions: [position('AAPL', '200')], orders: [order] }
    expect(shortOption(told, selling(), null)?.uncovered).toBe('1')
    expect(shortOption(told, selling(), 'old')?.uncovered).toBe('0')
  })

  test('is covered as well beside calls on other stocks', () => {
    const shares = position('AAPL', '200')
    expect(uncovered([shares, position('MSFT261218C00250000', '-2')])).toEqual(['0', '0'])
    expect(uncovered([shares], [brokerOrder({ symbol: 'MSFT261218C00250000', side: 'sell' })])).toEqual(['0', '0'])
  })

  test.each(['sell', 'buy', null] as const)('is not covered by shares that an order nobody can read may sell by the contract: %s', side => {
    const unread = (quantity: string | null): ReturnType<typeof brokerOrder> =>
      brokerOrder({ symbol: null, side, quantity: quantity === null ? null : Dec.of(quantity) })
    expect(uncovered([position('AAPL', '300')], [unread('1')])).toEqual(['0', '0'])
    expect(uncovered([position('AAPL', '300')], [unread('2')])).toEqual(['1', '1'])
    expect(uncovered([position('AAPL', '300')], [unread(null)])).toEqual(['2', '2'])
  })

  test('is measured with its strike where nothing covers it, and by its premium where shares do', () => {
    const verdict = (short: ReturnType<typeof shortOption>) =>
      guard(factsWith({ draft: selling(), quote: quoteAt('4', '4.1'), multiplier: Dec.of('100'), short }))
    const naked = verdict(shortOption({ positions: [], orders: [] }, selling(), null))
    // Two times a hundred at 250, and the premium of what is asked with its slip.
    expect(naked.worstValue).toBe('50861')
    expect(naked.stops.map(({ stop }) => stop)).toEqual(['notional', 'position', 'open-value'])
    const covered = verdict(shortOption({ positions: [position('AAPL', '200')], orders: [] }, selling(), null))
    expect(covered).toMatchObject({ worstValue: '861', stops: [] })
  })
})

test('A put that is sold to open is paid at its strike, and shares cover none', () => {
  expect(shortOption({ positions: [position('AAPL', '500')], orders: [] }, selling({ symbol: PUT }), null)).toEqual({
    strike: '150',
    uncovered: '2',
    uncoveredAll: '2',
  })
})

test('What is bought, closed or no option has nothing to deliver', () => {
  const told = { positions: [], orders: [] }
  for (const draft of [
    selling({ side: 'buy' }),
    selling({ positionEffect: 'close' }),
    limitDraft({ side: 'sell', positionEffect: 'open' }),
    // An amount of money, and an adjusted contract, of which only the broker knows what it delivers.
    selling({ quantity: null, notional: Dec.of('500') }),
    selling({ symbol: 'AAPL1261218C00250000' }),
  ])
    expect(shortOption(told, draft, null)).toBeNull()
})

describe('an option on a future that is sold to open', () => {
  const FUTURE_CALL = './ESZ26 EW4X26 261127C6000'
  const future = (symbol: string, positions: readonly ReturnType<typeof position>[]): unknown =>
    shortOption({ positions, orders: [] }, selling({ symbol, assetClass: 'future-option', quantity: Dec.of('1') }), null)

  test('is covered by as many of its future as one counts of its price', () => {
    expect(future(FUTURE_CALL, [])).toEqual({ strike: '6000', uncovered: '1', uncoveredAll: '1' })
    expect(future(FUTURE_CALL, [position('/ESZ26', '50')])).toMatchObject({ uncovered: '0' })
    expect(future(FUTURE_CALL, [position('/ESH27', '50')])).toMatchObject({ uncovered: '1' })
  })

  test('to sell is not covered', () => {
    expect(future('./ESZ26 EW4X26 261127P5500', [position('/ESZ26', '50')])).toEqual({ strike: '5500', uncovered: '1', uncoveredAll: '1' })
  })
})

describe('what a resting order may have to deliver', () => {
  const order = brokerOrder({ symbol: CALL, side: 'sell', quantity: Dec.of('3') })
  const owed = (
    positions: readonly ReturnType<typeof position>[],
    before: readonly ReturnType<typeof brokerOrder>[] = [],
    of = order,
  ): string => restingShort({ positions, before }, of)

  test('is its strike for each contract beyond those that are held, as far as nothing covers it', () => {
    expect(owed([])).toBe('75000')
    expect(owed([position(CALL, '2')])).toBe('25000')
    expect(owed([position(CALL, '3')])).toBe('0')
    expect(owed([position(CALL, '2'), position('AAPL', '100')])).toBe('0')
    expect(owed([position(CALL, '-2')])).toBe('75000')
  })

  test('is more where sales before it take what is held, and not where purchases or others do', () => {
    const before = (changes: Partial<ReturnType<typeof brokerOrder>>): ReturnType<typeof brokerOrder> =>
      brokerOrder({ symbol: CALL, side: 'sell', quantity: Dec.of('2'), ...changes })
    expect(owed([position(CALL, '3')], [before({})])).toBe('50000')
    expect(owed([position(CALL, '3')], [before({ side: null })])).toBe('50000')
    expect(owed([position(CALL, '3')], [before({ side: 'buy' })])).toBe('0')
    expect(owed([position(CALL, '3')], [before({ symbol: PUT })])).toBe('0')
  })

  test('is nothing for a purchase, and for what nobody can read', () => {
    expect(owed([], [], { ...order, side: 'buy' })).toBe('0')
    expect(owed([], [], { ...order, symbol: null })).toBe('0')
    expect(owed([], [], { ...order, symbol: 'AAPL' })).toBe('0')
  })
})
