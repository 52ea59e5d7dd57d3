import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { PlacedOrder } from '../../../shared/domain/order.ts'
import { lastLook } from '../../../electron/core/net/last-look.ts'
import { getIntent, type Intent, openIntents } from '../../../electron/core/store/order-intents.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { scriptedVenue, type ScriptedVenue } from './support/scripted-venue.ts'

const ticketOf = (accountId: Ticket['accountId']): Ticket => ({
  accountId,
  symbol: 'AAPL',
  assetClass: 'equity',
  action: 'buy',
  type: 'limit',
  quantity: Dec.of('2'),
  notional: null,
  limitPrice: Dec.of('100'),
  stopPrice: null,
  timeInForce: 'day',
  extendedHours: false,
  replaces: null,
})

const send = ({ submit, venue, accountId }: ScriptedVenue, clientOrderId = 'one', mayGo: () => void = () => undefined): Promise<Intent> =>
  submit({ venue, ticket: ticketOf(accountId), draft: limitDraft({ clientOrderId }), hash: 'h', from: 'window', mayGo })

/** An adapter that waits for its turn to send, and stops there when it is told to. */
const waits = (signal: AbortSignal): Promise<PlacedOrder> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('app/canceled')), { once: true }))

describe('sending', () => {
  test('writes down what it will do before it does, and what became of it', async () => {
    const at = await scriptedVenue()
    const seen: string[] = []
    at.script.place = ({ clientOrderId }) => {
      seen.push(...openIntents(at.db.reader).map(({ outcome }) => outcome))
      return Promise.resolve({ externalId: clientOrderId, status: 'working', statusText: 'new' })
    }
    expect(await send(at)).toMatchObject({ outcome: 'confirmed', externalId: 'one', status: 'new' })
    expect(seen).toEqual(['sending'])
  })

  test('does not begin when something stands against it at the last moment, or the same id was used before', async () => {
    const at = await scriptedVenue()
    const no = (): never => {
      throw new AppError('order/stopped-killed')
    }
    await expect(send(at, 'one', no)).rejects.toMatchObject({ code: 'order/stopped-killed' })
    expect(openIntents(at.db.reader)).toEqual([])
    await send(at)
    await expect(send(at)).rejects.toThrow(/UNIQUE/)
    expect(at.sent).toHaveLength(1)
  })

  test.each<[string, unknown, string]>([
    ['nobody knows', new AppError('order/unknown'), 'unknown'],
    ['a mistake of our own', new TypeError('undefined is not a function'), 'unknown'],
    ['an answer nobody can read', new AppError('broker/unreadable'), 'unknown'],
    ['a mistake inside', new AppError('app/internal'), 'unknown'],
    ['a refusal', new AppError('order/rejected'), 'rejected'],
    ['no network', new AppError('net/offline'), 'not-sent'],
    ['an ended sign-in', new AppError('auth/sign-in-needed'), 'not-sent'],
    ['a draft that cannot be sent', new AppError('order/invalid'), 'not-sent'],
  ])('that ends with %s is what is certain of it', async (_, error, outcome) => {
    const at = await scriptedVenue()
    at.script.place = () => Promise.reject(error)
    expect((await send(at)).outcome).toBe(outcome)
    expect(at.sent).toHaveLength(1)
  })

  test('stops what waits for its turn when the kill switch is pulled, and by the file another program made', async () => {
    const at = await scriptedVenue()
    at.script.place = (_, signal) => waits(signal)
    const first = send(at)
    await at.clock.advance(50)
    at.kill.pull('window')
    expect(await first).toMatchObject({ outcome: 'not-sent', error: { code: 'order/stopped-killed' } })
    expect(await send(at, 'two')).toMatchObject({ outcome: 'not-sent', error: { code: 'order/stopped-killed' } })
    expect(at.sent).toHaveLength(1)
    at.kill.release()
    const third = send(at, 'three')
    await at.clock.advance(50)
    writeFileSync(at.killFile, '')
    await at.clock.advance(250)
    expect(await third).toMatchObject({ outcome: 'not-sent', error: { code: 'order/stopped-killed' } })
  })

  test('lets nothing leave after a sleep, nor twenty seconds late', async () => {
    const at = await scriptedVenue()
    at.script.place = (_, signal) => waits(signal)
    const slept = send(at)
    await at.clock.advance(50)
    await at.clock.sleep(3_600_000)
    expect(await slept).toMatchObject({ outcome: 'not-sent', error: { code: 'net/asleep' } })
    const late = send(at, 'two')
    await at.clock.advance(20_001)
    expect(await late).toMatchObject({ outcome: 'not-sent', error: { code: 'order/too-late' } })
  })

  test.each<[string, (clock: VirtualClock) => Promise<void> | void, string | null]>([
    ['a sleep nobody told of, which stops the timers too', clock => clock.sleep(20_001, { announced: false }), 'order/too-late'],
    ['a wall clock set back over its wait', clock => clock.set(-20_001), 'order/too-late'],
    ['twenty seconds by the clock that never jumps', clock => (clock.jump(20_001), clock.set(-20_001)), 'order/too-late'],
    ['no more than twenty seconds', clock => clock.sleep(20_000, { announced: false }), null],
  ])('looks at both clocks when it is about to leave, after %s', async (_, wait, code) => {
    const at = await scriptedVenue()
    at.script.place = async (_, signal) => {
      await wait(at.clock)
      lastLook(signal)
      if (signal.aborted) throw new AppError('app/canceled')
      return { externalId: '7', status: 'working', statusText: 'new' }
    }
    const { outcome, error } = await send(at)
    expect([outcome, error?.code ?? null]).toEqual([code === null ? 'confirmed' : 'not-sent', code])
  })

  test('takes the wait for being written down as part of it', async () => {
    const at = await scriptedVenue()
    at.script.place = (_, signal) => {
      lastLook(signal)
      return signal.aborted
        ? Promise.reject(new AppError('app/canceled'))
        : Promise.resolve({ externalId: '7', status: 'working', statusText: '' })
    }
    expect(await send(at, 'one', () => at.clock.set(20_001))).toMatchObject({ outcome: 'not-sent', error: { code: 'order/too-late' } })
  })

  test('of which no outcome could be written is in doubt, and is found', async () => {
    const at = await scriptedVenue()
    const { between } = at.core
    // The disk is full when the answer comes.
    Object.assign(at.core, { between: () => Promise.reject(new AppError('app/disk-full')) })
    const { id, outcome } = await send(at)
    Object.assign(at.core, { between })
    expect(outcome).toBe('unknown')
    expect(openIntents(at.db.reader)).toMatchObject([{ id, outcome: 'sending' }])
    at.shown.push({ from: 0, order: brokerOrder({ externalId: 'one', submittedAt: at.clock.now() }) })
    expect(await at.resolver.look(id)).toMatchObject({ outcome: 'confirmed', externalId: 'one' })
  })

  test('that is on its way when the app ends is waited for', async () => {
    const at = await scriptedVenue()
    const answer = Promise.withResolvers<PlacedOrder>()
    at.script.place = () => answer.promise
    const going = send(at)
    await at.clock.advance(50)
    const closed = at.submit.close()
    answer.resolve({ externalId: '9', status: 'working', statusText: 'new' })
    await closed
    expect(await going).toMatchObject({ outcome: 'confirmed', externalId: '9' })
    await expect(send(at, 'two')).rejects.toMatchObject({ code: 'app/canceled' })
  })

  test('that was found by a look meanwhile stays found, whatever the answer is', async () => {
    const at = await scriptedVenue()
    at.script.place = () => {
      at.shown.push({ from: 0, order: brokerOrder({ externalId: '5', clientOrderId: 'one', submittedAt: at.clock.now() }) })
      return Promise.reject(new AppError('order/unknown'))
    }
    const { id } = await send(at)
    expect(await at.resolver.look(id)).toMatchObject({ outcome: 'confirmed', externalId: '5' })
    expect(getIntent(at.db.reader, id)?.outcome).toBe('confirmed')
  })
})
