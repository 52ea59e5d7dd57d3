import { describe, expect, test } from 'vitest'
import { createCancel } from '../../../electron/core/orders/cancel.ts'
import { placedView } from '../../../electron/core/orders/place.ts'
import { createResolver } from '../../../electron/core/orders/resolve.ts'
import { type Intent, insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { OrderStatus, PlacedOrder } from '../../../shared/domain/order.ts'
import { brokerOrder } from './support/order-books.ts'
import { orderDesk } from './support/order-desk.ts'

/** Cancels an order of which the broker then answers this. */
async function canceled(answer: () => Promise<PlacedOrder>): Promise<Intent> {
  const desk = await orderDesk()
  desk.says.cancel = answer
  return createCancel(desk.deps, { venues: desk.venues, onOutcome: () => undefined })(desk.accountId, '71')
}

/** The same, of which no answer came, and which is looked for. */
async function lookedFor(status: OrderStatus): Promise<Intent> {
  const desk = await orderDesk()
  const at = desk.clock.now()
  const { id: connectionId, environment } = desk.connection
  insertIntent(desk.db.writer, {
    id: 'int_c',
    accountId: desk.accountId,
    connectionId,
    environment,
    kind: 'cancel',
    clientOrderId: 'c',
    draft: null,
    ticket: null,
    hash: '',
    target: '71',
    createdAt: at,
    sentAt: at,
  })
  settleIntent(desk.db.writer, 'int_c', { outcome: 'unknown', externalId: '71', status: null, error: null, at })
  desk.says.orders = [brokerOrder({ externalId: '71', status, statusText: status.toUpperCase() })]
  return createResolver(desk.core, { venues: desk.venues, onOutcome: () => undefined, isUnderWay: () => false }).look('int_c')
}

const said = (intent: Intent) => {
  const { outcome, sentence, error } = placedView(intent)
  return { outcome, sentence, code: error?.code ?? null }
}

const ENDS = [
  ['filled', 'it was filled before'],
  ['expired', 'it ran out before'],
  ['rejected', 'the broker had refused it before'],
  ['replaced', 'another order had taken its place before'],
  ['unlisted', 'UNLISTED'],
] as const

describe('a cancellation that came too late', () => {
  test.each(ENDS)('for an order that is %s says so, and is no success', async (status, words) => {
    const late = { outcome: 'rejected', code: 'order/not-open' }
    const sentence = `The cancellation came too late. This order is done already: ${words}.`
    const answer = { externalId: '71', status, statusText: status.toUpperCase() }
    expect(said(await canceled(() => Promise.resolve(answer)))).toEqual({ ...late, sentence })
  })

  test.each(ENDS)('is told in the same words where it is looked for and the order is %s', async (status, words) => {
    const sentence = `The cancellation came too late. This order is done already: ${words}.`
    expect(said(await lookedFor(status))).toEqual({ outcome: 'rejected', code: 'order/not-open', sentence })
  })

  test('and was refused for it says why', async () => {
    const done = new AppError('order/not-open', { details: { status: 'FILLED' } })
    expect(said(await canceled(() => Promise.reject(done)))).toEqual({
      outcome: 'not-sent',
      code: 'order/not-open',
      sentence: 'The cancellation came too late. This order is done already: FILLED.',
    })
  })
})

test.each(['canceled', 'Cancelled', 'CANCELLED', 'ApiCancelled'])(
  'A cancellation of an order that was canceled before (%s) is what its user wanted, and says so',
  async status => {
    const intent = await canceled(() => Promise.reject(new AppError('order/not-open', { details: { status } })))
    const sentence = 'Nothing was left to cancel: it was canceled before.'
    expect(said(intent)).toEqual({ outcome: 'confirmed', code: null, sentence })
  },
)

test('A cancellation of an order that is still being canceled is none that was canceled before', async () => {
  const intent = await canceled(() => Promise.reject(new AppError('order/not-open', { details: { status: 'PendingCancel' } })))
  expect(said(intent).outcome).toBe('not-sent')
})

test.each([
  ['canceled', 'canceled'],
  ['working', 'pending_cancel'],
  ['partially-filled', 'PENDING_CANCEL'],
  ['other', 'Unwinding'],
] as const)('A cancellation is taken where the order is %s then (%s)', async (status, statusText) => {
  const intent = await canceled(() => Promise.resolve({ externalId: '71', status, statusText }))
  expect(said(intent)).toEqual({ outcome: 'confirmed', code: null, sentence: `The cancellation was taken: ${statusText}.` })
})
