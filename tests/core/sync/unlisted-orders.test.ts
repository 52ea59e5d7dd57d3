import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { closeUnlisted } from '../../../electron/core/sync/unlisted-orders.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { orderKeys } from '../../../electron/core/store/order-list.ts'
import { oldestOpenOrder, orderOf, upsertOrders } from '../../../electron/core/store/orders.ts'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { brokerOrder } from '../orders/support/order-books.ts'
import { orderDesk } from '../orders/support/order-desk.ts'

const d = Dec.of
const minute = 60_000

/** An account whose stop order worked when it was read, some minutes ago; since then its broker lists nothing. */
async function house({ minutes = 6, ...changes }: Partial<BrokerOrder> & { readonly minutes?: number } = {}) {
  const { db, clock, accountId, events } = await orderDesk()
  const at = clock.now()
  const stop = brokerOrder({
    externalId: 'stop',
    type: 'STP',
    side: 'sell',
    statusText: 'PreSubmitted',
    submittedAt: at,
    updatedAt: at,
    ...changes,
  })
  upsertOrders(db.writer, accountId, [stop], at)
  await clock.advance(minutes * minute)
  const asked: string[] = []
  const gone = new AbortController()
  return {
    db,
    accountId,
    clock,
    stop,
    asked,
    events,
    gone,
    run: (answer: (id: string) => BrokerOrder | ErrorCode) =>
      closeUnlisted(
        {
          db,
          clock,
          lease: { between: async run => run() },
          emit: event => void events.push(event),
          adapter: {
            orderStatus: async (_, id) => {
              asked.push(id)
              const told = answer(id)
              if (typeof told === 'string') throw new AppError(told)
              return told
            },
          },
        },
        { id: accountId, brokerKey: 'key' },
        { signal: gone.signal },
      ),
    shown: () => orderOf(db.reader, accountId, 'stop'),
    open: () => orderKeys(db.reader, { state: 'open', limit: 10 }).keys.length,
    done: () => orderKeys(db.reader, { state: 'done', limit: 10 }).keys.length,
    sentences: () => orderEvents(db.reader, { accountId, externalId: 'stop', intentId: null }).map(({ detail }) => detail.sentence),
  }
}

describe('an order its broker lists no longer', () => {
  test('is asked for, and stands as the broker tells it', async () => {
    const it = await house()
    await it.run(() => ({ ...it.stop, status: 'expired', statusText: 'Expired', updatedAt: it.clock.now() }))
    expect(it.asked).toEqual(['stop'])
    expect(it.shown()?.status).toBe('expired')
    expect(it.events).toContainEqual({ type: 'orders.changed' })
  })

  test('leaves the open ones where the broker does not know it any more, and says no more than is known', async () => {
    const it = await house()
    await it.run(() => 'order/not-found')
    expect(it.shown()).toMatchObject({ status: 'unlisted', statusText: 'PreSubmitted', filledQuantity: '0' })
    expect([it.open(), it.done(), oldestOpenOrder(it.db.reader, it.accountId)]).toEqual([0, 1, null])
    expect(it.sentences()).toEqual(['The broker lists this order no longer; what became of it is not known.'])
    await it.run(() => 'order/not-found')
    expect(it.asked).toEqual(['stop'])
  })

  test('says what had filled of it', async () => {
    const it = await house({ quantity: d('10'), filledQuantity: d('4'), status: 'partially-filled' })
    await it.run(() => 'order/not-found')
    expect(it.shown()).toMatchObject({ status: 'unlisted', filledQuantity: '4' })
    expect(it.sentences().at(-1)).toBe(
      'The broker lists this order no longer; what became of it is not known. Its fills say that 4 of 10 filled.',
    )
  })

  test.each([
    ['10', 'filled', '10', ['10 more filled: 10 of 10.']],
    [
      '3',
      'unlisted',
      '3',
      [
        '3 more filled: 3 of 10.',
        'The broker lists this order no longer; what became of it is not known. Its fills say that 3 of 10 filled.',
      ],
    ],
  ])('is as far filled as the history says: %s of 10 is %s', async (quantity, status, filled, sentences) => {
    const it = await house({ quantity: d('10') })
    it.db.writer.run(sql`
      INSERT INTO activities (account, external_id, content_hash, sort_at, trade_date, kind, broker_type, symbol, side, quantity, fees, currency,
        order_id, status, as_of, fetched_at, raw)
      SELECT n, 'x1', 'h', 1795186801000000, '2026-11-20', 'trade', 'BOT', 'AAPL', 'sell', ${`-${quantity}`}, '[]', 'USD', 'stop', 'active', 0, 0, ''
      FROM accounts WHERE id = ${it.accountId}`)
    await it.run(() => 'order/not-found')
    expect(it.shown()).toMatchObject({ status, filledQuantity: filled })
    expect(it.sentences()).toEqual(sentences)
  })

  test('works again once it is listed again', async () => {
    const it = await house()
    await it.run(() => 'order/not-found')
    upsertOrders(it.db.writer, it.accountId, [it.stop], it.clock.now())
    expect([it.shown()?.status, it.open()]).toEqual(['working', 1])
  })

  test('stays as it was where it was seen a moment ago, because a list may be behind', async () => {
    const it = await house({ minutes: 4 })
    await it.run(() => 'order/not-found')
    expect([it.asked, it.shown()?.status]).toEqual([[], 'working'])
  })

  test.each(['broker/unavailable', 'order/not-shown', 'auth/sign-in-needed', 'app/canceled'] as const)(
    'stays as it was where it cannot be asked for: %s',
    async code => {
      const it = await house()
      await it.run(() => code)
      expect([it.asked, it.shown()?.status, it.open()]).toEqual([['stop'], 'working', 1])
    },
  )

  test('is asked for though another before it cannot be, and not once the sign-in ended', async () => {
    const it = await house()
    upsertOrders(it.db.writer, it.accountId, [{ ...it.stop, externalId: 'a' }], it.stop.submittedAt)
    await it.run(id => (id === 'a' ? 'broker/unavailable' : 'order/not-found'))
    expect([it.asked, it.shown()?.status]).toEqual([['a', 'stop'], 'unlisted'])
    await it.run(() => 'auth/sign-in-needed')
    expect(it.asked).toEqual(['a', 'stop', 'a'])
  })

  test('is left alone by a sync that was stopped', async () => {
    const it = await house()
    await it.run(() => {
      it.gone.abort()
      return 'order/not-found'
    })
    expect(it.shown()?.status).toBe('working')
  })
})
