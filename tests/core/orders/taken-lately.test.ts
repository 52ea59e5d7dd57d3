import { describe, expect, test } from 'vitest'
import { notListed, type NotListed } from '../../../electron/core/orders/not-listed.ts'
import { insertIntent, type Intent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const { signal } = new AbortController()
type Sent = Partial<Pick<Intent, 'kind' | 'target' | 'outcome' | 'externalId' | 'createdAt'>>

function wentOut({ db, clock, accountId, connection }: OrderDesk, clientOrderId: string, changes: Sent = {}): void {
  const { kind = 'place', target = null, outcome = 'confirmed', externalId = clientOrderId, createdAt = clock.now() } = changes
  insertIntent(db.writer, {
    id: `int_${clientOrderId}`,
    accountId,
    connectionId: connection.id,
    environment: connection.environment,
    kind,
    clientOrderId,
    draft: limitDraft({ clientOrderId }),
    ticket: null,
    hash: '',
    target,
    createdAt,
    sentAt: clock.now(),
  })
  if (outcome !== 'sending')
    settleIntent(db.writer, `int_${clientOrderId}`, { outcome, externalId, status: 'new', error: null, at: clock.now() })
}

async function missing(desk: OrderDesk, error?: Error, listed = [brokerOrder({ externalId: 'x' })]): Promise<NotListed> {
  const venue = await desk.venue()
  const adapter = error ? { ...venue.adapter, orderStatus: () => Promise.reject(error) } : venue.adapter
  return notListed({ reader: desk.db.reader, clock: desk.clock }, { ...venue, adapter }, listed, { signal })
}
const idsOf = ({ asSent }: NotListed): string[] => asSent.map(({ externalId }) => externalId)

describe('an order that was taken a moment ago and is not listed', () => {
  test('works as it was sent, where its broker tells nothing of it', async () => {
    const desk = await orderDesk()
    wentOut(desk, 'a')
    desk.clock.jump(1_000)
    const at = Instant.plus(desk.clock.now(), -1_000)
    expect(await missing(desk)).toEqual({
      told: [],
      asSent: [
        {
          externalId: 'a',
          symbol: 'AAPL',
          side: 'buy',
          type: 'limit',
          timeInForce: 'day',
          quantity: '2',
          filledQuantity: '0',
          limitPrice: '100',
          stopPrice: null,
          averageFillPrice: null,
          status: 'working',
          statusText: 'new',
          submittedAt: at,
          updatedAt: at,
        },
      ],
    })
    expect(desk.asked).toEqual(['status of a'])
  })

  test('is one that was taken, and has a number: not one that was refused, is in doubt or was settled by the user', async () => {
    const desk = await orderDesk()
    for (const outcome of ['rejected', 'unknown', 'not-sent', 'sending'] as const) wentOut(desk, outcome, { outcome })
    wentOut(desk, 'by-hand', { externalId: null })
    wentOut(desk, 'taken')
    expect(idsOf(await missing(desk))).toEqual(['taken'])
    expect(desk.asked).toEqual(['status of taken'])
  })

  test('is one that is listed under neither of its names', async () => {
    const desk = await orderDesk()
    for (const name of ['a', 'b', 'c']) wentOut(desk, name)
    const listed = [brokerOrder({ externalId: 'a' }), brokerOrder({ externalId: 'x', clientOrderId: 'b' })]
    expect(idsOf(await missing(desk, undefined, listed))).toEqual(['c'])
  })

  test('is not one whose place another one took', async () => {
    const desk = await orderDesk()
    wentOut(desk, 'old')
    desk.clock.jump(1)
    wentOut(desk, 'new', { kind: 'replace', target: 'old' })
    expect(idsOf(await missing(desk))).toEqual(['new'])
  })

  test.each<ErrorCode>(['net/offline', 'broker/unreadable', 'order/not-found'])(
    'works as it was sent where asking ends with %s',
    async code => {
      const desk = await orderDesk()
      wentOut(desk, 'a')
      expect(idsOf(await missing(desk, new AppError(code)))).toEqual(['a'])
    },
  )

  test.each<Error>([
    new AppError('app/canceled'),
    new AppError('auth/sign-in-needed'),
    new AppError('vault/locked'),
    new TypeError('a mistake of our own'),
  ])('is not guessed at where nothing can be asked any more: $message', async error => {
    const desk = await orderDesk()
    wentOut(desk, 'a')
    await expect(missing(desk, error)).rejects.toBe(error)
  })
})
