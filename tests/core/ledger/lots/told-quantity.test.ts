import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotRow, type RowOverride } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { costOfLot } from './support/sums.ts'
import { lotRow } from './support/row.ts'

const d = Dec.of
const held = (row: LotRow, said: RowOverride): unknown =>
  matchLots(lotEvents([row], { overrides: new Map([[row.externalId, said]]) }).events, 'fifo').lots.map(lot => [lot.quantity, costOfLot(lot)])

describe('how many there were, told by the user', () => {
  const paid = lotRow({ id: 1, side: 'buy', quantity: '9', amount: '-1000', assetClass: 'fund' })

  test('leaves what was paid where the broker states no price', () => {
    expect(held(paid, { quantity: d('10') })).toEqual([['10', '1000']])
  })

  test('with other fees beside it changes what was paid by what they differ', () => {
    expect(held(paid, { quantity: d('10'), fees: d('3') })).toEqual([['10', '1003']])
  })

  test('at a price, the broker\u2019s or the user\u2019s own, cost that price', () => {
    expect(held({ ...paid, price: d('100') }, { quantity: d('10') })).toEqual([['10', '1000']])
    expect(held(paid, { quantity: d('10'), price: d('101') })).toEqual([['10', '1010']])
    expect(held({ ...paid, price: d('100') }, { quantity: d('8') })).toEqual([['8', '800']])
  })
})
