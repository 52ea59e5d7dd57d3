import { describe, expect, test } from 'vitest'
import { orderRow, type OrderViewDeps } from '../../../electron/core/orders/order-views.ts'
import type { BrokerOrder } from '../../../electron/core/brokers/adapter.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { removeConnection } from '../../../electron/core/store/connections.ts'
import { insertIntent, type Intent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { upsertOrders } from '../../../electron/core/store/orders.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { connection, withAccounts } from '../store/support.ts'
import { brokerOrder, limitDraft, SENT } from './support/order-books.ts'
import { positionOf } from './support/order-desk.ts'

const d = Dec.of
const ALL = { cancel: true, replace: true }
const LATER = Instant.plus(SENT, 5_000)
const READ = Instant.plus(SENT, 9_000)

interface Book {
  readonly db: Db
  readonly account: AccountId
  /** Writes down what was sent; with an outcome, what became of it. */
  sent(changes?: {
    readonly kind?: Intent['kind']
    readonly draft?: Partial<OrderDraft>
    readonly outcome?: Intent['outcome']
    readonly externalId?: string | null
    readonly status?: string
  }): void
  /** Writes down what a broker shows. */
  shown(changes?: Partial<BrokerOrder>): void
  intent(can?: Partial<typeof ALL>): ReturnType<typeof orderRow>
  order(can?: Partial<typeof ALL>): ReturnType<typeof orderRow>
  deps(can?: Partial<typeof ALL>): OrderViewDeps
}

function book(): Book {
  const db = tempDatabase()
  const [account] = withAccounts(db, { con_a: ['111'] })
  if (!account) throw new Error('no account')
  const deps = (can: Partial<typeof ALL> = {}): OrderViewDeps => ({ reader: db.reader, can: () => ({ ...ALL, ...can }) })
  return {
    db,
    account,
    deps,
    sent({ kind = 'place', draft, outcome = 'sending', externalId = null, status = 'new' } = {}) {
      const at = SENT
      const about = { id: 'int_1', accountId: account, connectionId: connection('con_a').id, environment: 'paper' as const }
      insertIntent(db.writer, {
        ...about,
        kind,
        clientOrderId: 'ours',
        draft: kind === 'cancel' ? null : limitDraft(draft),
        ticket: null,
        hash: '',
        target: kind === 'cancel' ? '71' : null,
        createdAt: at,
        sentAt: at,
      })
      if (outcome !== 'sending') settleIntent(db.writer, 'int_1', { outcome, externalId, status, error: null, at: LATER })
    },
    shown: changes => upsertOrders(db.writer, account, [brokerOrder(changes)], READ),
    intent: can => orderRow(deps(can), { kind: 'intent', intentId: 'int_1' }),
    order: can => orderRow(deps(can), { kind: 'order', accountId: account, externalId: '71' }),
  }
}

describe("a broker's order in the list", () => {
  test('is what the broker says of it, and not ours', () => {
    const { account, shown, order } = book()
    shown({ filledQuantity: d('1'), averageFillPrice: d('99.5'), stopPrice: d('98'), statusText: '\u202eWORKING\n', updatedAt: LATER })
    expect(order()).toEqual({
      id: `ord_${account}_71`,
      accountId: account,
      connectionId: 'con_a',
      broker: 'alpaca',
      environment: 'paper',
      externalId: '71',
      intentId: null,
      isOurs: false,
      symbol: 'AAPL',
      side: 'buy',
      type: 'LIMIT',
      timeInForce: 'DAY',
      status: 'working',
      statusText: 'WORKING',
      isOpen: true,
      quantity: '2',
      notional: null,
      filledQuantity: '1',
      limitPrice: '100',
      stopPrice: '98',
      averageFillPrice: '99.5',
      currency: null,
      submittedAt: SENT,
      updatedAt: LATER,
      fetchedAt: READ,
      canCancel: true,
      canReplace: true,
    })
  })

  test('that is not ours is in the currency its symbol is held in', () => {
    const { db, account, shown, order } = book()
    shown()
    replacePositions(db.writer, account, [{ ...positionOf('AAPL', '5'), currency: 'EUR' }], READ)
    expect(order().currency).toBe('EUR')
  })

  test('that Keelson sent to open is in the currency of its account, whatever is held under that name', () => {
    const currencies = (draft: Partial<OrderDraft>): (string | null)[] => {
      const { db, account, sent, shown, order, intent } = book()
      replacePositions(db.writer, account, [{ ...positionOf('AAPL', '5'), currency: 'EUR' }], READ)
      sent({ draft, outcome: 'confirmed', externalId: '71' })
      const before = intent().currency
      shown()
      return [before, order().currency]
    }
    expect(currencies({ side: 'buy' })).toEqual(['USD', 'USD'])
    expect(currencies({ side: 'sell', positionEffect: 'open' })).toEqual(['USD', 'USD'])
    expect(currencies({ side: 'sell' })).toEqual(['EUR', 'EUR'])
    expect(currencies({ side: 'buy', positionEffect: 'close' })).toEqual(['EUR', 'EUR'])
  })

  test('that nobody can read has no symbol, and no currency', () => {
    const { shown, order } = book()
    shown({ symbol: null })
    expect(order()).toMatchObject({ symbol: null, currency: null })
  })

  test('that Keelson sent is ours, in the currency of its account and with what only we know', () => {
    const { sent, shown, order, intent } = book()
    sent({ outcome: 'confirmed', externalId: '71', draft: { type: 'market', limitPrice: null, quantity: null, notional: d('250') } })
    shown({ quantity: null, filledQuantity: d('2.5'), clientOrderId: 'ours' })
    expect(order()).toMatchObject({ isOurs: true, intentId: 'int_1', type: 'market', notional: '250', currency: 'USD' })
    expect(intent()).toEqual(order())
  })

  test('can be taken back and changed while it works and its connection allows that, and changed only when its size is known', () => {
    const { shown, order } = book()
    const rights = (can?: Partial<typeof ALL>): boolean[] => {
      const { isOpen, canCancel, canReplace } = order(can)
      return [isOpen, canCancel, canReplace]
    }
    shown()
    expect(rights()).toEqual([true, true, true])
    expect(rights({ cancel: false })).toEqual([true, false, true])
    expect(rights({ replace: false })).toEqual([true, true, false])
    shown({ quantity: null, updatedAt: LATER })
    expect(rights()).toEqual([true, true, false])
    shown({ status: 'filled', filledQuantity: d('2'), updatedAt: READ })
    expect(rights()).toEqual([false, false, false])
  })

  test('whose connection is gone can be neither taken back nor changed', () => {
    const { db, shown, order } = book()
    shown()
    removeConnection(db.writer, connection('con_a').id, READ)
    expect(order()).toMatchObject({ isOpen: true, canCancel: false, canReplace: false })
  })

  test('and its account are there, or it is not found', () => {
    const { account, deps, shown } = book()
    shown()
    const code = { code: 'app/not-found' }
    const missing = [
      { kind: 'intent', intentId: 'int_nobody' },
      { kind: 'order', accountId: account, externalId: 'nobody' },
      { kind: 'order', accountId: AccountIdSchema.parse('acc_nobody'), externalId: '71' },
    ] as const
    for (const key of missing) expect(() => orderRow(deps(), key)).toThrow(expect.objectContaining(code))
  })
})

describe('an order that no broker has shown', () => {
  test('is in the list as it was sent', () => {
    const { account, sent, intent } = book()
    sent({ draft: { type: 'stop-limit', stopPrice: d('99') } })
    expect(intent()).toEqual({
      id: 'int_1',
      accountId: account,
      connectionId: 'con_a',
      broker: 'alpaca',
      environment: 'paper',
      externalId: null,
      intentId: 'int_1',
      isOurs: true,
      symbol: 'AAPL',
      side: 'buy',
      type: 'stop-limit',
      timeInForce: 'day',
      status: 'sending',
      statusText: 'The order is on its way.',
      isOpen: true,
      quantity: '2',
      notional: null,
      filledQuantity: '0',
      limitPrice: '100',
      stopPrice: '99',
      averageFillPrice: null,
      currency: 'USD',
      submittedAt: SENT,
      updatedAt: SENT,
      fetchedAt: null,
      canCancel: false,
      canReplace: false,
    })
  })

  test('for an amount of money is that', () => {
    const { sent, intent } = book()
    sent({ draft: { type: 'market', limitPrice: null, quantity: null, notional: d('250') }, outcome: 'confirmed', externalId: '71' })
    expect(intent()).toMatchObject({ quantity: null, notional: '250', limitPrice: null, stopPrice: null, type: 'market' })
  })

  test('for a cancellation has nothing of an order', () => {
    const { sent, intent, shown, order } = book()
    sent({ kind: 'cancel' })
    const nothing = {
      symbol: null,
      side: null,
      type: '',
      timeInForce: '',
      quantity: null,
      notional: null,
      limitPrice: null,
      stopPrice: null,
    }
    expect(intent()).toMatchObject(nothing)
    shown()
    expect(order()).toMatchObject({ isOurs: false, type: 'LIMIT' })
  })

  test('for a cancellation that was taken is the order it was for', () => {
    const { sent, intent, shown } = book()
    sent({ kind: 'cancel', outcome: 'confirmed', externalId: '71' })
    shown()
    expect(intent()).toMatchObject({ externalId: '71', type: 'LIMIT', notional: null, symbol: 'AAPL' })
  })

  test.each<[Intent['outcome'], string | null, string, boolean, boolean]>([
    ['unknown', null, 'unknown', true, false],
    ['unknown', '71', 'unknown', true, false],
    ['confirmed', '71', 'working', true, true],
    // The user settled it by hand: there is nothing to act on.
    ['confirmed', null, 'working', false, false],
    ['rejected', null, 'rejected', false, false],
    ['rejected', '71', 'rejected', false, false],
    ['not-sent', null, 'not-sent', false, false],
  ])('and is %s under the number %s counts as %s', (outcome, externalId, status, isOpen, canCancel) => {
    const { sent, intent } = book()
    sent({ outcome, externalId })
    expect(intent()).toMatchObject({ status, isOpen, canCancel, canReplace: false, externalId, submittedAt: SENT })
    expect(intent().updatedAt).toBe(outcome === 'unknown' ? SENT : LATER)
    expect(intent({ cancel: false }).canCancel).toBe(false)
  })
})
