import { describe, expect, test } from 'vitest'
import { appraise } from '../../../electron/core/orders/appraise.ts'
import { draftOf } from '../../../electron/core/orders/draft-of.ts'
import { isSentElsewhere } from '../../../electron/core/orders/open-value-of-all.ts'
import { createReviews, type Reviews } from '../../../electron/core/orders/reviews.ts'
import { insertIntent, type Outcome, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { writeLimits } from '../../../electron/core/store/order-limits.ts'
import { replaceBalances } from '../../../electron/core/store/balances.ts'
import { setExcluded } from '../../../electron/core/store/accounts.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()

/** An order of ten shares at 100 beside a limit of 2,000 for all working orders of all accounts. */
async function limited(maxOpenValue = '2000'): Promise<OrderDesk> {
  const desk = await orderDesk()
  writeLimits(desk.db.writer, null, { ...STARTING_LIMITS, maxOpenValue: d(maxOpenValue) }, desk.clock.now())
  return desk
}

/** Measured by reviews that read nothing before, unless others are given. */
async function stopsOf(desk: OrderDesk, ticket: Partial<Ticket> = {}, reviews = fresh(desk)): Promise<AppError[]> {
  const whole = desk.ticket(ticket)
  const reviewed = { ticket: whole, draft: draftOf(whole, 'one'), environment: desk.connection.environment }
  return [...appraise(desk.deps, await reviews.candidate(reviewed, [], { signal })).stops]
}
const stops = async (desk: OrderDesk, ticket?: Partial<Ticket>): Promise<string[]> =>
  (await stopsOf(desk, ticket)).map(({ code }) => code.replace('order/stopped-', ''))
const fresh = ({ deps, venues }: OrderDesk): Reviews => createReviews(deps, { venues, settleBooks: () => Promise.resolve() })
const resting = (quantity: string) => brokerOrder({ externalId: 'there', quantity: d(quantity), limitPrice: d('100') })

let sent = 0
function wentOut({ db, otherId, connection }: OrderDesk, at: Instant, outcome: Outcome = 'confirmed'): void {
  const id = `int_other_${(sent += 1)}`
  const draft = limitDraft({ clientOrderId: id, quantity: d('1'), limitPrice: d('1') })
  const about = { accountId: otherId, connectionId: connection.id, environment: connection.environment, kind: 'place' as const }
  insertIntent(db.writer, { id, ...about, clientOrderId: id, draft, ticket: null, hash: '', target: null, createdAt: at, sentAt: at })
  settleIntent(db.writer, id, { outcome, externalId: 'there', status: null, error: null, at })
}

describe('the limit for all working orders', () => {
  test('is for those of all accounts together', async () => {
    const desk = await limited()
    desk.says.otherOrders = [resting('10')]
    expect(await stops(desk)).toEqual([])
    desk.says.otherOrders = [resting('10.01')]
    const [stop, ...more] = await stopsOf(desk)
    expect(more).toEqual([])
    expect(stop).toMatchObject({ code: 'order/stopped-open-value-all', details: { value: '2001 USD', most: '2000' } })
  })

  test('counts what works in the own account beside it, and says once what that alone is over', async () => {
    const desk = await limited()
    desk.says.orders = [resting('5')]
    desk.says.otherOrders = [resting('5')]
    expect(await stops(desk)).toEqual([])
    desk.says.otherOrders = [resting('5.01')]
    expect(await stops(desk)).toEqual(['open-value-all'])
    desk.says.orders = [resting('10.01')]
    expect(await stops(desk)).toEqual(['open-value'])
  })

  test('is full with what it is, and a cent elsewhere is more', async () => {
    const desk = await limited()
    desk.says.orders = [resting('10')]
    expect(await stops(desk)).toEqual([])
    desk.says.otherOrders = [resting('0.0001')]
    expect(await stops(desk)).toEqual(['open-value-all'])
  })

  test('leaves it to the limit of the account what to say of an own order nobody can value', async () => {
    const desk = await limited()
    desk.says.orders = [{ ...resting('1'), symbol: null, side: null }]
    expect(await stops(desk)).toEqual(['open-value'])
  })

  test('leaves out accounts on which no trading is on and no order went out today', async () => {
    const desk = await limited()
    desk.says.otherOrders = [resting('500')]
    setExcluded(desk.db.writer, desk.otherId, true)
    expect(await stops(desk)).toEqual([])
    expect(desk.asked).not.toContain('orders of key-222')
  })

  test('lets close what is held, and asks nobody else for that', async () => {
    const desk = await limited()
    desk.says.otherOrders = [resting('500')]
    desk.says.positions = [positionOf('AAPL', '10')]
    expect(await stops(desk, { action: 'sell' })).toEqual([])
    expect(await stops(desk, { action: 'sell', quantity: d('11') })).toEqual(['more-than-held'])
    expect(desk.asked).not.toContain('orders of key-222')
  })
})

describe('what works in another account', () => {
  test('is read before the price of the order, which has to be fresh', async () => {
    const desk = await limited()
    await desk.reviews.review(desk.ticket(), { signal })
    expect(desk.asked.indexOf('orders of key-222')).toBeLessThan(desk.asked.indexOf('quotes of AAPL'))
  })

  test('is asked for as the own orders are: those that are open, entered on the same days', async () => {
    const desk = await limited()
    const { adapter } = await desk.venue()
    const { orders } = adapter
    const asked: string[] = []
    Object.assign(adapter, {
      orders(...call: Parameters<typeof orders>) {
        const [key, { status, range }] = call
        if (key === 'key-222') asked.push(`${status} from ${range.from} to ${range.to}`)
        return orders(...call)
      },
    })
    await stops(desk)
    expect(asked).toEqual([desk.says.range])
  })

  test('counts an order its broker does not list yet while that works, and not once it is over', async () => {
    const desk = await limited()
    const { adapter } = await desk.venue()
    wentOut(desk, desk.clock.now())
    const told = async (status: 'working' | 'filled'): Promise<string[]> => {
      Object.assign(adapter, { orderStatus: () => Promise.resolve({ ...resting('11'), status }) })
      return stops(desk)
    }
    expect(await told('working')).toEqual(['open-value-all'])
    expect(await told('filled')).toEqual([])
  })

  test('is not valued without a quote once the account holds money of more than one currency', async () => {
    const desk = await limited()
    const [dollars] = desk.says.balances
    if (!dollars) throw new Error('no balance')
    desk.says.otherOrders = [{ ...resting('1'), symbol: 'MSFT' }]
    replaceBalances(desk.db.writer, desk.otherId, [dollars], desk.clock.now())
    expect(await stops(desk)).toEqual([])
    expect(desk.asked.filter(one => one.startsWith('quotes of'))).toEqual(['quotes of AAPL'])
    replaceBalances(desk.db.writer, desk.otherId, [dollars, { ...dollars, currency: 'EUR' }], desk.clock.now())
    expect(await stops(desk)).toEqual(['open-value-unvalued-all'])
  })

  test('keeps nobody from covering a short position', async () => {
    const desk = await limited()
    desk.says.otherOrders = [resting('500')]
    desk.says.positions = [positionOf('AAPL', '-10')]
    expect(await stops(desk, { action: 'cover' })).toEqual([])
  })

  test('is read for each review, and once more for its order only after a minute or an order sent there', async () => {
    const desk = await limited()
    const asked = async (run: () => Promise<unknown>): Promise<number> => {
      const before = desk.asked.length
      await run()
      return desk.asked.slice(before).filter(one => one === 'orders of key-222').length
    }
    const review = (): Promise<unknown> => desk.reviews.review(desk.ticket(), { signal })
    const order = (): Promise<unknown> => stopsOf(desk, {}, desk.reviews)
    expect(await asked(review)).toBe(1)
    expect(await asked(review)).toBe(1)
    expect(await asked(order)).toBe(0)
    desk.clock.jump(60_000)
    expect(await asked(order)).toBe(0)
    desk.clock.jump(1)
    expect(await asked(order)).toBe(1)
    expect(await asked(order)).toBe(0)
    desk.clock.jump(1)
    wentOut(desk, desk.clock.now())
    expect(await asked(order)).toBe(1)
  })
})

describe('what works in another account and is not known', () => {
  const reason = async (desk: OrderDesk): Promise<unknown> => {
    const found = await stopsOf(desk)
    const [first] = found
    return found.length === 1 && first?.code === 'order/stopped-open-value-unknown-all' ? first.details : found
  }
  const unvalued = async (desk: OrderDesk): Promise<unknown> => {
    const found = await stopsOf(desk)
    const [first] = found
    return found.length === 1 && first?.code === 'order/stopped-open-value-unvalued-all' ? first.details : found
  }
  const because = (text: string) => ({ account: 'Account 222 ••••222', reason: text })

  test('opens nothing: a broker that does not answer', async () => {
    const desk = await limited()
    const { adapter } = await desk.venue()
    const { orders } = adapter
    Object.assign(adapter, {
      orders: (key: string, ...rest: [Parameters<typeof orders>[1], Parameters<typeof orders>[2]]) =>
        key === 'key-222' ? Promise.reject(new AppError('net/offline')) : orders(key, ...rest),
    })
    expect(await reason(desk)).toEqual(because('its broker does not answer'))
    expect(desk.records.map(({ event, fields }) => [event, fields['accountId']])).toContainEqual(['orders.working-not-read', desk.otherId])
  })

  test('opens nothing: a broker that takes longer than twenty seconds', async () => {
    const desk = await limited()
    const { adapter } = await desk.venue()
    const { orders } = adapter
    const asked = Promise.withResolvers<undefined>()
    Object.assign(adapter, {
      orders(key: string, query: Parameters<typeof orders>[1], stop: Parameters<typeof orders>[2]) {
        if (key !== 'key-222') return orders(key, query, stop)
        asked.resolve(undefined)
        return new Promise((_, reject) => stop.signal.addEventListener('abort', () => reject(new AppError('net/timeout'))))
      },
    })
    const found = reason(desk)
    await asked.promise
    desk.clock.jump(20_000)
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf: desk.clock.now() }))
    expect(await found).toEqual(because('its broker does not answer'))
  })

  test('opens nothing: an order without a price, unless somebody gives one', async () => {
    const desk = await limited()
    const bare = { symbol: 'MSFT', limitPrice: null, stopPrice: null }
    desk.says.otherOrders = [{ ...resting('1'), ...bare }]
    expect(await unvalued(desk)).toEqual({ account: 'Account 222 ••••222', order: 'an order for MSFT' })
    desk.says.quotes = desk.says.quotes.flatMap(quote => [quote, { ...quote, symbol: 'MSFT' }])
    expect(await stops(desk)).toEqual([])
  })

  test('opens nothing: an order of several legs, and says that canceling it is the way out', async () => {
    const desk = await limited()
    // What one with a value is worth is not what is asked about.
    desk.says.otherOrders = [resting('1'), { ...resting('1'), externalId: 'spread', symbol: null, side: null }]
    expect(await unvalued(desk)).toMatchObject({ order: 'an order of several legs, or of a kind Keelson does not know' })
    const [stop] = await stopsOf(desk)
    expect(stop && toErrorView(stop).action).toMatch(/^Cancel that order/)
  })

  test('opens nothing: an order in doubt', async () => {
    const desk = await limited()
    wentOut(desk, desk.clock.now(), 'unknown')
    expect(await reason(desk)).toEqual(because('one of its orders is in doubt'))
  })

  test('opens nothing: an order that went out there after it was read', async () => {
    const desk = await limited()
    desk.says.otherOrders = [resting('1')]
    wentOut(desk, desk.clock.now())
    expect(await stops(desk)).toEqual([])
    wentOut(desk, Instant.plus(desk.clock.now(), 1))
    expect(await stops(desk)).toEqual(['open-value-sent-all'])
  })

  test('opens nothing: another currency, unless a broker states its rate', async () => {
    const desk = await limited()
    desk.db.writer.exec(`UPDATE accounts SET currency = 'EUR' WHERE id = '${desk.otherId}'`)
    desk.says.otherOrders = [resting('5')]
    desk.says.quotes = desk.says.quotes.flatMap(quote => [quote, { ...quote, symbol: 'SAP', currency: 'EUR' }])
    desk.says.otherOrders = [{ ...resting('5'), symbol: 'SAP' }]
    expect(await reason(desk)).toEqual(because('no broker says what EUR is in USD'))
    const [dollars] = desk.says.balances
    if (!dollars) throw new Error('no balance')
    const rated = { ...dollars, currency: 'EUR', toBase: d('2') }
    replaceBalances(desk.db.writer, desk.accountId, [dollars, rated], desk.clock.now())
    expect(await stops(desk)).toEqual([])
    desk.says.otherOrders = [{ ...resting('5.01'), symbol: 'SAP' }]
    expect(await stops(desk)).toEqual(['open-value-all'])
  })

  test('is asked about no more once the user has given up', async () => {
    const desk = await limited()
    const { adapter } = await desk.venue()
    const { orders } = adapter
    const giveUp = new AbortController()
    Object.assign(adapter, {
      orders(key: string, query: Parameters<typeof orders>[1], stop: Parameters<typeof orders>[2]) {
        if (key === 'key-222') giveUp.abort()
        return orders(key, query, stop)
      },
    })
    await expect(desk.reviews.review(desk.ticket(), { signal: giveUp.signal })).rejects.toMatchObject({ code: 'app/canceled' })
  })
})

test('An order is measured once more where another went out elsewhere, and for nothing else', () => {
  const codes = ['order/stopped-open-value-sent-all', 'order/stopped-open-value-all', 'net/offline'] as const
  expect(codes.map(code => isSentElsewhere(new AppError(code)))).toEqual([true, false, false])
  expect(isSentElsewhere(new TypeError('a mistake'))).toBe(false)
})
