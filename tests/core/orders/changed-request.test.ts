import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { type PlaceOptions, placedView } from '../../../electron/core/orders/place.ts'
import { getIntent, insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import type { PlacedView } from '../../../shared/contract/orders.ts'
import { type Asking, askingDesk } from './support/asking-desk.ts'
import type { OrderDesk } from './support/order-desk.ts'

const d = Dec.of

/** What was reviewed, taken by a broker. */
function taken({ db, connection, reviews, clock }: OrderDesk, { reviewId }: PlaceOptions): PlacedView {
  const reviewed = reviews.untaken(reviewId)
  if (!reviewed) throw new Error('no review')
  const { ticket, draft } = reviewed
  const at = clock.now()
  const about = { accountId: ticket.accountId, connectionId: connection.id, environment: connection.environment, kind: 'place' as const }
  const rest = { clientOrderId: draft.clientOrderId, draft, ticket, hash: '', target: null, createdAt: at, sentAt: at }
  insertIntent(db.writer, { id: 'int_1', ...about, ...rest })
  settleIntent(db.writer, 'int_1', { outcome: 'confirmed', externalId: '71', status: 'new', error: null, at })
  const intent = getIntent(db.reader, 'int_1')
  if (!intent) throw new Error('no intent')
  return placedView(intent)
}

describe('a request the user changed before sending it', () => {
  test('is answered by what was reviewed, which its program and the record are told', async () => {
    const { desk, requests, ask, approve } = await askingDesk()
    const request = await ask({}, { id: 'mine' })
    const placed = await approve(request, { quantity: d('5'), limitPrice: d('99') })
    expect(placed).toMatchObject({ outcome: 'confirmed', sentence: 'The order was taken: new.' })
    const changed = 'The user changed it to: buy 5 AAPL, limit 99.00 USD, day. The order was taken: new.'
    const [view] = requests.list(request.id)
    expect(view).toMatchObject({ state: 'placed', ticket: { quantity: '10' }, placed: { intentId: placed.intentId, sentence: changed } })
    expect((await ask({}, { id: 'mine' })).placed?.sentence).toBe(changed)
    expect(desk.core.audit.page({ limit: 10 }).rows.map(({ sentence }) => sentence)).toContain(
      'The request of a script was approved, changed to: buy 5 AAPL, limit 99.00 USD, day.',
    )
    expect(desk.asked.filter(one => one === 'place')).toHaveLength(1)
  })

  test('and that was sent as it was asked for says nothing of a change', async () => {
    const { requests, ask, approve } = await askingDesk()
    const request = await ask({ symbol: 'aapl' })
    await approve(request)
    expect(requests.list(request.id)[0]).toMatchObject({ changedTo: null, placed: { sentence: 'The order was taken: new.' } })
  })

  test('is told to its program as a ticket, beside the one it asked for', async () => {
    const { desk, requests, ask, approve } = await askingDesk()
    const request = await ask({ quantity: d('10') }, { id: 'mine' })
    expect(request.changedTo).toBeNull()
    await approve(request, { quantity: d('5') })
    const changedTo = desk.ticket({ quantity: d('5') })
    expect(requests.list(request.id)[0]).toMatchObject({ ticket: { quantity: '10' }, changedTo })
    expect(await ask({ quantity: d('10') }, { id: 'mine' })).toMatchObject({ changedTo })
  })

  test('names the account it went to, and the hours, where those were changed', async () => {
    const asking: Asking = await askingDesk('approve', () => Object.assign((how: PlaceOptions) => Promise.resolve(taken(asking.desk, how)), {}))
    const { desk, requests, ask, approve } = asking
    const request = await ask()
    await approve(request, { accountId: desk.otherId, extendedHours: true })
    const words = 'buy 10 AAPL, limit 100.00 USD, day, with extended hours, in Account 222 ••••222'
    expect(requests.list(request.id)[0]?.placed?.sentence).toContain(`The user changed it to: ${words}. `)
    expect(requests.list(request.id)[0]?.changedTo).toMatchObject({ accountId: desk.otherId, extendedHours: true })
    const row = desk.core.audit.page({ limit: 10 }).rows.find(({ kind }) => kind === 'order.request-placed')
    expect(row).toMatchObject({ accountId: desk.otherId, sentence: `The request of a script was approved, changed to: ${words}.` })
  })

  test('says where the extended hours were taken out', async () => {
    const { requests, ask, approve } = await askingDesk()
    const request = await ask({ extendedHours: true })
    await approve(request, { extendedHours: false })
    const words = 'buy 10 AAPL, limit 100.00 USD, day, without extended hours'
    expect(requests.list(request.id)[0]?.placed?.sentence).toBe(`The user changed it to: ${words}. The order was taken: new.`)
  })

  test('is over with that: the order it asked for does not go as well', async () => {
    const { ask, approve } = await askingDesk()
    const request = await ask()
    await approve(request, { quantity: d('5') })
    await expect(approve(request)).rejects.toMatchObject({ code: 'order/request-gone' })
  })
})
