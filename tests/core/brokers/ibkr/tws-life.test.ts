import { afterEach, describe, expect, test } from 'vitest'
import { createTrading } from '../../../../electron/core/brokers/ibkr/tws/trading.ts'
import { ACCOUNT, details, LIMIT, openOrder, orderScene, PERM_ID, type Reply, status } from './support/tws-orders.ts'
import { codeOf, scenes } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const { open, close } = scenes()
afterEach(close)

const takes: Reply = (orderId, line) => line.say(openOrder(orderId, 'Submitted'), status(orderId, 'Submitted'))

describe('a long life of a session with TWS', () => {
  test('leaves one timer and one line, however often the line was lost', async () => {
    const { session, peer, clock } = await open()
    for (let times = 1; times <= 200; times += 1) {
      const link = await session.ready(stop)
      peer.lines.at(-1)?.hangUp()
      await clock.scheduled(ms => ms === 1000)
      expect(link.gone.aborted).toBe(true)
    }
    await session.ready(stop)
    expect(clock.pending()).toEqual([30_000])
    expect(peer.clients).toHaveLength(201)
    expect(process.listenerCount('uncaughtException')).toBeLessThan(10)
  })

  test.each([
    ['while nothing answers', { silent: true }],
    ['while TWS asks on its screen', { hello: () => false }],
  ])('can end %s, and begins nothing after it', async (_, options) => {
    const { session, clock, peer } = await open(options)
    const waiting = codeOf(session.ready(stop))
    await clock.scheduled(ms => ms === 15_000)
    await session.close()
    await expect(waiting).resolves.toBe('app/canceled')
    expect(clock.pending()).toEqual([])
    expect(peer.lines).toHaveLength(1)
  })

  test('can end between two tries', async () => {
    const { session, clock, peer } = await open()
    await session.ready(stop)
    peer.lines[0]?.hangUp()
    await clock.scheduled(ms => ms === 1000)
    await session.close()
    expect(clock.pending()).toEqual([])
    expect(() => session.now()).toThrow('the line was closed')
  })

  test('ends a hello that is followed by nonsense in the same breath', async () => {
    const { session } = await open({
      hello(_clientId, line) {
        line.bytes(
          Buffer.concat([
            Buffer.from('\u0000\u0000\u0000\u000f15\u00001\u0000DU1234567\u0000\u0000\u0000\u0000\u00069\u00001\u00007\u0000'),
            Buffer.alloc(4),
          ]),
        )
        return false
      },
    })
    await expect(codeOf(session.ready(stop))).resolves.toBe('broker/unreadable')
  })
})

describe('an instrument to be ordered', () => {
  const answered = (...found: readonly ((id: string) => readonly (string | number)[])[]) =>
    orderScene(open, takes, undefined, {
      answer(fields, line) {
        if (fields[0] === '9') line.say(...found.map(each => [...each(fields[2] ?? '')]), [52, 1, fields[2] ?? ''])
      },
    })
  const at =
    (exchange: string, conId = 265598) =>
    (id: string) =>
      Object.assign([...details(id)], { 8: exchange, 13: conId })

  test('is not guessed where its description fits several', async () => {
    const { deps, orders } = await answered(at('SMART', 1), at('SMART', 2))
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop))).resolves.toBe('order/invalid')
    expect(orders()).toEqual([])
  })

  test('listed at several places goes to the one that was asked for', async () => {
    const { deps, orders } = await answered(at('QBALGO'), at('SMART'))
    await createTrading(deps).placeOrder(ACCOUNT, LIMIT, stop)
    expect(orders()[0]?.[9]).toBe('SMART')
  })
})

test('client ids still taken while TWS restarts at night are tried again', async () => {
  const { session, clock } = await open({
    start: '2026-11-20T05:30:00.000Z',
    hello(_clientId, line) {
      line.say([4, 2, -1, 326, 'Unable to connect as the client id is already in use.', ''])
      return false
    },
  })
  await expect(codeOf(session.ready(stop))).resolves.toBe('broker/unavailable')
  expect(clock.pending()).toEqual([1000])
})

describe('an order given up', () => {
  test('while its instrument is looked up is not sent', async () => {
    const giving = new AbortController()
    const { deps, peer, orders } = await orderScene(open, takes, undefined, {
      answer: fields => void (fields[0] === '9' && giving.abort()),
    })
    const placing = codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, { signal: giving.signal }))
    await expect(placing).resolves.toBe('app/canceled')
    const link = await deps.session.ready(stop)
    link.api.reqIds()
    await peer.message(fields => fields[0] === '8')
    expect(orders()).toEqual([])
  })

  test('after it left may have arrived', async () => {
    const giving = new AbortController()
    const { deps, orders } = await orderScene(open, () => giving.abort())
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, { signal: giving.signal }))).resolves.toBe('order/unknown')
    expect(orders()).toHaveLength(1)
  })

  test('before it began is not even prepared', async () => {
    const { deps, peer } = await orderScene(open, takes)
    await expect(codeOf(createTrading(deps).placeOrder(ACCOUNT, LIMIT, { signal: AbortSignal.abort() }))).resolves.toBe('app/canceled')
    expect([peer.received, peer.lines]).toEqual([[], []])
  })
})

test('an order of the client id before is seen, and not changed from another', async () => {
  const { deps, peer } = await orderScene(open, takes, undefined, {
    hello(clientId, line) {
      if (clientId !== 7) return true
      line.say([4, 2, -1, 326, 'Unable to connect as the client id is already in use.', ''])
      return false
    },
    answer(fields, line) {
      if (fields[0] === '16') line.say(openOrder('7', 'Submitted'), [53, 1])
      if (fields[0] === '99') line.say([102])
    },
  })
  const calls = createTrading(deps)
  await expect(codeOf(calls.cancelOrder(ACCOUNT, String(PERM_ID), stop))).resolves.toBe('order/not-offered')
  await expect(codeOf(calls.replaceOrder(ACCOUNT, String(PERM_ID), LIMIT, stop))).resolves.toBe('order/not-offered')
  await expect(codeOf(calls.cancelOrder(ACCOUNT, '0x23ce9a78', stop))).resolves.toBe('order/not-found')
  expect(peer.received.filter(([id]) => id === '3' || id === '4')).toEqual([])
})
