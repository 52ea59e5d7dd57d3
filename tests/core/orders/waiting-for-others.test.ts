import { describe, expect, test } from 'vitest'
import type { BrokerAdapter } from '../../../electron/core/brokers/adapter.ts'
import { insertIntent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { positionOf } from './support/order-desk.ts'
import { type PlacingDesk, placingDesk } from './support/placing-desk.ts'

const SELLING = { action: 'sell', limitPrice: Dec.of('100') } as const
type Asked = 'balances' | 'orders'

interface Quiet extends PlacingDesk {
  /** How often the other account was asked for it while it does not answer. */
  asked(what: Asked): number
  /** Whether it answers from now on. */
  answers(isAnswering: boolean): void
}

/** The other account hangs, and listens to no signal, or does whatever `instead` does. */
async function quiet(what: Asked, instead: (placing: PlacingDesk) => Promise<never> = () => new Promise(() => undefined)): Promise<Quiet> {
  const placing = await placingDesk()
  const { desk } = placing
  desk.says.positions = [positionOf('AAPL', '10')]
  const { adapter } = await desk.venue()
  const before: Pick<BrokerAdapter, Asked> = { balances: adapter.balances, orders: adapter.orders }
  let isQuiet = true
  const counted: Record<Asked, number> = { balances: 0, orders: 0 }
  const hangs = (of: Asked, key: string): boolean => {
    const isAsked = isQuiet && of === what && key === 'key-222'
    if (isAsked) counted[of] += 1
    return isAsked
  }
  Object.assign(adapter, {
    balances: (...args: Parameters<BrokerAdapter['balances']>) =>
      hangs('balances', args[0]) ? instead(placing) : before.balances(...args),
    orders: (...args: Parameters<BrokerAdapter['orders']>) => (hangs('orders', args[0]) ? instead(placing) : before.orders(...args)),
  })
  return { ...placing, asked: of => counted[of], answers: isAnswering => void (isQuiet = !isAnswering) }
}

/** Then what works there is not known any more. */
function sendFromOther({ db, clock, connection, otherId }: PlacingDesk['desk']): void {
  const at = clock.now()
  const { id: connectionId, environment } = connection
  insertIntent(db.writer, {
    id: 'int_o',
    accountId: otherId,
    connectionId,
    environment,
    kind: 'place',
    clientOrderId: 'o',
    draft: null,
    ticket: null,
    hash: '',
    target: null,
    createdAt: at,
    sentAt: at,
  })
}

const codes = ({ stops }: { readonly stops: readonly { readonly code: string }[] }): string[] => stops.map(({ code }) => code)

describe('a sale of what is held', () => {
  test.each(['balances', 'orders'] as const)('is reviewed and sent without asking another account for its %s', async what => {
    const { review, end, asked } = await quiet(what)
    const reviewed = await review(SELLING)
    expect(reviewed.stops).toEqual([])
    expect([await end(reviewed), asked(what)]).toEqual(['confirmed', 0])
  })

  test('of more than that is not said to wait for another account', async () => {
    const { review } = await quiet('balances')
    expect(codes(await review({ ...SELLING, quantity: Dec.of('11') }))).toEqual(['order/stopped-more-than-held'])
  })
})

describe('an order that opens beside an account that does not answer', () => {
  test.each([
    ['balances', 10_000, 'order/stopped-loss-unknown-all'],
    ['orders', 20_000, 'order/stopped-open-value-unknown-all'],
  ] as const)('is told so, for want of its %s, after %i milliseconds', async (what, ms, code) => {
    const { desk, review } = await quiet(what)
    let stops: readonly string[] | null = null
    const going = review().then(reviewed => void (stops = codes(reviewed)))
    await desk.clock.advance(ms - 1)
    expect(stops).toBeNull()
    await desk.clock.advance(1)
    await going
    expect(stops).toContain(code)
  })

  test.each(['balances', 'orders'] as const)('does not ask for its %s again when it is sent, and asks at the next review', async what => {
    const { desk, review, end, asked, market, answers } = await quiet(what)
    const going = review()
    await desk.clock.advance(20_000)
    const reviewed = await going
    expect(asked(what)).toBe(1)
    market({})
    expect(await end(reviewed)).toMatch(/^order\/stopped-.*-unknown-all$/)
    expect(asked(what)).toBe(1)
    answers(true)
    market({})
    const again = await review()
    expect(again.stops).toEqual([])
    expect(await end(again)).toBe('confirmed')
  })

  test('names it, and no review that expired, where it kept the yes waiting', async () => {
    const { desk, review, end, answers } = await quiet('orders', ({ desk: { clock }, market }) => {
      clock.jump(31_000)
      market({})
      return Promise.reject(new AppError('net/timeout'))
    })
    answers(true)
    const reviewed = await review()
    expect(reviewed.stops).toEqual([])
    desk.clock.jump(10)
    sendFromOther(desk)
    answers(false)
    expect(await end(reviewed)).toBe('order/stopped-open-value-unknown-all')
  })

  test('is given up where nobody waits for it any more', async () => {
    const { desk } = await quiet('balances')
    const stopper = new AbortController()
    const going = desk.reviews.review(desk.ticket(), { signal: stopper.signal })
    await desk.clock.advance(100)
    stopper.abort()
    await expect(going).rejects.toMatchObject({ code: 'app/canceled' })
  })
})
