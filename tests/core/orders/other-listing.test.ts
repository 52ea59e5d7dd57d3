import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()

describe('what goes by the same name', () => {
  test('in another currency is not what an order sells', async () => {
    const desk = await orderDesk()
    desk.says.positions = [{ ...positionOf('AAPL', '10'), currency: 'CAD' }]
    const stops = async (): Promise<string[]> =>
      (await desk.reviews.review(desk.ticket({ action: 'sell' }), { signal })).stops.map(({ code }) => code)
    expect(await stops()).toEqual(['order/stopped-more-than-held'])
    desk.says.positions = [...desk.says.positions, positionOf('AAPL', '10')]
    expect(await stops()).toEqual([])
    desk.says.positions = [{ ...positionOf('AAPL', '-10'), currency: 'CAD' }, positionOf('AAPL', '10')]
    expect(await stops()).toEqual([])
  })

  test.each(['other', 'bond', 'index'] as const)(
    'and is %s, as a contract for difference is, is not what an order sells',
    async assetClass => {
      const desk = await orderDesk()
      desk.says.positions = [{ ...positionOf('AAPL', '10'), assetClass }]
      const { stops } = await desk.reviews.review(desk.ticket({ action: 'sell' }), { signal })
      expect(stops.map(({ code }) => code)).toEqual(['order/stopped-more-than-held'])
      desk.says.positions = [{ ...positionOf('AAPL', '10'), assetClass: 'fund' }]
      expect((await desk.reviews.review(desk.ticket({ action: 'sell' }), { signal })).stops).toEqual([])
    },
  )

  test('in another currency covers no call', async () => {
    const desk = await orderDesk()
    const symbol = 'AAPL261218C00100000'
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, symbol, bid: d('5'), ask: d('5'), last: d('5') }))
    const call = { symbol, assetClass: 'option', action: 'sell-to-open', quantity: d('1'), limitPrice: d('5') } as const
    const worst = async (): Promise<string | null> => (await desk.reviews.review(desk.ticket(call), { signal })).worstValue.amount
    desk.says.positions = [positionOf('AAPL', '100')]
    expect(await worst()).toBe('525')
    desk.says.positions = [{ ...positionOf('AAPL', '100'), currency: 'CAD' }]
    expect(await worst()).toBe('10525')
  })
})
