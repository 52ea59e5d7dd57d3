import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { createCancel, type Cancel } from '../../../electron/core/orders/cancel.ts'
import { setConnectionState, setConsent } from '../../../electron/core/store/connections.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { getIntent, type Intent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { PlacedOrder } from '../../../shared/domain/order.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const DONE: PlacedOrder = { externalId: 'w', status: 'canceled', statusText: 'canceled' }

async function canceling(): Promise<{ readonly desk: OrderDesk; readonly cancel: Cancel; readonly told: Intent[] }> {
  const desk = await orderDesk()
  const told: Intent[] = []
  return { desk, cancel: createCancel(desk.deps, { venues: desk.venues, onOutcome: intent => void told.push(intent) }), told }
}
const canceled = ({ asked }: OrderDesk): string[] => asked.filter(one => one.startsWith('cancel '))

describe('an order that is taken back', () => {
  test('is written down before the broker is asked, and what became of it with the order it was for', async () => {
    const { desk, cancel, told } = await canceling()
    const before: string[] = []
    desk.says.cancel = () => {
      before.push(
        ...orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: 'w', intentId: null }).map(({ detail }) => detail.sentence),
      )
      return Promise.resolve(DONE)
    }
    const intent = await cancel(desk.accountId, 'w')
    expect(before).toEqual(['Canceling it.'])
    expect(canceled(desk)).toEqual(['cancel w of key-PA3ABCDEF'])
    const kept = {
      kind: 'cancel',
      outcome: 'confirmed',
      target: 'w',
      externalId: 'w',
      status: 'canceled',
      draft: null,
      ticket: null,
      environment: 'paper',
    }
    expect(intent).toMatchObject({ ...kept, accountId: desk.accountId, connectionId: desk.connection.id, sentAt: desk.clock.now() })
    expect(getIntent(desk.db.reader, intent.id)).toEqual(intent)
    expect(intent.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(told).toEqual([intent])
    expect(desk.events).toEqual([{ type: 'orders.changed' }])
    const events = orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: 'w', intentId: null })
    expect(events.map(({ kind, detail }) => [kind, detail.sentence])).toEqual([
      ['intent', 'Canceling it.'],
      ['outcome', 'The cancellation was taken: canceled.'],
    ])
    expect(desk.core.audit.page({ limit: 2 }).rows).toMatchObject([
      { kind: 'order.confirmed', accountId: desk.accountId, intentId: intent.id },
      { kind: 'order.cancel', accountId: desk.accountId, intentId: intent.id, sentence: 'Canceling it.' },
    ])
  })

  test('goes under the kill switch and with trading switched off', async () => {
    const { desk, cancel } = await canceling()
    desk.deps.kill.pull('tray')
    desk.db.writer.exec('DELETE FROM trading_switches')
    expect((await cancel(desk.accountId, 'w')).outcome).toBe('confirmed')
  })

  test.each([
    ['order/not-open', 'not-sent'],
    ['net/offline', 'not-sent'],
    ['order/rejected', 'rejected'],
    ['broker/unreadable', 'unknown'],
  ] as const)('may end with %s, which is %s', async (code, outcome) => {
    const { desk, cancel } = await canceling()
    desk.says.cancel = () => Promise.reject(new AppError(code))
    expect(await cancel(desk.accountId, 'w')).toMatchObject({ outcome, externalId: 'w', status: null })
  })

  test('is asked of the broker once, however many ask at a time, and again when asked again', async () => {
    const { desk, cancel } = await canceling()
    const [first, second, other] = await Promise.all([
      cancel(desk.accountId, 'w'),
      cancel(desk.accountId, 'w'),
      cancel(desk.accountId, 'x'),
    ])
    expect(second).toBe(first)
    expect(other.target).toBe('x')
    expect(canceled(desk)).toHaveLength(2)
    await cancel(desk.accountId, 'w')
    expect(canceled(desk)).toHaveLength(3)
    // Another account may have an order with the same number.
    await Promise.all([cancel(desk.accountId, 'w'), cancel(desk.otherId, 'w')])
    expect(canceled(desk).slice(-1)).toEqual(['cancel w of key-222'])
  })
})

describe('a cancellation that went out', () => {
  test('is known by its account and its order', async () => {
    const { desk, cancel } = await canceling()
    const sent = [await cancel(desk.accountId, 'w'), await cancel(desk.accountId, 'x'), await cancel(desk.otherId, 'w')]
    expect(new Set(sent.map(({ hash }) => hash)).size).toBe(3)
    expect((await cancel(desk.accountId, 'w')).hash).toBe(sent[0]?.hash)
    const bodies = desk.db.reader.all(sql`SELECT body FROM audit_log WHERE kind = 'order.cancel' ORDER BY seq`)
    expect(bodies.map(row => JSON.parse(String(row['body'])) as unknown).slice(0, 2)).toEqual([
      { sentence: 'Canceling it.', facts: { orderId: 'w' } },
      { sentence: 'Canceling it.', facts: { orderId: 'x' } },
    ])
  })

  test('and whose answer could not be kept is in doubt, and says so in the log', async () => {
    const { desk, told } = await canceling()
    let isFull = false
    const between: OrderDesk['core']['between'] = async run => {
      if (isFull) throw new AppError('app/disk-full')
      return run()
    }
    const core = { ...desk.core, between }
    desk.says.cancel = () => {
      isFull = true
      return Promise.resolve(DONE)
    }
    const late = createCancel({ ...desk.deps, core }, { venues: desk.venues, onOutcome: intent => void told.push(intent) })
    const intent = await late(desk.accountId, 'w')
    expect(intent).toMatchObject({ outcome: 'unknown', target: 'w' })
    expect(told).toEqual([intent])
    expect(getIntent(desk.db.reader, intent.id)?.outcome).toBe('sending')
    expect(desk.records.find(({ event }) => event === 'orders.outcome-not-kept')).toMatchObject({
      level: 'error',
      fields: { intentId: intent.id, outcome: 'confirmed', cause: expect.anything() as unknown },
    })
  })

  test('is not kept from its broker by a record that cannot be written, which gets it later', async () => {
    const { desk } = await canceling()
    const audit = {
      ...desk.core.audit,
      append: () => {
        throw new AppError('vault/locked')
      },
    }
    const cancel = createCancel({ ...desk.deps, core: { ...desk.core, audit } }, { venues: desk.venues, onOutcome: () => undefined })
    const { id, outcome } = await cancel(desk.accountId, 'w')
    expect([outcome, canceled(desk)]).toEqual(['confirmed', ['cancel w of key-PA3ABCDEF']])
    expect(desk.records).toMatchObject([
      { level: 'warn', event: 'orders.audit-later', fields: { cause: expect.anything() as unknown } },
      { level: 'warn', event: 'orders.audit-later' },
    ])
    expect(desk.core.audit.page({ limit: 2 }).rows).toMatchObject([
      { kind: 'order.confirmed', intentId: id, accountId: desk.accountId },
      { kind: 'order.cancel', intentId: id, sentence: 'Canceling it.' },
    ])
  })
})

describe('a cancellation is not sent', () => {
  test('where the sign-in ended, or does not allow orders', async () => {
    const { desk, cancel } = await canceling()
    setConsent(desk.db.writer, desk.connection.id, { scopes: [], at: desk.clock.now() })
    await expect(cancel(desk.accountId, 'w')).rejects.toMatchObject({ code: 'order/scope-missing' })
    setConnectionState(desk.db.writer, desk.connection.id, { kind: 'needs-sign-in', because: 'expired', since: desk.clock.now() })
    await expect(cancel(desk.accountId, 'w')).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(desk.asked).toEqual([])
    expect(desk.core.audit.page({ limit: 5 }).rows).toEqual([])
  })

  test('where it would not reach the environment of the account', async () => {
    const { desk, cancel, told } = await canceling()
    desk.says.bases = { ...desk.says.bases, trading: 'https://api.alpaca.markets' }
    await expect(cancel(desk.accountId, 'w')).rejects.toMatchObject({
      code: 'order/stopped-environment',
      details: { environment: 'paper', reason: 'its address trading is not the one of paper' },
    })
    expect([desk.asked, told]).toEqual([[], []])
  })
})

test('A cancellation that is on its way when the app ends is told so, and waited for', async () => {
  const { desk, cancel } = await canceling()
  desk.says.cancel = (_, signal) =>
    new Promise((__, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason instanceof AppError ? signal.reason : new Error('no reason')), {
        once: true,
      })
    })
  const going = cancel(desk.accountId, 'w')
  await desk.clock.advance(100)
  await cancel.close()
  expect(desk.core.audit.page({ limit: 1 }).rows).toMatchObject([{ kind: 'order.not-sent' }])
  expect(await going).toMatchObject({ outcome: 'not-sent', error: { code: 'app/canceled' } })
})
