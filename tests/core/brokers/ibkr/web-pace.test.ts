import { describe, expect, test } from 'vitest'
import { createPace } from '../../../../electron/core/brokers/ibkr/web/pace.ts'
import { createSharedReading } from '../../../../electron/core/brokers/ibkr/web/shared-reading.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { stepClock } from '../../net/support/step-clock.ts'
import { scriptedWeb } from './support/scripted-web.ts'
import { codeOf } from './support/tws-scene.ts'

const stop = { signal: new AbortController().signal }
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** Calls that write down when they may leave. */
function paced() {
  const clock = stepClock()
  const pace = createPace(clock)
  const left: string[] = []
  return {
    clock,
    pace,
    left,
    call: (name: string, signal = stop.signal) => pace.take('orders', { signal }).then(() => left.push(`${name} ${clock.monotonicMs()}`)),
    async passes(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 1000) {
        await settled()
        clock.advance(1000)
      }
      await settled()
    },
  }
}

describe('calls of one kind', () => {
  test('leave one after another, five seconds apart, the first at once', async () => {
    const { call, left, passes } = paced()
    for (const name of ['a', 'b', 'c']) void call(name)
    await passes(12_000)
    expect(left).toEqual(['a 0', 'b 5000', 'c 10000'])
    await passes(18_000)
    for (const name of ['d', 'e']) void call(name)
    await passes(5_000)
    expect(left.slice(3)).toEqual(['d 30000', 'e 35000'])
  })

  test('give their turn to the next one where whoever waited gave up', async () => {
    const { call, left, passes, clock } = paced()
    const giveUp = new AbortController()
    void call('a')
    const gone = codeOf(call('b', giveUp.signal))
    const goneToo = codeOf(call('c', giveUp.signal))
    void call('d')
    giveUp.abort()
    // At once, not when it would have been their turn.
    await expect(Promise.all([gone, goneToo])).resolves.toEqual(['app/canceled', 'app/canceled'])
    expect(clock.monotonicMs()).toBe(0)
    await passes(5_000)
    expect(left).toEqual(['a 0', 'd 5000'])
  })

  test('take no turn where nobody waits for them any more', async () => {
    const { call, left, passes } = paced()
    await expect(codeOf(call('a', AbortSignal.abort()))).resolves.toBe('app/canceled')
    void call('b')
    const giveUp = new AbortController()
    const gone = codeOf(call('c', giveUp.signal))
    giveUp.abort()
    await gone
    await passes(6_000)
    void call('d')
    await settled()
    expect(left).toEqual(['b 0', 'd 6000'])
  })
})

describe('the orders of a session', () => {
  const ACCOUNTS = ['DU1000001', 'DU1000002', 'DU1000003', 'DU1000004']
  const [ONE = '', TWO = ''] = ACCOUNTS
  const query = { status: 'open', range: { from: LocalDate.of('2026-11-01'), to: LocalDate.of('2026-11-21') } } as const
  const row = { acct: TWO, orderId: 7, ticker: 'AAPL', secType: 'STK', side: 'BUY', status: 'Submitted', totalSize: 2 }

  function web(rows: readonly object[] = []) {
    const { adapter, calls, clock } = scriptedWeb('oauth', ({ path }) =>
      path === '/iserver/accounts'
        ? { accounts: ACCOUNTS }
        : path === '/iserver/account/orders'
          ? { orders: rows }
          : path.startsWith('/iserver/account/DU')
            ? { msg: 'Request was submitted' }
            : undefined,
    )
    return {
      adapter,
      clock,
      read: (account: string) => adapter.orders(account, query, stop),
      asked: () => calls.filter(({ path }) => path === '/iserver/account/orders').length,
    }
  }

  test('are read once for all accounts that ask together, each with its own', async () => {
    const { read, asked } = web([row])
    const all = await Promise.all(ACCOUNTS.map(read))
    expect(all.map(orders => orders.map(({ externalId }) => externalId))).toEqual([[], ['7'], [], []])
    expect(asked()).toBe(1)
  })

  test('are read anew for an account that asks again, and after five seconds', async () => {
    const { read, asked, clock } = web([row])
    await read(ONE)
    await read(ONE)
    expect(asked()).toBe(2)
    clock.advance(5_000)
    await read(TWO)
    expect(asked()).toBe(2)
    clock.advance(1)
    await read(ACCOUNTS[2] ?? '')
    expect(asked()).toBe(3)
  })

  test('are read anew once something was sent, which the list of before does not know of', async () => {
    const { adapter, read, asked } = web([row])
    await read(ONE)
    await adapter.trading?.cancelOrder(TWO, '7', stop)
    await read(TWO)
    expect(asked()).toBe(2)
  })
})

describe('a reading that is shared', () => {
  function shared() {
    const reading = createSharedReading<string>(stepClock())
    const asks: { readonly answer: PromiseWithResolvers<string>; readonly signal: AbortSignal }[] = []
    const of = (account: string, signal = stop.signal): Promise<string> =>
      reading.of(
        account,
        ask => {
          const answer = Promise.withResolvers<string>()
          asks.push({ answer, signal: ask.signal })
          return answer.promise
        },
        { signal },
      )
    return { reading, asks, of }
  }

  test('goes on while anybody waits for it, and is given up with the last', async () => {
    const { asks, of } = shared()
    const [first, second] = [new AbortController(), new AbortController()]
    const one = codeOf(of('a', first.signal))
    const two = codeOf(of('b', second.signal))
    first.abort()
    await expect(one).resolves.toBe('app/canceled')
    expect(asks.map(({ signal }) => signal.aborted)).toEqual([false])
    second.abort()
    await expect(two).resolves.toBe('app/canceled')
    expect(asks.map(({ signal }) => signal.aborted)).toEqual([true])
    const three = of('c')
    asks[1]?.answer.resolve('new')
    await expect(three).resolves.toBe('new')
  })

  test("that fails is nobody else's", async () => {
    const { asks, of } = shared()
    const one = codeOf(of('a'))
    asks[0]?.answer.reject(new AppError('net/offline'))
    await expect(one).resolves.toBe('net/offline')
    const two = of('b')
    asks[1]?.answer.resolve('new')
    await expect(two).resolves.toBe('new')
  })

  test('that was under way when something was sent is not joined any more', async () => {
    const { reading, asks, of } = shared()
    const one = of('a')
    reading.outdate()
    const two = of('b')
    asks[0]?.answer.resolve('of before')
    asks[1]?.answer.resolve('of after')
    await expect(Promise.all([one, two])).resolves.toEqual(['of before', 'of after'])
  })

  test('is asked for by nobody who gave up before', async () => {
    const { asks, of } = shared()
    await expect(codeOf(of('a', AbortSignal.abort()))).resolves.toBe('app/canceled')
    expect(asks).toEqual([])
  })
})
