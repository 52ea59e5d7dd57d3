import { describe, expect, test } from 'vitest'
import { guard } from '../../../electron/core/orders/guardrails.ts'
import { shortOption } from '../../../electron/core/orders/short-options.ts'
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

  test('is measured with its strike where nothing covers it, and by its premium where shares do', () => {
    const verdict = (short: ReturnType<typeof shortOption>) =>
      guard(factsWith({ draft: selling(), quote: quoteAt('4', '4.1'), multiplier: Dec.of('100'), short }))
    const naked = verdict(shortOption({ positions: [], orders: [] }, selling(), null))
    // Two times a hundred at 250, and the premium with its slip.
    expect(naked.worstValue).toBe('50840')
    expect(naked.stops.map(({ stop }) => stop)).toEqual(['notional', 'position', 'open-value'])
    const covered = verdict(shortOption({ positions: [position('AAPL', '200')], orders: [] }, selling(), null))
    expect(covered).toMatchObject({ worstValue: '840', stops: [] })
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
  ])
    expect(shortOption(told, draft, null)).toBeNull()
})
