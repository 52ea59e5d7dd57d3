import { describe, expect, test } from 'vitest'
import { createPlace, notSentView, type PlaceOptions, placedView } from '../../../electron/core/orders/place.ts'
import { createSubmit } from '../../../electron/core/orders/submit.ts'
import { adoptAccounts } from '../../../electron/core/store/accounts.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { getIntent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { PlacedView, Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { PlacedOrder } from '../../../shared/domain/order.ts'
import { connection } from '../store/support.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()

interface Placing {
  readonly desk: OrderDesk
  /** Reviews a ticket; answers what says yes to it. */
  yesTo(ticket?: Partial<Ticket>): Promise<PlaceOptions>
  place(options: PlaceOptions): Promise<PlacedView>
  /** How it ended: what became of it, or the code of why it did not go. */
  end(options: PlaceOptions): Promise<string>
}

async function placing(): Promise<Placing> {
  const desk = await orderDesk()
  const submit = createSubmit({ core: desk.core, kill: desk.deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(desk.deps, { reviews: desk.reviews, submit })
  return {
    desk,
    async yesTo(ticket = {}) {
      const { reviewId, hash, needs } = await desk.reviews.review(desk.ticket(ticket), { signal })
      return { reviewId, hash, confirmed: needs.map(({ confirmation }) => confirmation), from: 'window', signal }
    },
    place: options => place(options),
    async end(options) {
      try {
        return (await place(options)).outcome
      } catch (error) {
        return error instanceof AppError ? error.code : String(error)
      }
    },
  }
}

const sent = ({ asked }: OrderDesk): number => asked.filter(one => one === 'place').length

describe('an order that was confirmed', () => {
  test('goes, and says what became of it', async () => {
    const { desk, yesTo, place } = await placing()
    const placed = await place(await yesTo())
    expect(placed).toMatchObject({ outcome: 'confirmed', status: 'new', sentence: 'The order was taken: new.', error: null })
    expect(getIntent(desk.db.reader, placed.intentId)).toMatchObject({ externalId: placed.externalId, accountId: desk.accountId })
    expect(sent(desk)).toBe(1)
  })

  test('takes its review with it, whatever becomes of it', async () => {
    const { desk, yesTo, end } = await placing()
    const yes = await yesTo()
    desk.deps.kill.pull('tray')
    expect(await end(yes)).toBe('order/stopped-killed')
    desk.deps.kill.release()
    expect(await end(yes)).toBe('order/review-used')
    expect(sent(desk)).toBe(0)
  })

  test('before the kill switch was pulled does not go once it is taken back', async () => {
    const { desk, yesTo, end } = await placing()
    const yes = await yesTo()
    desk.deps.kill.pull('tray')
    desk.deps.kill.release()
    expect(await end(yes)).toBe('order/stopped-meanwhile')
    expect(await end(await yesTo())).toBe('confirmed')
    expect(sent(desk)).toBe(1)
  })

  test('nor one that was being reviewed meanwhile', async () => {
    const { desk, yesTo, end } = await placing()
    desk.says.settleBooks = () => Promise.resolve()
    const { accounts } = desk.says
    Object.defineProperty(desk.says, 'accounts', {
      get() {
        desk.deps.kill.pull('tray')
        desk.deps.kill.release()
        return accounts
      },
      configurable: true,
    })
    const yes = await yesTo()
    Object.defineProperty(desk.says, 'accounts', { value: accounts })
    expect(await end(yes)).toBe('order/stopped-meanwhile')
  })

  test('nor one that was on its way', async () => {
    const { desk, yesTo, end } = await placing()
    const yes = await yesTo()
    const { accounts } = desk.says
    Object.defineProperty(desk.says, 'accounts', {
      get() {
        desk.deps.kill.pull('tray')
        desk.deps.kill.release()
        return accounts
      },
      configurable: true,
    })
    expect(await end(yes)).toBe('order/stopped-meanwhile')
    expect([sent(desk), desk.clock.pending]).toEqual([0, 0])
  })

  test('asks the broker nothing while the kill switch is on', async () => {
    const { desk, yesTo, end } = await placing()
    const [first, second] = [await yesTo(), await yesTo({ quantity: d('3') })]
    const before = desk.asked.length
    desk.deps.kill.pull('tray')
    expect(await end(first)).toBe('order/stopped-killed')
    desk.deps.kill.release()
    expect(await end(second)).toBe('order/stopped-meanwhile')
    expect(desk.asked).toHaveLength(before)
  })

  test('asks the broker nothing while the record is not sound', async () => {
    const { desk, yesTo, end } = await placing()
    const second = await yesTo()
    const before = desk.asked.length
    desk.db.writer.exec(`DROP TRIGGER audit_log_fixed; UPDATE audit_log SET body = replace(body, 'buy', 'sell')`)
    expect(await end(second)).toBe('order/audit-broken')
    expect(desk.asked).toHaveLength(before)
  })

  test('does not go by another connection than the one it was reviewed for', async () => {
    const { desk, yesTo, end } = await placing()
    const yes = await yesTo()
    const { account } = await desk.venue()
    const other = { ...connection('con_b'), environment: 'paper' as const, scopes: ['trading'] }
    insertConnection(desk.db.writer, other)
    adoptAccounts(desk.db.writer, {
      connectionId: other.id,
      broker: 'alpaca',
      environment: 'paper',
      accounts: [{ ...account, masked: account.maskedNumber }],
    })
    expect(await end(yes)).toBe('order/changed')
    expect(sent(desk)).toBe(0)
  })

  test('does not go for the first reason that stands against it by then', async () => {
    const { desk, yesTo, end } = await placing()
    const yes = await yesTo()
    desk.says.quotes = []
    desk.says.accounts = []
    expect(await end(yes)).toBe('order/stopped-no-price')
    expect(sent(desk)).toBe(0)
  })

  test('does not go without the second yes it needs, and says which', async () => {
    const { desk, yesTo, place, end } = await placing()
    await end(await yesTo())
    const yes = await yesTo()
    expect(yes.confirmed).toEqual(['duplicate'])
    await expect(place({ ...yes, confirmed: ['market-closed'] })).rejects.toMatchObject({
      code: 'order/needs-confirmation',
      details: { needs: 'duplicate' },
    })
    expect(sent(desk)).toBe(1)
    expect(await end(await yesTo())).toBe('confirmed')
    desk.clock.jump(8 * 3_600_000)
    desk.says.quotes = desk.says.quotes.map(quote => ({ ...quote, asOf: desk.clock.now() }))
    await end(await yesTo())
    const both = await yesTo()
    await expect(place({ ...both, confirmed: [] })).rejects.toMatchObject({ details: { needs: 'duplicate, market-closed' } })
  })
})

test('An order that is given up before it went does not go', async () => {
  const { desk, yesTo, end } = await placing()
  const yes = await yesTo()
  expect(await end({ ...yes, signal: AbortSignal.abort() })).toBe('app/canceled')
  expect(sent(desk)).toBe(0)
})

describe('orders that are confirmed together', () => {
  test('of one account go one after another, also after one that failed', async () => {
    const { desk, yesTo, end } = await placing()
    const [first, second, third] = [await yesTo(), await yesTo({ quantity: d('3') }), await yesTo({ quantity: d('4') })]
    const answer = Promise.withResolvers<PlacedOrder>()
    desk.says.place = () => answer.promise
    const ends = [end(first), end(second), end(third)]
    await desk.clock.advance(100)
    expect(sent(desk)).toBe(1)
    desk.says.place = ({ quantity }) =>
      quantity === '3'
        ? Promise.reject(new AppError('order/rejected'))
        : Promise.resolve({ externalId: 'x', status: 'working', statusText: 'new' })
    answer.resolve({ externalId: 'y', status: 'working', statusText: 'new' })
    expect(await Promise.all(ends)).toEqual(['confirmed', 'rejected', 'confirmed'])
    expect(sent(desk)).toBe(3)
  })

  test('wait for the one before also when another has ended meanwhile', async () => {
    const { desk, yesTo, end } = await placing()
    const [first, second, third] = [await yesTo(), await yesTo({ quantity: d('3') }), await yesTo({ quantity: d('4') })]
    const answers = [Promise.withResolvers<PlacedOrder>(), Promise.withResolvers<PlacedOrder>()]
    const waiting = [...answers]
    desk.says.place = ({ clientOrderId }) =>
      waiting.shift()?.promise ?? Promise.resolve({ externalId: clientOrderId, status: 'working', statusText: 'new' })
    const ends = [end(first), end(second)]
    await desk.clock.advance(100)
    answers[0]?.resolve({ externalId: 'x', status: 'working', statusText: 'new' })
    expect(await ends[0]).toBe('confirmed')
    await desk.clock.advance(100)
    ends.push(end(third))
    await desk.clock.advance(100)
    expect(sent(desk)).toBe(2)
    answers[1]?.resolve({ externalId: 'y', status: 'working', statusText: 'new' })
    expect(await Promise.all(ends)).toEqual(['confirmed', 'confirmed', 'confirmed'])
  })

  test('go on after one that was stopped', async () => {
    const { desk, yesTo, end } = await placing()
    const [first, second] = [await yesTo(), await yesTo({ quantity: d('3') })]
    const { quotes } = desk.says
    desk.says.quotes = []
    const ends = [end(first), end(second)]
    expect(await ends[0]).toBe('order/stopped-no-price')
    expect(await ends[1]).toBe('order/stopped-no-price')
    desk.says.quotes = quotes
    expect(await end(await yesTo())).toBe('confirmed')
  })

  test('of two accounts do not wait for each other', async () => {
    const { desk, yesTo, end } = await placing()
    const [told] = desk.says.accounts
    if (!told) throw new Error('no account')
    desk.says.accounts = [told, { ...told, key: 'key-222', number: '222' }]
    const first = await yesTo()
    const answer = Promise.withResolvers<PlacedOrder>()
    desk.says.place = () => answer.promise
    const going = end(first)
    await desk.clock.advance(100)
    // Its number is not one of a paper account, so it is stopped: at once, and not after the other.
    const other = await desk.reviews.review(desk.ticket({ accountId: desk.otherId }), { signal })
    expect(await end({ reviewId: other.reviewId, hash: other.hash, confirmed: [], from: 'window', signal })).toBe(
      'order/stopped-environment',
    )
    answer.resolve({ externalId: 'y', status: 'working', statusText: 'new' })
    expect(await going).toBe('confirmed')
  })
})

describe('what became of an order', () => {
  test('is told with its sentence, also of one that never was', async () => {
    const { desk, yesTo, place } = await placing()
    desk.says.place = () => Promise.reject(new AppError('order/rejected', { brokerSays: 'No.' }))
    const placed = await place(await yesTo())
    const intent = getIntent(desk.db.reader, placed.intentId)
    expect(intent && placedView(intent)).toEqual(placed)
    expect(placed).toMatchObject({
      outcome: 'rejected',
      externalId: null,
      status: null,
      error: { code: 'order/rejected', brokerSays: 'No.' },
    })
    const error = new AppError('order/changed')
    expect(notSentView(error)).toMatchObject({
      intentId: '',
      outcome: 'not-sent',
      externalId: null,
      status: null,
      sentence: error.message,
      error: { code: 'order/changed' },
    })
  })
})
