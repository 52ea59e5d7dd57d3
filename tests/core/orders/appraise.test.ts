import { describe, expect, test } from 'vitest'
import { appraise, type Appraisal } from '../../../electron/core/orders/appraise.ts'
import { draftOf } from '../../../electron/core/orders/draft-of.ts'
import { putMethod } from '../../../electron/core/store/connection-methods.ts'
import { insertIntent, type IntentKind, type Outcome, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { writeLimits } from '../../../electron/core/store/order-limits.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { STARTING_LIMITS, type OrderLimits } from '../../../shared/domain/order-limits.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of

interface Sent {
  readonly account?: AccountId
  readonly agoMs?: number
  readonly environment?: Environment
  readonly kind?: IntentKind
  readonly outcome?: Outcome
  readonly externalId?: string | null
  readonly draft?: Partial<OrderDraft>
}

let sent = 0
/** Writes down an order that went out before; by default another one, a while ago, that was taken. */
function wentOut({ db, clock, accountId, connection }: OrderDesk, changes: Sent = {}): void {
  const {
    account = accountId,
    agoMs = 30_000,
    environment = connection.environment,
    kind = 'place',
    outcome = 'confirmed',
    externalId = null,
    draft = { symbol: 'MSFT' },
  } = changes
  const id = `int_${(sent += 1)}`
  const at = Instant.plus(clock.now(), -agoMs)
  const made = kind === 'cancel' ? null : limitDraft({ quantity: d('10'), clientOrderId: id, ...draft })
  insertIntent(db.writer, {
    id,
    accountId: account,
    connectionId: connection.id,
    environment,
    kind,
    clientOrderId: id,
    draft: made,
    ticket: null,
    hash: '',
    target: null,
    createdAt: at,
    sentAt: at,
  })
  settleIntent(db.writer, id, { outcome, externalId, status: null, error: null, at })
}

async function appraised(
  desk: OrderDesk,
  ticket: Partial<Ticket> = {},
  environment: Environment = desk.connection.environment,
): Promise<Appraisal> {
  const whole = desk.ticket(ticket)
  const found = await desk.reviews.candidate({ ticket: whole, draft: draftOf(whole, 'one'), environment }, [], {
    signal: new AbortController().signal,
  })
  return appraise(desk.deps, found)
}
const stops = async (desk: OrderDesk, ticket?: Partial<Ticket>): Promise<string[]> =>
  (await appraised(desk, ticket)).stops.map(({ code }) => code.replace('order/stopped-', ''))
const limits = ({ db, clock }: OrderDesk, changes: Partial<OrderLimits>, account: AccountId | null = null): void =>
  writeLimits(db.writer, account, { ...STARTING_LIMITS, ...changes }, clock.now())
const SELL: Partial<Ticket> = { action: 'sell', quantity: d('5') }

describe('an order', () => {
  test('may go when nothing stands against it', async () => {
    expect(await appraised(await orderDesk())).toMatchObject({
      stops: [],
      verdict: { needs: [], reference: '100.1', worstValue: '1000', isClosing: false },
    })
  })

  test('is stopped by the kill switch, a switch that is off and an order in doubt', async () => {
    const desk = await orderDesk()
    desk.deps.kill.pull('tray')
    wentOut(desk, { outcome: 'unknown' })
    expect(await stops(desk)).toEqual(['killed', 'not-reconciled'])
    const other = await orderDesk()
    other.db.writer.exec('DELETE FROM trading_switches')
    expect(await stops(other)).toEqual(['trading-off'])
  })

  test('is measured in a currency that is not the one of the account by nothing', async () => {
    const desk = await orderDesk()
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, currency: 'EUR' }))
    expect(await stops(desk)).toEqual(['currency-unknown'])
    desk.says.quotes = []
    expect(await stops(desk)).toEqual(['no-price'])
  })

  test('is measured by what the account holds and what works for it', async () => {
    const desk = await orderDesk()
    limits(desk, { maxPosition: d('2000') })
    desk.says.positions = [positionOf('AAPL', '10')]
    expect(await stops(desk)).toEqual(['position'])
    desk.says.positions = []
    desk.says.orders = [brokerOrder({ externalId: 'w', quantity: d('11') })]
    expect(await stops(desk)).toEqual(['position'])
    // In place of it there is room.
    expect(await stops(desk, { replaces: 'w' })).toEqual([])
  })

  test('is measured by the limits of its account', async () => {
    const desk = await orderDesk()
    limits(desk, { maxQuantity: d('9') }, desk.otherId)
    expect(await stops(desk)).toEqual([])
    limits(desk, { maxQuantity: d('9') }, desk.accountId)
    expect(await stops(desk)).toEqual(['quantity'])
  })
})

describe('who the account is', () => {
  test('has to be what the broker lists now, by its whole number', async () => {
    const desk = await orderDesk()
    const [told] = desk.says.accounts
    if (!told) throw new Error('no account')
    for (const accounts of [[], [{ ...told, key: 'another' }], [{ ...told, number: 'PA3ABCDEX' }]]) {
      desk.says.accounts = accounts
      const { stops: found } = await appraised(desk)
      expect(found).toMatchObject([
        { code: 'order/stopped-environment', details: { environment: 'paper', reason: 'the broker does not list this account now' } },
      ])
    }
  })

  test('has to be where it was reviewed', async () => {
    const desk = await orderDesk()
    const { stops: found } = await appraised(desk, {}, 'sandbox')
    expect(found).toMatchObject([
      { code: 'order/stopped-environment', details: { environment: 'sandbox', reason: 'the connection is paper' } },
    ])
  })

  test('has to be called at the addresses of its environment, and by a port that is not one of the other kind', async () => {
    const desk = await orderDesk()
    const { bases } = desk.says
    desk.says.bases = { ...bases, trading: 'https://api.alpaca.markets' }
    expect(await stops(desk)).toEqual(['environment'])
    desk.says.bases = bases
    const { id, method, createdAt } = desk.connection
    putMethod(desk.db.writer, id, { method, settings: { port: '7496' }, addedAt: createdAt, expiresAt: null })
    expect((await appraised(desk)).stops[0]?.message).toMatch(/port 7496/)
    putMethod(desk.db.writer, id, { method, settings: { port: '7497' }, addedAt: createdAt, expiresAt: null })
    expect(await stops(desk)).toEqual([])
  })

  test('of a simulator may have any port', async () => {
    const desk = await orderDesk('sandbox')
    const { id, method, createdAt } = desk.connection
    putMethod(desk.db.writer, id, { method, settings: { port: '7496' }, addedAt: createdAt, expiresAt: null })
    expect(await stops(desk)).toEqual([])
  })

  test('of real money wants its digits typed, of this account and in this run', async () => {
    const desk = await orderDesk('live')
    expect(await stops(desk)).toEqual(['digits'])
    desk.deps.arming.arm({ id: desk.otherId, maskedNumber: '••••0222' }, '0222')
    expect(await stops(desk)).toEqual(['digits'])
    desk.deps.arming.arm({ id: desk.accountId, maskedNumber: '••••6789' }, '6789')
    expect(await stops(desk)).toEqual([])
  })
})

describe('a clock', () => {
  test.each([300_001, -300_001])('that is %i ms off opens nothing, and lets close', async aheadMs => {
    const desk = await orderDesk()
    desk.says.aheadMs = aheadMs
    desk.says.positions = [positionOf('AAPL', '10')]
    const asOf = Instant.plus(desk.clock.now(), -aheadMs)
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf }))
    expect(await stops(desk)).toEqual(['clock'])
    expect(await stops(desk, SELL)).toEqual([])
    desk.says.aheadMs = Math.sign(aheadMs) * 300_000
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf: Instant.plus(desk.clock.now(), -desk.says.aheadMs) }))
    expect(await stops(desk)).toEqual([])
  })
})

describe('an action that promises to close', () => {
  const turned = async (desk: OrderDesk, ticket: Partial<Ticket>): Promise<unknown> =>
    (await appraised(desk, ticket)).stops.find(({ code }) => code === 'order/stopped-more-than-held')?.details

  test('takes what is held and free, and says how much that is', async () => {
    const desk = await orderDesk()
    desk.says.positions = [positionOf('AAPL', '10'), positionOf('MSFT', '500')]
    desk.says.orders = [
      brokerOrder({ externalId: 'a', side: 'sell', quantity: d('3') }),
      brokerOrder({ externalId: 'b', side: 'sell', quantity: d('1'), symbol: 'MSFT' }),
      brokerOrder({ externalId: 'c', side: 'buy', quantity: d('2') }),
    ]
    expect(await turned(desk, { action: 'sell', quantity: d('7') })).toBeUndefined()
    expect(await turned(desk, { action: 'sell', quantity: d('8') })).toEqual({ action: 'sell', value: '8', symbol: 'AAPL', most: '7' })
    // In place of the one that takes three of them, all are free.
    expect(await turned(desk, { action: 'sell', quantity: d('10'), replaces: 'a' })).toBeUndefined()
    expect(await turned(desk, { action: 'sell', quantity: d('11'), replaces: 'a' })).toMatchObject({ most: '10' })
  })

  test('by an amount of money says that amount', async () => {
    const desk = await orderDesk()
    desk.says.positions = [positionOf('AAPL', '1')]
    const ticket: Partial<Ticket> = { action: 'sell', type: 'market', limitPrice: null, quantity: null, notional: d('5000') }
    expect(await turned(desk, ticket)).toEqual({ action: 'sell', value: '5000', symbol: 'AAPL', most: '1' })
  })

  test('has nothing where it is the other side that is held, or more is on its way than there is', async () => {
    const desk = await orderDesk()
    desk.says.positions = [positionOf('AAPL', '-10')]
    expect(await turned(desk, { action: 'sell', quantity: d('1') })).toMatchObject({ most: '0' })
    expect(await turned(desk, { action: 'cover', quantity: d('11') })).toMatchObject({ action: 'buy', most: '10' })
    expect(await turned(desk, { action: 'cover', quantity: d('10') })).toBeUndefined()
    desk.says.positions = [positionOf('AAPL', '10')]
    desk.says.orders = [brokerOrder({ externalId: 'a', side: 'sell', quantity: d('12') })]
    expect(await turned(desk, { action: 'sell', quantity: d('1') })).toMatchObject({ most: '0' })
  })

  test('is none of a purchase or a short sale', async () => {
    const desk = await orderDesk()
    expect(await turned(desk, {})).toBeUndefined()
    expect(await turned(desk, { action: 'short' })).toBeUndefined()
  })
})

describe('the pace', () => {
  test('of an account counts its own orders of a minute and of a day', async () => {
    const desk = await orderDesk()
    limits(desk, { ordersPerMinute: 1, ordersPerDay: 1 }, desk.accountId)
    wentOut(desk, { account: desk.otherId })
    wentOut(desk, { outcome: 'not-sent' })
    wentOut(desk, { kind: 'cancel' })
    expect(await stops(desk)).toEqual([])
    wentOut(desk, { agoMs: 60_001 })
    expect(await stops(desk)).toEqual(['orders-per-day'])
    wentOut(desk, { agoMs: 60_000 })
    expect(await stops(desk)).toEqual(['orders-per-minute', 'orders-per-day'])
  })

  test('and what else the guard stops says what was measured, and by what', async () => {
    const desk = await orderDesk()
    limits(desk, { maxQuantity: d('9') })
    const { stops: found } = await appraised(desk)
    expect(found.map(({ code, details }) => [code, details])).toEqual([['order/stopped-quantity', { value: '10', most: '9' }]])
  })

  test('of an option that is sold to open is measured with its strike, as far as no shares cover it', async () => {
    const desk = await orderDesk()
    const symbol = 'AAPL261218C00250000'
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, symbol, bid: d('4'), ask: d('4.1'), last: d('4') }))
    const call = { symbol, assetClass: 'option', action: 'sell-to-open', quantity: d('1'), limitPrice: d('4') } as const
    const worst = async (): Promise<string | null> => (await appraised(desk, call)).verdict.worstValue
    expect(await worst()).toBe('25430.5')
    desk.says.positions = [positionOf('AAPL', '100')]
    expect(await worst()).toBe('430.5')
  })

  test('of all accounts together counts those of the same environment, and lets close what a day alone stops', async () => {
    const desk = await orderDesk()
    limits(desk, { ordersPerMinute: 1, ordersPerDay: 2 })
    desk.says.positions = [positionOf('AAPL', '10')]
    wentOut(desk, { account: desk.otherId, environment: 'sandbox' })
    wentOut(desk, { account: desk.otherId, environment: 'sandbox' })
    expect(await stops(desk)).toEqual([])
    wentOut(desk, { account: desk.otherId, agoMs: 60_000 })
    expect(await stops(desk)).toEqual(['orders-per-minute'])
    expect((await appraised(desk)).stops[0]?.details).toEqual({ value: '1', most: '1' })
    expect(await stops(desk, SELL)).toEqual(['orders-per-minute'])
    wentOut(desk, { account: desk.otherId, agoMs: 60_001 })
    expect(await stops(desk)).toEqual(['orders-per-minute', 'orders-per-day'])
    expect((await appraised(desk)).stops[1]?.details).toEqual({ value: '2', most: '2' })
    expect(await stops(desk, SELL)).toEqual(['orders-per-minute'])
  })

  test('of a day begins at midnight in New York', async () => {
    const desk = await orderDesk()
    limits(desk, { ordersPerDay: 1 })
    // It is ten in the morning there.
    wentOut(desk, { agoMs: 10 * 3_600_000 + 1 })
    expect(await stops(desk)).toEqual([])
    wentOut(desk, { agoMs: 10 * 3_600_000 })
    expect(await stops(desk)).toEqual(['orders-per-day', 'orders-per-day'])
  })
})

describe('the same order', () => {
  const twin: Sent = { draft: { quantity: d('10') } }
  const needs = async (desk: OrderDesk, ticket?: Partial<Ticket>): Promise<readonly string[]> =>
    (await appraised(desk, ticket)).verdict.needs

  test('twice within a minute needs a second yes', async () => {
    const desk = await orderDesk()
    wentOut(desk, { ...twin, agoMs: 60_001 })
    expect(await needs(desk)).toEqual([])
    wentOut(desk, { ...twin, account: desk.otherId })
    expect(await needs(desk)).toEqual([])
    wentOut(desk, twin)
    expect(await needs(desk)).toEqual(['duplicate'])
  })

  test('in place of itself is none, and in place of another is one', async () => {
    const desk = await orderDesk()
    desk.says.orders = [brokerOrder({ externalId: 'first' }), brokerOrder({ externalId: 'second' })]
    wentOut(desk, { ...twin, externalId: 'first' })
    expect(await needs(desk, { replaces: 'first' })).toEqual([])
    expect(await needs(desk, { replaces: 'second' })).toEqual(['duplicate'])
    expect(await needs(desk)).toEqual(['duplicate'])
  })

  test('by amount, of another size, side or symbol is another', async () => {
    const desk = await orderDesk()
    for (const draft of [{ quantity: d('11') }, { side: 'sell' as const }, { symbol: 'MSFT' }])
      wentOut(desk, { draft: { quantity: d('10'), ...draft } })
    expect(await needs(desk)).toEqual([])
  })
})
