import { expect, test } from 'vitest'
import type { OffMarket } from '../../../electron/core/orders/collar.ts'
import { isStillMeant, yesTo } from '../../../electron/core/orders/named.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

const about = { side: 'buy', collarPercent: Dec.of('5') } as const
const OFF: OffMarket = { price: Dec.of('106'), market: Dec.of('100') }

test('Only a yes to what a review asked counts', () => {
  expect(yesTo({ needs: ['duplicate', 'off-market'], offMarket: OFF }, ['off-market', 'market-closed'])).toEqual(['off-market'])
  expect(yesTo({ needs: [], offMarket: null }, ['off-market'])).toEqual([])
})

test('A price that is off no more is meant, whatever was named, and one that is off now is not where none was named', () => {
  expect([isStillMeant(about, OFF, null), isStillMeant(about, null, null), isStillMeant(about, null, OFF)]).toEqual([true, true, false])
})

test('A price that nothing calls old, and one that is called not old, are the same', () => {
  expect([isStillMeant(about, OFF, { ...OFF, isOld: false }), isStillMeant(about, { ...OFF, isOld: false }, OFF)]).toEqual([true, true])
})
