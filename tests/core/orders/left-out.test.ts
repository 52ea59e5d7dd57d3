import { describe, expect, test } from 'vitest'
import { deskView } from '../../../electron/core/orders/desk.ts'
import { createResolver } from '../../../electron/core/orders/resolve.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { setExcluded } from '../../../electron/core/store/accounts.ts'
import { insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { type OrderListQuery, orderKeys } from '../../../electron/core/store/order-list.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const { signal } = new AbortController()

/** An order that went out in the other account, which was left out after it. */
async function leftOut(outcome: 'unknown' | 'confirmed'): Promise<OrderDesk> {
  const desk = await orderDesk()
  const { db, clock, otherId } = desk
  const at = clock.now()
  const worth = { currency: 'USD', netLiquidation: Dec.of('9500'), cash: Dec.of('1'), buyingPower: null, asOf: at }
  desk.says.balances = [worth]
  const { id: connectionId, environment } = desk.connection
  insertIntent(db.writer, {
    id: 'int_o',
    accountId: otherId,
    connectionId,
    environment,
    kind: 'place',
    clientOrderId: 'o',
    draft: limitDraft(),
    ticket: null,
    hash: '',
    target: null,
    createdAt: at,
    sentAt: at,
  })
  settleIntent(db.writer, 'int_o', { outcome, externalId: outcome === 'confirmed' ? '77' : null, status: null, error: null, at })
  desk.says.otherOrders = outcome === 'confirmed' ? [brokerOrder({ externalId: '77' })] : []
  setExcluded(db.writer, otherId, true)
  clock.jump(2_000)
  desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf: clock.now() }))
  return desk
}

const stops = async (desk: OrderDesk): Promise<[string, string][]> =>
  (await desk.reviews.review(desk.ticket(), { signal })).stops.map(({ code, message }) => [code, message])
const shown = ({ db }: OrderDesk, state: OrderListQuery['state']): unknown[] => [...orderKeys(db.reader, { state, limit: 10 }).keys]

describe('an order in doubt in an account that was left out', () => {
  test('is named as what keeps others from opening', async () => {
    const desk = await leftOut('unknown')
    const [first] = await stops(desk)
    expect(first).toEqual(['order/stopped-open-value-unknown-all', expect.stringContaining('one of its orders is in doubt')])
  })

  test('stays among the open ones, until it is known', async () => {
    const desk = await leftOut('unknown')
    expect([shown(desk, 'open'), shown(desk, 'done')]).toEqual([[{ kind: 'intent', intentId: 'int_o' }], []])
    const none = { outcome: 'not-sent', externalId: null, status: null, error: null, at: desk.clock.now() } as const
    settleIntent(desk.db.writer, 'int_o', none)
    expect([shown(desk, 'open'), shown(desk, 'done')]).toEqual([[], []])
  })

  test('is looked for, and once it is found others may open', async () => {
    const desk = await leftOut('unknown')
    desk.says.otherOrders = [brokerOrder({ externalId: '77', clientOrderId: 'o', status: 'filled', filledQuantity: Dec.of('2') })]
    const resolver = createResolver(desk.core, { venues: desk.venues, onOutcome: () => undefined, isUnderWay: () => false })
    expect(await resolver.look('int_o')).toMatchObject({ outcome: 'confirmed', externalId: '77' })
    expect(await stops(desk)).toEqual([])
  })

  test('counts on the desk of its connection', async () => {
    const desk = await leftOut('unknown')
    const { kill, gate, arming, switches } = desk.deps
    const view = deskView({ reader: desk.db.reader, broker: () => brokers.alpaca, kill, gate, arming, switches }, 0)
    expect(view.connections).toMatchObject([{ unknown: 1, isReconciled: true, accounts: [{ accountId: desk.accountId }] }])
  })
})

test('An account that sent an order today and was left out since is read for the limits of all', async () => {
  const desk = await leftOut('confirmed')
  expect(await stops(desk)).toEqual([])
  expect(desk.asked).toContain('orders of key-222')
  expect(shown(desk, 'all')).toEqual([])
})
