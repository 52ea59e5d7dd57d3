import { describe, expect, test } from 'vitest'
import { insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { writeLimits } from '../../../electron/core/store/order-limits.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'
import { askingDesk } from './support/asking-desk.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import type { OrderDesk } from './support/order-desk.ts'

const d = Dec.of

/** Sends an order in the other account, which its broker lists from then on. */
function goesOut(desk: OrderDesk, quantity: string): void {
  const { db, otherId, connection, clock, says } = desk
  const id = `int_other_${says.otherOrders.length}`
  const draft = limitDraft({ clientOrderId: id, quantity: d(quantity), limitPrice: d('100') })
  clock.jump(1)
  const at = clock.now()
  const about = { accountId: otherId, connectionId: connection.id, environment: connection.environment, kind: 'place' as const }
  insertIntent(db.writer, { id, ...about, clientOrderId: id, draft, ticket: null, hash: '', target: null, createdAt: at, sentAt: at })
  settleIntent(db.writer, id, { outcome: 'confirmed', externalId: id, status: null, error: null, at })
  says.otherOrders = [...says.otherOrders, brokerOrder({ externalId: id, quantity: d(quantity), limitPrice: d('100') })]
}

/** A program that orders directly, and another order that goes out with some of the readings of what its account holds. */
async function racing({ during, quantity = '5' }: { readonly during: readonly number[]; readonly quantity?: string }) {
  const asking = await askingDesk('direct')
  const { desk } = asking
  writeLimits(desk.db.writer, null, { ...STARTING_LIMITS, maxOpenValue: d('2000') }, desk.clock.now())
  const { adapter } = await desk.venue()
  const { positions } = adapter
  let readings = 0
  Object.assign(adapter, {
    positions(...asked: Parameters<typeof positions>) {
      if (asked[0] === 'key-222') return positions(...asked)
      readings += 1
      if (during.includes(readings)) goesOut(desk, quantity)
      return positions(...asked)
    },
  })
  return { ...asking, readings: () => readings }
}

describe('an order of a program, while another one goes out in another account', () => {
  test.each([
    ['it is reviewed', 1],
    ['it is measured right before it goes', 2],
  ])('is measured once more with that one where %s, and goes', async (_, during) => {
    const { ask, readings } = await racing({ during: [during] })
    expect(await ask()).toMatchObject({ state: 'placed' })
    expect(readings()).toBe(3)
  })

  test.each([1, 2])('is declined where both are over the limit together', async during => {
    const { ask } = await racing({ during: [during], quantity: '10.01' })
    const { state, placed } = await ask()
    expect([state, placed?.sentence]).toEqual(['declined', expect.stringContaining('together would be worth 2001 USD')])
  })

  test.each([[[1, 2]], [[2, 3]]])('is declined where yet another goes out with the second reading', async during => {
    const { ask, readings } = await racing({ during, quantity: '1' })
    const { state, placed } = await ask()
    expect([state, placed?.sentence]).toEqual(['declined', expect.stringMatching(/^An order went out in Account 222 .* this moment/)])
    expect(readings()).toBe(Math.max(...during))
  })
})
