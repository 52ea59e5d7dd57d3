import { describe, expect, test } from 'vitest'
import { Refused } from '../../support/test-core.ts'
import { tradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

describe('a program that fills the record', () => {
  test('switches trading on twenty times a minute at most, and off whenever it was on', async () => {
    await using house = await tradingHouse('alpaca', { takesOldPrices: false })
    const { call, ports } = house.app
    const to = (on: boolean): Promise<string> =>
      call('orders.setTrading', { connectionId: house.connectionId, on }).then(() => 'done', codeOf)
    ports.clock.jump(60_000)
    for (let turn = 0; turn < 20; turn += 1) expect([await to(false), await to(true)]).toEqual(['done', 'done'])
    expect([await to(false), await to(true)]).toEqual(['done', 'order/too-many'])
    expect((await call('orders.desk', {})).connections[0]?.isOn).toBe(false)
    ports.clock.jump(60_000)
    expect(await to(true)).toBe('done')
  })

  test('is refused wider limits then, and never narrower ones', async () => {
    await using house = await tradingHouse('alpaca', { takesOldPrices: false })
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    const set = (quoteMaxAgeMs: number): Promise<string> =>
      call('orders.setLimits', { accountId: null, limits: { ...global, quoteMaxAgeMs } }).then(() => 'done', codeOf)
    for (let turn = 0; turn < 20; turn += 1) expect([await set(2_000), await set(3_000)]).toEqual(['done', 'done'])
    expect([await set(2_000), await set(3_000)]).toEqual(['done', 'order/too-many'])
  })

  test('leaves no row with a kill switch that was not pulled', async () => {
    await using house = await tradingHouse('alpaca', { takesOldPrices: false })
    const { call } = house.app
    const rows = async (): Promise<number> => (await call('audit.verify', {})).rows
    const before = await rows()
    await call('orders.rearm', { phrase: 'TRADE' })
    expect(await rows()).toBe(before)
  })
})
