import { beforeEach, describe, expect, test } from 'vitest'
import { setHostTime } from '../../renderer/state/clock.ts'
import { moreDone, olderRecord, refreshDoneOrders, refreshOpenOrders, refreshRecord, useOrders, waiting } from '../../renderer/state/orders.ts'
import { dataOf, succeeded } from '../../renderer/state/remote.ts'
import { useSurface } from '../../renderer/state/surface.ts'
import {
  armForReview,
  backToForm,
  closeTicket,
  confirmNeed,
  followSent,
  heldBy,
  lookAgain,
  openTicket,
  openWith,
  refreshQuote,
  reviewTicket,
  sendReviewed,
  shownQuote,
  typeDigits,
  typeIn,
  useTicket,
} from '../../renderer/state/ticket.ts'
import { formOf } from '../../renderer/lib/ticket.ts'
import { Instant } from '../../shared/domain/time.ts'
import { decimal, instant, NOW } from './examples.ts'
import { type Asked, fakeCore, ok, refusal } from './fake-core.ts'
import { desk, deskConnection, orderRow, placed, review, ticket } from './order-examples.ts'

const now = instant(NOW)
const step = () => useTicket.getState().step
const CLEAR = { isLinked: true, isKilled: false }

/** A core that reviews and takes every order; `change` answers some routes otherwise. */
function core(change: Readonly<Record<string, (asked: Asked) => unknown>> = {}) {
  const answers: Readonly<Record<string, unknown>> = {
    'orders.desk': desk(),
    'orders.review': review(),
    'orders.place': placed(),
    'orders.approve': placed(),
    'orders.arm': {},
    'orders.resolve': placed(),
  }
  return fakeCore(asked => change[asked.route]?.(asked) ?? ok(answers[asked.route]))
}

const sent = (fake: ReturnType<typeof core>) => fake.asked.filter(({ route }) => route === 'orders.place' || route === 'orders.approve')

async function reviewed() {
  openTicket(formOf(ticket()))
  await reviewTicket()
}

beforeEach(() => {
  setHostTime(now)
  useTicket.setState(useTicket.getInitialState(), true)
  useSurface.setState(useSurface.getInitialState(), true)
  useOrders.setState({ ...useOrders.getInitialState(), desk: succeeded(desk(), now) }, true)
})

describe('one press', () => {
  test('sends what was reviewed, once, however often it is pressed', async () => {
    const fake = core()
    await reviewed()
    await Promise.all(Array.from({ length: 100 }, sendReviewed))
    await sendReviewed()
    expect(sent(fake)).toEqual([{ route: 'orders.place', input: { reviewId: 'rev_1', hash: 'h1', confirmed: [] } }])
    expect(step()).toMatchObject({ kind: 'sent', placed: { outcome: 'confirmed' } })
  })

  test('sends nothing without a review', async () => {
    const fake = core()
    openTicket(formOf(ticket()))
    await sendReviewed()
    expect(fake.routes()).not.toContain('orders.place')
  })

  test('asks for one review at a time, and forgets one the user went back from', async () => {
    const fake = core()
    openTicket(formOf(ticket()))
    await Promise.all([reviewTicket(), reviewTicket()])
    expect(fake.routes().filter(route => route === 'orders.review')).toHaveLength(1)
    backToForm()
    const late = reviewTicket()
    backToForm()
    await late
    expect(step()).toEqual({ kind: 'edit' })
  })

  test('reviews exactly what stands in the form', async () => {
    const fake = core()
    openTicket(formOf(ticket()))
    typeIn({ size: '25', action: 'sell' })
    await reviewTicket()
    expect(fake.asked.find(({ route }) => route === 'orders.review')?.input).toEqual(ticket({ quantity: decimal('25'), action: 'sell' }))
  })
})

describe('what keeps an order back', () => {
  const heldWith = async (change: Parameters<typeof review>[0], at: Instant = now) => {
    const fake = core({ 'orders.review': () => ok(review(change)) })
    await reviewed()
    const current = step()
    const held = current.kind === 'review' ? heldBy(current, at, CLEAR) : 'no review'
    await sendReviewed()
    return { held, sent: sent(fake).length }
  }
  const stop = { code: 'order/stopped-notional', message: 'Too much.', action: 'Order less.' }
  const stopDigits = { code: 'order/stopped-digits', message: 'Digits.', action: 'Type them.' }
  const need = { confirmation: 'duplicate' as const, sentence: 'The same went out just now.' }

  test('is a stop, a second yes that was not given, or digits that were not typed', async () => {
    expect(await heldWith({ stops: [stop] })).toEqual({ held: 'stopped', sent: 0 })
    expect(await heldWith({ needs: [need] })).toEqual({ held: 'needs', sent: 0 })
    expect(await heldWith({ needsLiveDigits: true })).toEqual({ held: 'digits', sent: 0 })
    expect(await heldWith({ needsLiveDigits: true, stops: [stopDigits] })).toEqual({ held: 'digits', sent: 0 })
    expect(await heldWith({})).toEqual({ held: null, sent: 1 })
  })

  test('is a kill switch thrown since it was reviewed, whoever threw it', async () => {
    const fake = core()
    await reviewed()
    useOrders.setState({ desk: succeeded(desk({ kill: { on: true, since: now, by: 'the command line' } }), now) })
    await sendReviewed()
    const current = step()
    expect(current.kind === 'review' && heldBy(current, now, { ...CLEAR, isKilled: true })).toBe('killed')
    expect(sent(fake)).toEqual([])
  })

  test('is a Keelson that does not answer: nothing waits to go out by itself once it does', async () => {
    const fake = core()
    await reviewed()
    fake.link({ kind: 'connecting', attempt: 1 })
    await sendReviewed()
    const current = step()
    expect(current.kind === 'review' && heldBy(current, now, { ...CLEAR, isLinked: false })).toBe('unlinked')
    expect(sent(fake)).toEqual([])
    fake.link({ kind: 'open' })
    expect(sent(fake)).toEqual([])
    await sendReviewed()
    expect(sent(fake)).toHaveLength(1)
  })

  test('is a review that has run out', async () => {
    const fake = core({ 'orders.review': () => ok(review({ expiresAt: now })) })
    await reviewed()
    await sendReviewed()
    expect(sent(fake)).toEqual([])
    const current = step()
    expect(current.kind === 'review' && heldBy(current, Instant.plus(now, 1), CLEAR)).toBe('expired')
  })

  test('goes with the order once each second yes is given', async () => {
    const fake = core({ 'orders.review': () => ok(review({ needs: [need, { confirmation: 'market-closed', sentence: 'Closed.' }] })) })
    await reviewed()
    confirmNeed('duplicate', true)
    await sendReviewed()
    confirmNeed('market-closed', true)
    await sendReviewed()
    expect(sent(fake).map(({ input }) => input)).toEqual([{ reviewId: 'rev_1', hash: 'h1', confirmed: ['duplicate', 'market-closed'] }])
  })

  test('asks for the digits of a live account before anything goes out, and confirming them sends nothing', async () => {
    const fake = core({ 'orders.review': () => ok(review({ environment: 'live', needsLiveDigits: true })) })
    await reviewed()
    typeDigits('7702')
    await armForReview()
    expect(fake.asked.find(({ route }) => route === 'orders.arm')?.input).toEqual({ accountId: 'acc_1', digits: '7702' })
    expect(sent(fake)).toEqual([])
    await sendReviewed()
    expect(sent(fake)).toHaveLength(1)
  })

  test('stays after wrong digits', async () => {
    const fake = core({ 'orders.review': () => ok(review({ needsLiveDigits: true })), 'orders.arm': () => refusal('order/wrong-digits') })
    await reviewed()
    typeDigits('1111')
    await armForReview()
    await sendReviewed()
    expect(sent(fake)).toEqual([])
    expect(step()).toMatchObject({ kind: 'review', error: { code: 'order/wrong-digits' } })
  })
})

describe('what became of it', () => {
  test('is told as it is: unknown stays unknown until it is looked up', async () => {
    core({ 'orders.place': () => ok(placed({ outcome: 'unknown', externalId: null, status: null })) })
    await reviewed()
    await sendReviewed()
    expect(step()).toMatchObject({ kind: 'sent', placed: { outcome: 'unknown' } })
    await lookAgain()
    expect(step()).toMatchObject({ kind: 'sent', placed: { outcome: 'confirmed' } })
  })

  test('is followed by itself as soon as Keelson has found it, and not before', async () => {
    let status = 'unknown'
    const fake = core({
      'orders.place': () => ok(placed({ outcome: 'unknown', externalId: null, status: null })),
      'orders.detail': () => ok({ order: orderRow({ status }), ticket: null, events: [], fills: [] }),
    })
    await reviewed()
    await sendReviewed()
    await followSent()
    expect(step()).toMatchObject({ kind: 'sent', placed: { outcome: 'unknown' } })
    expect(fake.routes()).not.toContain('orders.resolve')
    status = 'working'
    await followSent()
    expect(step()).toMatchObject({ kind: 'sent', placed: { outcome: 'confirmed' } })
  })

  const BEFORE = ['order/changed', 'net/timeout', 'broker/rate-limited', 'auth/sign-in-needed', 'vault/locked', 'app/locked', 'app/not-found']
  test.each(BEFORE)(
    'is back in the review where the core refused to send, or could not read what it needs first: %s',
    async code => {
      core({ 'orders.place': () => refusal(code) })
      await reviewed()
      await sendReviewed()
      expect(step()).toMatchObject({ kind: 'review', error: { code } })
    },
  )

  test.each(['app/disconnected', 'app/internal', 'order/unknown'])(
    'is not known here when the line breaks with %s: nothing offers to send it again',
    async code => {
      const fake = core({ 'orders.place': () => refusal(code) })
      await reviewed()
      await sendReviewed()
      expect(step()).toMatchObject({ kind: 'lost', error: { code } })
      await sendReviewed()
      expect(sent(fake)).toHaveLength(1)
    },
  )

  test('is waited for when the ticket is put away, and shown when it is opened again', async () => {
    let answer: (envelope: unknown) => void = () => undefined
    core({ 'orders.place': () => new Promise(resolve => void (answer = resolve)) })
    await reviewed()
    const sending = sendReviewed()
    closeTicket()
    openTicket({ symbol: 'TSLA' })
    expect(step()).toMatchObject({ kind: 'sending' })
    answer(ok(placed()))
    await sending
    expect(step()).toMatchObject({ kind: 'sent' })
  })
})

describe('a request of a program', () => {
  test('goes to its review, and out only as that request', async () => {
    const fake = core()
    openWith(ticket(), { id: 'req_1', from: 'a script' })
    await expect.poll(step).toMatchObject({ kind: 'review' })
    await sendReviewed()
    expect(sent(fake)).toEqual([{ route: 'orders.approve', input: { id: 'req_1', reviewId: 'rev_1', hash: 'h1', confirmed: [] } }])
  })

  test('leaves nothing of itself in the next ticket', () => {
    openWith(ticket({ replaces: 'o9' }), null)
    closeTicket()
    openTicket()
    expect(useTicket.getState()).toMatchObject({ request: null, form: { replaces: null, symbol: '', accountId: 'acc_1' } })
  })
})

test('a price is never shown beside another symbol or account than its own', async () => {
  const quote = (symbol: string) => ({
    symbol,
    bid: '1',
    ask: '2',
    last: null,
    previousClose: null,
    change: null,
    changePercent: null,
    currency: 'USD',
    delayed: false,
    asOf: NOW,
    fetchedAt: NOW,
  })
  core({ 'orders.quote': ({ input }) => ok(quote(JSON.stringify(input).includes('AAPL') ? 'AAPL' : 'another')) })
  const shown = () => shownQuote(useTicket.getState())
  openTicket(formOf(ticket()))
  await refreshQuote()
  expect(shown()).toMatchObject({ status: 'ready', data: { symbol: 'AAPL' } })
  typeIn({ symbol: 'TSLA' })
  expect(shown()).toEqual({ status: 'idle' })
  typeIn({ symbol: 'AAPL', assetClass: 'crypto' })
  expect(shown()).toEqual({ status: 'idle' })
})

test('the ticket keeps what was typed when it is put away', () => {
  openTicket({ symbol: 'NVDA' })
  typeIn({ size: '3' })
  closeTicket()
  openTicket()
  expect(useTicket.getState().form).toMatchObject({ symbol: 'NVDA', size: '3' })
})

test('done orders are read to the last of them, page after page, and again as many as are shown', async () => {
  const all = Array.from({ length: 700 }, (_, at) => orderRow({ id: `ord_${at}` }))
  const fake = core({
    'orders.list': ({ input }) => {
      const from = Number(Reflect.get(Object(input), 'after') ?? 0)
      const to = from + Number(Reflect.get(Object(input), 'limit'))
      return ok({ rows: all.slice(from, to), next: to < all.length ? String(to) : null })
    },
  })
  await refreshDoneOrders()
  for (let page = 0; page < 6; page += 1) await moreDone()
  const { done, doneMore } = useOrders.getState()
  expect(dataOf(done)?.rows.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  expect(doneMore).toEqual({ status: 'idle' })
  await refreshDoneOrders()
  expect(fake.asked.map(({ input }) => input)).toMatchObject([{ state: 'done', limit: 50 }, ...['50', '200', '350', '500', '650'].map(after => ({ limit: 150, after })), { limit: 500 }])
})

test('every open order is read, however many there are, each once', async () => {
  const all = Array.from({ length: 1130 }, (_, at) => orderRow({ id: `ord_${at}` }))
  const fake = core({
    'orders.list': ({ input }) => {
      const from = Number(Reflect.get(Object(input), 'after') ?? 0)
      const to = from + Number(Reflect.get(Object(input), 'limit'))
      // One moved back by a row while the pages were read.
      return ok({ rows: all.slice(Math.max(0, from - 1), to), next: to < all.length ? String(to) : null })
    },
  })
  await refreshOpenOrders()
  expect(dataOf(useOrders.getState().open)).toEqual({ rows: all, next: null })
  expect(fake.asked.map(({ input }) => input)).toEqual([{ state: 'open', limit: 500 }, ...['500', '1000'].map(after => ({ state: 'open', limit: 500, after }))])
})

test('the record of orders goes on behind its newest entries', async () => {
  const row = (seq: number) => ({ seq, at: NOW, kind: 'order.review', accountId: 'acc_1', intentId: null, sentence: `Entry ${seq}.` })
  const fake = core({
    'audit.page': ({ input }) => ok(Reflect.get(Object(input), 'after') === 2 ? { rows: [row(1)], next: null } : { rows: [row(3), row(2)], next: 2 }),
  })
  await refreshRecord()
  await olderRecord()
  await olderRecord()
  expect(dataOf(useOrders.getState().record)).toEqual({ rows: [row(3), row(2), row(1)], next: null })
  expect(fake.asked.map(({ input }) => input)).toEqual([{ limit: 200 }, { limit: 200, after: 2 }])
})

test('what waits for the user is counted over all connections', () => {
  const view = desk({ requests: 2, connections: [deskConnection({ unknown: 1 }), deskConnection({ connectionId: 'con_2', unknown: 2 })] })
  expect([waiting(view), waiting(undefined)]).toEqual([
    { requests: 2, unknown: 3 },
    { requests: 0, unknown: 0 },
  ])
})
