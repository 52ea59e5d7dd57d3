import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Envelope } from '../../shared/contract/envelope.ts'
import { routes } from '../../shared/contract/routes.ts'
import { type FakeCore, fakeCore } from './support/fake-core.ts'
import { type House, openHouse } from './support/open-house.ts'

/** What only a person may say yes to. */
const YES: readonly (readonly [string, object])[] = [
  ['orders.place', { reviewId: 'rev_1', hash: 'h' }],
  ['orders.approve', { id: 'req_1', reviewId: 'rev_1', hash: 'h' }],
  ['orders.settle', { intentId: 'int_1', outcome: 'rejected' }],
  ['orders.setLimits', { accountId: null, limits: null }],
  ['orders.setTrading', { connectionId: 'con_1', on: true, automation: 'direct' }],
  ['orders.setTrading', { connectionId: 'con_1', on: 'false' }],
  ['orders.setTrading', {}],
  // It stands ready in the dialog of whoever switches it on next.
  ['orders.setTrading', { connectionId: 'con_1', on: false, automation: 'direct' }],
]
/** Asking, looking, and whatever only lowers what can be lost; and what commands of the command line do. */
const OPEN: readonly (readonly [string, object])[] = [
  ['orders.request', {}],
  ['orders.requests', {}],
  ['orders.decline', { id: 'req_1' }],
  ['orders.review', {}],
  ['orders.cancel', {}],
  ['orders.kill', { by: 'cli' }],
  ['orders.setTrading', { connectionId: 'con_1', on: false }],
  ['orders.arm', {}],
  ['orders.rearm', {}],
  ['audit.accept', {}],
]

/** A core that answers every route with its name. */
const answering = (): FakeCore => fakeCore(Object.fromEntries(Object.keys(routes).map(route => [route, () => route])))

async function asked(house: House, headers: Record<string, string>, [route, input]: readonly [string, object]): Promise<Envelope<unknown>> {
  const socket = new WebSocket(`ws://${house.host}/ws`, { headers })
  try {
    return await new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('open', () => socket.send(JSON.stringify({ type: 'request', request: { id: 'a', route, input } })))
      socket.once('message', data => {
        const message = JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '') as { envelope: Envelope<unknown> }
        resolve(message.envelope)
      })
    })
  } finally {
    socket.terminate()
  }
}

describe('a program with the token of the private file', () => {
  test.each(YES)('says no yes in place of the user: %s %j', async (route, input) => {
    await using house = await openHouse(answering())
    const authorization = `Bearer ${house.doorkeeper.bearer}`
    expect(await asked(house, { authorization }, [route, input])).toMatchObject({ ok: false, error: { code: 'order/for-users' } })
    expect(house.core.asked).toEqual([])
    expect(await asked(house, { cookie: house.cookie }, [route, input])).toEqual({ ok: true, data: route })
    expect(await asked(house, { cookie: house.cookie, authorization }, [route, input])).toEqual({ ok: true, data: route })
  })

  test('is kept to its part as long as it does not ask for a link to come in as a browser: that is taken for the user', async () => {
    await using house = await openHouse(answering())
    const authorization = `Bearer ${house.doorkeeper.bearer}`
    const headers = { authorization, 'x-keelson': '1', 'content-type': 'application/json', host: house.host }
    const { link } = JSON.parse((await house.ask({ method: 'POST', path: '/link', headers })).body) as { link: string }
    const { headers: given } = await house.ask({ path: link.slice(link.indexOf('/?')), headers: { host: house.host } })
    const cookie = given['set-cookie']?.[0]?.split(';')[0] ?? ''
    expect(await asked(house, { cookie }, ['orders.approve', {}])).toEqual({ ok: true, data: 'orders.approve' })
  })

  test.each(OPEN)('does all the rest: %s %j', async (route, input) => {
    await using house = await openHouse(answering())
    expect(await asked(house, { authorization: `Bearer ${house.doorkeeper.bearer}` }, [route, input])).toEqual({ ok: true, data: route })
  })
})
