import { describe, expect, test } from 'vitest'
import { guard, type Verdict } from '../../../electron/core/orders/guardrails.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { type FactChanges, factsWith } from './support/order-facts.ts'
import { positionOf } from './support/order-desk.ts'
import { placingDesk } from './support/placing-desk.ts'

const d = Dec.of
const verdict = (changes: FactChanges): Verdict => guard(factsWith(changes))
const stops = (changes: FactChanges): string[] => verdict(changes).stops.map(({ stop }) => stop)
const FUTURE = { symbol: '/GCG27', assetClass: 'future', quantity: d('1') } as const

describe('what closes', () => {
  const sale: FactChanges = { held: d('10'), draft: { side: 'sell' } }

  test('goes where nobody says what its currency is worth, or what one of it stands for', () => {
    expect(verdict({ ...sale, toAccountCurrency: null })).toMatchObject({ stops: [], needs: [], isClosing: true, worstValue: null })
    expect(verdict({ held: d('-2'), multiplier: null, draft: { ...FUTURE, side: 'buy' } })).toMatchObject({ stops: [], isClosing: true })
  })

  test('is held to the quantity all the same, and to the pace of a minute', () => {
    expect(stops({ ...sale, toAccountCurrency: null, limits: { maxQuantity: d('9') } })).toEqual(['quantity'])
    expect(stops({ ...sale, toAccountCurrency: null, sentLastMinute: 5 })).toEqual(['orders-per-minute'])
  })

  test('for an amount of money needs both: nobody could tell what it closes', () => {
    const amount = { side: 'sell', quantity: null, notional: d('100') } as const
    expect(stops({ ...sale, toAccountCurrency: null, draft: amount })).toEqual(['currency-unknown'])
  })

  test('is told from what opens, which does not go without either', () => {
    expect(stops({ toAccountCurrency: null })).toEqual(['currency-unknown'])
    expect(stops({ held: d('10'), toAccountCurrency: null, draft: { side: 'sell', quantity: d('11') } })).toEqual(['currency-unknown'])
    expect(stops({ multiplier: null, draft: { ...FUTURE, side: 'buy' } })).toEqual(['multiplier-unknown'])
  })

  test('in another currency than that of its account is reviewed and sent', async () => {
    const { desk, review, end } = await placingDesk()
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, currency: 'EUR' }))
    desk.says.positions = [{ ...positionOf('AAPL', '10'), currency: 'EUR' }]
    const reviewed = await review({ action: 'sell', limitPrice: d('100') })
    expect([reviewed.stops, reviewed.worstValue.amount]).toEqual([[], null])
    expect(await end(reviewed)).toBe('confirmed')
    expect((await review()).stops.map(({ code }) => code)).toContain('order/stopped-currency-unknown')
  })
})

describe('an order that says it opens', () => {
  const short = { side: 'sell', positionEffect: 'open' } as const

  test('does not go while the same is held the other way: a broker would close that', () => {
    expect(stops({ held: d('100'), draft: { ...short, quantity: d('50') } })).toEqual(['held-other-way'])
    expect(stops({ held: d('1'), multiplier: d('100'), draft: { ...FUTURE, ...short } })).toContain('held-other-way')
    const option = { symbol: 'AAPL261218C00250000', assetClass: 'option', quantity: d('1'), positionEffect: 'open' } as const
    expect(stops({ held: d('-1'), multiplier: d('100'), draft: { ...option, side: 'buy' } })).toContain('held-other-way')
    expect(verdict({ held: d('100'), draft: { ...short, quantity: d('50') } }).stops[0]?.details).toEqual({ symbol: 'AAPL', value: '100' })
  })

  test('goes where nothing is held, or more of the same', () => {
    expect(stops({ held: Dec.zero, draft: short })).toEqual([])
    expect(stops({ held: d('-10'), draft: short })).toEqual([])
    expect(stops({ held: d('10'), draft: {} })).toEqual([])
    // What closes says so.
    expect(stops({ held: d('10'), draft: { side: 'sell' } })).toEqual([])
  })
})

describe('an order for the opening alone', () => {
  const needs = (changes: FactChanges): readonly string[] => verdict(changes).needs

  test('asks for a yes in the middle of a session too, because that opening is over', () => {
    expect(needs({ session: 'open', draft: { timeInForce: 'opg' } })).toEqual(['market-closed'])
    expect(needs({ session: 'open', draft: { timeInForce: 'opg', type: 'limit', limitPrice: d('190') } })).toEqual(['market-closed'])
    expect(needs({ session: 'open', confirmed: ['market-closed'], draft: { timeInForce: 'opg' } })).toEqual([])
  })

  test('is not one for the close, which still comes', () => {
    expect(needs({ session: 'open', draft: { timeInForce: 'cls' } })).toEqual([])
  })

  test('says in its review what it waits for', async () => {
    const { review } = await placingDesk()
    const { needs: asked } = await review({ timeInForce: 'opg' })
    expect(asked).toEqual([
      {
        confirmation: 'market-closed',
        sentence: 'This order is for the opening alone: it waits for the next one, when prices may be others. Send it now?',
      },
    ])
  })
})

describe('whether the market is open', () => {
  const AT_MARKET: Partial<Ticket> = { type: 'market', limitPrice: null }

  test.each([
    ['a clock that is ahead', '2026-11-23T14:34:30Z', 290_000],
    ['a clock that is behind', '2026-11-20T20:59:00Z', -290_000],
  ])('goes by the time of the brokers, with %s', async (_, at, aheadMs) => {
    const { desk, review } = await placingDesk()
    desk.clock.jump(Instant.msBetween(desk.clock.now(), Instant.parse(at)))
    desk.says.aheadMs = aheadMs
    const asOf = Instant.plus(desk.clock.now(), -aheadMs)
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf }))
    expect((await review(AT_MARKET)).stops.map(({ code }) => code)).toEqual(['order/stopped-market-closed'])
  })
})
