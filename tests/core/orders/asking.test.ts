import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { createPlace } from '../../../electron/core/orders/place.ts'
import { createRequests, type Requests } from '../../../electron/core/orders/requests.ts'
import { createSubmit } from '../../../electron/core/orders/submit.ts'
import { answerRequest } from '../../../electron/core/store/order-requests.ts'
import { setTradingSwitch } from '../../../electron/core/store/trading-switches.ts'
import { setConnectionState } from '../../../electron/core/store/connections.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { OrderRequestView, PlacedView, Ticket } from '../../../shared/contract/orders.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()

interface Asking {
  readonly desk: OrderDesk
  readonly requests: Requests
  ask(ticket?: Partial<Ticket>, from?: string): Promise<OrderRequestView>
  /** Reviews the ticket of a request, or another, and says yes. */
  approve(request: OrderRequestView, ticket?: Partial<Ticket>): Promise<PlacedView>
}

/** Requests of programs, which wait for the user; or go at once (`direct`). */
async function asking(automation: 'approve' | 'direct' = 'approve'): Promise<Asking> {
  const desk = await orderDesk()
  setTradingSwitch(desk.db.writer, desk.connection.id, { isOn: true, automation }, desk.clock.now())
  const submit = createSubmit({ core: desk.core, kill: desk.deps.kill, isLocked: () => false, onOutcome: () => undefined })
  const place = createPlace(desk.deps, { reviews: desk.reviews, submit })
  const requests = createRequests(desk.core, { reviews: desk.reviews, place, switches: desk.deps.switches })
  return {
    desk,
    requests,
    ask: (ticket = {}, from = 'a script') => requests.ask({ ticket: desk.ticket(ticket), from }, { signal }),
    async approve(request, ticket = request.ticket) {
      const { reviewId, hash } = await desk.reviews.review(desk.ticket(ticket), { signal })
      return requests.approve({ id: request.id, reviewId, hash, confirmed: [] }, { signal })
    },
  }
}
const recorded = ({ core }: OrderDesk): string[] =>
  core.audit
    .page({ limit: 50 })
    .rows.filter(({ kind }) => kind.startsWith('order.request'))
    .map(({ kind, sentence }) => `${kind}: ${sentence}`)
const sent = ({ asked }: OrderDesk): number => asked.filter(one => one === 'place').length

describe('a program that asks for an order', () => {
  test('has it wait for the user for ten minutes, which is written down', async () => {
    const { desk, requests, ask } = await asking()
    const request = await ask({ symbol: 'aapl' }, '\u202ekeelson order')
    expect(request).toMatchObject({
      ticket: { symbol: 'aapl', quantity: '10' },
      from: '\u202ekeelson order',
      createdAt: '2026-11-20T15:00:00.000Z',
      expiresAt: '2026-11-20T15:10:00.000Z',
      state: 'waiting',
      placed: null,
    })
    expect(request.id).toMatch(/^req_./)
    expect(requests.list()).toEqual([request])
    expect(requests.list(request.id)).toEqual([request])
    expect(requests.list('req_nobody')).toEqual([])
    expect(requests.waiting()).toBe(1)
    expect(recorded(desk)).toEqual(['order.request: keelson order asks for an order: buy 10 aapl.'])
    expect(desk.core.audit.page({ limit: 1 }).rows).toMatchObject([{ accountId: desk.accountId, intentId: null }])
    expect([desk.events.length, desk.asked]).toEqual([1, []])
    await ask({ quantity: null, notional: d('250') })
    expect(recorded(desk)[0]).toBe('order.request: a script asks for an order: buy 250.00 USD worth of AAPL.')
  })

  test('is refused at once for an account nobody knows and a connection that may not order', async () => {
    const { desk, requests, ask } = await asking()
    await expect(ask({ accountId: AccountIdSchema.parse('acc_nobody') })).rejects.toMatchObject({ code: 'app/not-found' })
    setTradingSwitch(desk.db.writer, desk.connection.id, { isOn: false, automation: 'approve' }, desk.clock.now())
    await expect(ask()).rejects.toMatchObject({ code: 'order/stopped-trading-off' })
    setConnectionState(desk.db.writer, desk.connection.id, { kind: 'needs-sign-in', because: 'expired', since: desk.clock.now() })
    await expect(ask()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(requests.list()).toEqual([])
  })

  test('is refused where fifty wait already, until one is answered', async () => {
    const { requests, ask } = await asking()
    const [first] = await Promise.all(Array.from({ length: 50 }, () => ask()))
    await expect(ask()).rejects.toMatchObject({ code: 'order/requests-full' })
    expect(requests.waiting()).toBe(50)
    await requests.decline(first?.id ?? '')
    expect((await ask()).state).toBe('waiting')
  })
})

describe('requests of a program', () => {
  test('are refused where there were 120 within a minute', async () => {
    const { desk, ask } = await asking()
    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all(Array.from({ length: 40 }, () => ask()))
      // They do not wait for anybody any more.
      desk.db.writer.exec(`UPDATE order_requests SET state = 'declined'`)
    }
    const refused: unknown = await ask().catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'order/too-many', details: { most: '120', what: 'requests of programs' } })
    desk.clock.jump(60_000)
    expect((await ask()).state).toBe('waiting')
  })

  test('are kept for ninety days after they ran out', async () => {
    const { desk, requests, ask } = await asking()
    const { id } = await ask()
    desk.clock.jump(600_000 + 90 * 86_400_000)
    await ask()
    expect(requests.list(id)).toHaveLength(1)
    desk.clock.jump(1)
    await ask()
    expect(requests.list(id)).toEqual([])
  })

  test('are told of once they are placed, and once they are declined', async () => {
    const { desk, ask, approve } = await asking()
    const request = await ask()
    const { reviewId, hash } = await desk.reviews.review(request.ticket, { signal })
    expect([reviewId, hash].every(Boolean)).toBe(true)
    const before = desk.events.length
    await approve(request)
    // A review, an order on its way, its outcome, and the request itself.
    expect(desk.events.length - before).toBe(4)
  })
})

describe('a request', () => {
  test('that went out is told as sent where the disk did not take that it did, which the log says', async () => {
    const { desk, requests, ask } = await asking('direct')
    desk.db.raw.exec(`CREATE TRIGGER no_room BEFORE UPDATE OF intent_id ON order_requests BEGIN SELECT RAISE(ABORT, 'no room'); END`)
    const request = await ask()
    expect(request).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed' } })
    expect(requests.list(request.id)).toEqual([request])
    expect(desk.records).toMatchObject([
      { level: 'error', event: 'orders.request-not-kept', fields: { requestId: request.id, cause: expect.anything() as unknown } },
    ])
  })

  test('that the user approved while its program had it sent goes once, and is told as approved', async () => {
    const { desk, requests, ask } = await asking('direct')
    const { accounts } = desk.says
    Object.defineProperty(desk.says, 'accounts', {
      get() {
        for (const { id, state } of requests.list())
          if (state === 'waiting') answerRequest(desk.db.writer, id, { state: 'placed', clientOrderId: null }, desk.clock.now())
        return accounts
      },
    })
    expect(await ask()).toMatchObject({ state: 'placed', placed: null })
    expect(sent(desk)).toBe(0)
  })

  test('is placed once, by a review', async () => {
    const { desk, requests, ask, approve } = await asking()
    const request = await ask({ symbol: 'aapl' })
    const events = desk.events.length
    const placed = await approve(request)
    expect(placed.outcome).toBe('confirmed')
    expect(requests.list(request.id)).toMatchObject([{ state: 'placed', placed: { intentId: placed.intentId, outcome: 'confirmed' } }])
    expect(desk.events.length).toBeGreaterThan(events)
    expect(recorded(desk)[0]).toBe('order.request-placed: The request of a script was approved.')
    await expect(approve(request)).rejects.toMatchObject({ code: 'order/request-gone' })
    await expect(approve({ ...request, id: 'req_nobody' })).rejects.toMatchObject({ code: 'order/request-gone' })
    expect(sent(desk)).toBe(1)
  })

  test('is placed by no review that was used or never was, and then waits on', async () => {
    const { desk, requests, ask } = await asking()
    const request = await ask()
    await expect(requests.approve({ id: request.id, reviewId: 'rev_nobody', hash: '', confirmed: [] }, { signal })).rejects.toMatchObject({
      code: 'order/review-expired',
    })
    expect(requests.list(request.id)).toMatchObject([{ state: 'waiting', placed: null }])
    desk.deps.kill.pull('tray')
    const { reviewId, hash } = await desk.reviews.review(request.ticket, { signal })
    await expect(requests.approve({ id: request.id, reviewId, hash, confirmed: [] }, { signal })).rejects.toMatchObject({
      code: 'order/stopped-killed',
    })
    expect(requests.list(request.id)).toMatchObject([{ state: 'waiting' }])
  })

  test('is declined once, and gone after ten minutes', async () => {
    const { desk, requests, ask } = await asking()
    const [first, second] = [await ask(), await ask()]
    const events = desk.events.length
    await requests.decline(first.id)
    expect(desk.events).toHaveLength(events + 1)
    expect(requests.list(first.id)).toMatchObject([{ state: 'declined', placed: null }])
    expect(recorded(desk)[0]).toBe('order.request-declined: The request of a script was declined.')
    for (const id of [first.id, 'req_nobody']) await expect(requests.decline(id)).rejects.toMatchObject({ code: 'order/request-gone' })
    desk.clock.jump(600_000)
    expect(requests.list(second.id)).toMatchObject([{ state: 'waiting' }])
    desk.clock.jump(1)
    expect(
      requests
        .list()
        .map(({ state }) => state)
        .toSorted(),
    ).toEqual(['declined', 'expired'])
    expect(requests.waiting()).toBe(0)
    await expect(requests.decline(second.id)).rejects.toMatchObject({ code: 'order/request-gone' })
  })
})

describe('a request where programs may order without asking', () => {
  test('goes at once, under the name of its program', async () => {
    const { desk, requests, ask } = await asking('direct')
    const request = await ask()
    expect(request).toMatchObject({ state: 'placed', placed: { outcome: 'confirmed' } })
    expect(requests.list(request.id)).toEqual([request])
    expect([sent(desk), requests.waiting()]).toEqual([1, 0])
  })

  test('stands in the record as a program, whatever it calls itself', async () => {
    const { desk, ask } = await asking('direct')
    await ask({}, 'window')
    const [row] = desk.db.reader.all(sql`SELECT body FROM audit_log WHERE kind = 'order.sending'`)
    expect(JSON.parse(String(row?.['body']))).toMatchObject({ facts: { from: 'program: window' } })
  })

  test('is over where something stands against it, and says what', async () => {
    const { desk, requests, ask } = await asking('direct')
    desk.deps.kill.pull('tray')
    const request = await ask()
    // It was asked for, reviewed, and waits for nobody any more.
    expect(desk.events).toHaveLength(3)
    expect(request).toMatchObject({
      state: 'declined',
      placed: {
        intentId: '',
        outcome: 'not-sent',
        externalId: null,
        status: null,
        sentence: 'The kill switch is on, so no order is sent.',
        error: null,
      },
    })
    expect(requests.list(request.id)).toMatchObject([{ state: 'declined' }])
    expect(sent(desk)).toBe(0)
  })

  test('is over where it would need a second yes, or its broker cannot be read: nobody may send it later', async () => {
    const { desk, requests, ask } = await asking('direct')
    await ask()
    const twin = await ask()
    expect(twin).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent', error: { code: 'order/needs-confirmation' } } })
    expect(requests.list(twin.id)).toMatchObject([{ state: 'declined' }])
    const before = desk.events.length
    const bad = await ask({ limitPrice: d('100.001') })
    expect(desk.events).toHaveLength(before + 2)
    expect(bad).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent', error: { code: 'order/invalid' } } })
    expect(requests.list(bad.id)).toMatchObject([{ state: 'declined' }])
    expect(sent(desk)).toBe(1)
  })

  test('whose order is in doubt is placed, and says so', async () => {
    const { desk, requests, ask } = await asking('direct')
    desk.says.place = () => Promise.reject(new AppError('order/unknown'))
    const request = await ask()
    expect(request).toMatchObject({ state: 'placed', placed: { outcome: 'unknown' } })
    expect(requests.list(request.id)).toEqual([request])
  })

  test('that meets a mistake of our own is over, and the mistake is not hidden', async () => {
    const { desk, requests, ask } = await asking('direct')
    desk.says.rules = { preview: true }
    desk.says.preview = () => Promise.reject(new TypeError('a mistake'))
    await expect(ask()).rejects.toThrow('a mistake')
    expect(requests.list()).toMatchObject([{ state: 'declined' }])
  })

  test('that its user declined while it was looked at is over, and says that nothing was sent', async () => {
    const { desk, requests, ask } = await asking('direct')
    desk.says.rules = { preview: true }
    desk.says.preview = async () => {
      await requests.decline(requests.list()[0]?.id ?? '')
      throw new AppError('net/offline')
    }
    expect(await ask()).toMatchObject({ state: 'declined', placed: { outcome: 'not-sent' } })
    expect(sent(desk)).toBe(0)
  })
})

test('What programs asked for before Keelson ended keeps nobody from starting it where the disk takes nothing', async () => {
  const { desk, requests } = await asking()
  desk.db.writer.exec('PRAGMA query_only = ON')
  expect(() => requests.start()).not.toThrow()
  expect(desk.records.map(({ event, fields }) => [event, 'cause' in fields])).toContainEqual(['orders.requests-not-recovered', true])
})
