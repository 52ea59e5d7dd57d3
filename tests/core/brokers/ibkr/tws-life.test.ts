import { afterEach, describe, expect, test } from 'vitest'
import { createTrading } from '../../../../electron/core/brokers/ibkr/tws/trading.ts'
import { ACCOUNT, details, LIMIT, openOrder, orderScene, type Reply, status } from './support/tws-orders.ts'
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
