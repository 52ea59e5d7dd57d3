import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { createSubmit, type Sendable, settle, type Submit, type SubmitDeps } from '../../../electron/core/orders/submit.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { getIntent, insertIntent, type Intent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { PlacedOrder } from '../../../shared/domain/order.ts'
import { limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const TAKEN: PlacedOrder = { externalId: '9', status: 'working', statusText: 'new' }

interface Sending {
  readonly desk: OrderDesk
  readonly submit: Submit
  readonly told: Intent[]
  send(replaces?: string | null): Promise<Intent>
}

async function sending(changes: Partial<SubmitDeps> = {}): Promise<Sending> {
  const desk = await orderDesk()
  const told: Intent[] = []
  const submit = createSubmit({
    core: desk.core,
    kill: desk.deps.kill,
    isLocked: () => false,
    onOutcome: intent => void told.push(intent),
    ...changes,
  })
  const venue = await desk.venue()
  let sent = 0
  return {
    desk,
    submit,
    told,
    send(replaces = null) {
      const draft = limitDraft({ clientOrderId: `one-${(sent += 1)}` })
      const order: Sendable = { venue, ticket: desk.ticket({ replaces }), draft, hash: 'h', from: 'keelson', mayGo: () => undefined }
      return submit(order)
    },
  }
}
/** An adapter that stops when it is told to, and ends with this. */
const stopsWith = (error: unknown) => (_: unknown, signal: AbortSignal) =>
  new Promise<PlacedOrder>((__, reject) => signal.addEventListener('abort', () => reject(error), { once: true }))
const bodies = ({ db }: OrderDesk): unknown[] =>
  db.reader.all(sql`SELECT body FROM audit_log ORDER BY seq`).map(row => JSON.parse(String(row['body'])) as unknown)

describe('an order that is sent', () => {
  test('is written down as what it is, in its history and in the record, before and after', async () => {
    const { desk, send, told } = await sending()
    desk.says.place = () => Promise.resolve(TAKEN)
    const intent = await send()
    expect(desk.asked).toEqual(['place'])
    expect(intent).toMatchObject({
      kind: 'place',
      target: null,
      outcome: 'confirmed',
      externalId: '9',
      status: 'new',
      error: null,
      hash: 'h',
      environment: 'paper',
      clientOrderId: 'one-1',
      createdAt: desk.clock.now(),
      sentAt: desk.clock.now(),
    })
    expect(intent.id).toMatch(/^int_./)
    expect(told).toEqual([intent])
    expect(desk.events).toEqual([{ type: 'orders.changed' }, { type: 'orders.changed' }])
    const events = orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: '9', intentId: intent.id })
    expect(events.map(({ kind, externalId, detail }) => [kind, externalId, detail])).toEqual([
      ['intent', null, { sentence: 'Sending: buy 2 AAPL, limit 100.00 USD, day.', brokerSays: null }],
      ['outcome', '9', { sentence: 'The order was taken: new.', brokerSays: null }],
    ])
    const { rows } = desk.core.audit.page({ limit: 2 })
    expect(rows.map(({ kind, intentId }) => [kind, intentId])).toEqual([
      ['order.confirmed', intent.id],
      ['order.sending', intent.id],
    ])
    expect(bodies(desk).slice(-2)).toEqual([
      { sentence: 'Sending: buy 2 AAPL, limit 100.00 USD, day.', facts: { hash: 'h', from: 'keelson' } },
      { sentence: 'The order was taken: new.', facts: { code: null, orderId: '9' } },
    ])
  })

  test('in place of another goes as a change of it', async () => {
    const { desk, send } = await sending()
    expect(await send('w')).toMatchObject({ kind: 'replace', target: 'w', outcome: 'confirmed' })
    expect(desk.asked).toEqual(['replace w'])
    expect(bodies(desk)).toContainEqual({
      sentence: 'Changing an order to: buy 2 AAPL, limit 100.00 USD, day.',
      facts: { hash: 'h', from: 'keelson' },
    })
  })

  test('and refused is kept with the words of the broker', async () => {
    const { desk, send } = await sending()
    desk.says.place = () => Promise.reject(new AppError('order/rejected', { details: { broker: 'Alpaca' }, brokerSays: 'Too much.' }))
    const intent = await send()
    expect(getIntent(desk.db.reader, intent.id)).toMatchObject({
      outcome: 'rejected',
      status: null,
      error: { code: 'order/rejected', brokerSays: 'Too much.' },
    })
    const [, event] = orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: null, intentId: intent.id })
    expect(event?.detail.brokerSays).toBe('Too much.')
    expect(bodies(desk).at(-1)).toMatchObject({ facts: { code: 'order/rejected', orderId: null } })
  })

  test('does not leave under the app lock', async () => {
    const { desk, send } = await sending({ isLocked: () => true })
    expect(await send()).toMatchObject({ outcome: 'not-sent', error: { code: 'app/locked' } })
    expect(desk.asked).toEqual([])
  })

  test('is under way until its outcome is written down', async () => {
    const { desk, submit, send } = await sending()
    const answer = Promise.withResolvers<PlacedOrder>()
    const seen: boolean[] = []
    desk.says.place = () => answer.promise
    const going = send()
    await desk.clock.advance(10)
    const [row] = desk.db.reader.all(sql`SELECT id FROM order_intents`)
    seen.push(submit.isUnderWay(String(row?.['id'])))
    answer.resolve(TAKEN)
    const { id } = await going
    expect([...seen, submit.isUnderWay(id)]).toEqual([true, false])
  })

  test('leaves no timer behind', async () => {
    const { desk, send } = await sending()
    await send()
    await desk.clock.advance(200)
    expect(desk.clock.pending).toBe(0)
  })
})

describe('an order that is stopped on its way', () => {
  test('says why it was stopped, where its broker only says that it was', async () => {
    const { desk, send } = await sending()
    desk.says.place = stopsWith(new AppError('app/canceled'))
    const going = send()
    await desk.clock.advance(50)
    desk.deps.kill.pull('tray')
    expect(await going).toMatchObject({ outcome: 'not-sent', error: { code: 'order/stopped-killed' } })
  })

  test.each<[string, unknown, string, string]>([
    ['no network', new AppError('net/offline'), 'not-sent', 'net/offline'],
    ['nobody knows', new AppError('order/unknown'), 'unknown', 'order/unknown'],
    ['a mistake of our own', new TypeError('a mistake'), 'unknown', 'order/unknown'],
  ])('ends as its broker says where that is more: %s', async (_, error, outcome, code) => {
    const { desk, send } = await sending()
    desk.says.place = stopsWith(error)
    const going = send()
    await desk.clock.advance(50)
    desk.deps.kill.pull('tray')
    expect(await going).toMatchObject({ outcome, error: { code } })
  })

  test('by its broker alone was stopped by nobody here', async () => {
    const { desk, send } = await sending()
    desk.says.place = () => Promise.reject(new AppError('app/canceled'))
    expect(await send()).toMatchObject({ outcome: 'not-sent', error: { code: 'app/canceled' } })
  })

  test('by a sleep did not go, and neither does the computer tell those that are over', async () => {
    const stops: (() => void)[] = []
    const power = { onSuspend: (run: () => void) => (stops.push(run), () => void stops.splice(0)) }
    const { desk, submit, send } = await sending({ power })
    desk.says.place = stopsWith(new AppError('app/canceled'))
    const going = send()
    await desk.clock.advance(50)
    stops.forEach(stop => stop())
    expect(await going).toMatchObject({ outcome: 'not-sent', error: { code: 'net/asleep' } })
    await submit.close()
    expect(stops).toEqual([])
  })

  test('by the end of the app did not go', async () => {
    const { desk, submit, send } = await sending()
    desk.says.place = stopsWith(new AppError('app/canceled'))
    const going = send()
    await desk.clock.advance(50)
    await submit.close()
    expect(desk.core.audit.page({ limit: 1 }).rows).toMatchObject([{ kind: 'order.not-sent' }])
    expect(await going).toMatchObject({ outcome: 'not-sent', error: { code: 'app/canceled' } })
  })
})

test('An order whose outcome could not be written is in doubt, says so in the log, and is under way no more', async () => {
  const { desk, submit, send, told } = await sending()
  const { between } = desk.core
  desk.says.place = () => {
    Object.assign(desk.core, { between: () => Promise.reject(new AppError('app/disk-full')) })
    return Promise.resolve(TAKEN)
  }
  Object.assign(desk.core, { between })
  const late = createSubmit({
    core: { ...desk.core, between: run => desk.core.between(run) },
    kill: desk.deps.kill,
    isLocked: () => false,
    onOutcome: intent => void told.push(intent),
  })
  const intent = await late({
    venue: await desk.venue(),
    ticket: desk.ticket(),
    draft: limitDraft({ clientOrderId: 'late' }),
    hash: 'h',
    from: 'window',
    mayGo: () => undefined,
  })
  Object.assign(desk.core, { between })
  expect(told).toMatchObject([{ id: intent.id, outcome: 'unknown' }])
  const failure = desk.records.find(({ event }) => event === 'orders.outcome-not-kept')
  expect(failure).toMatchObject({ level: 'error', fields: { intentId: intent.id, outcome: 'confirmed' } })
  expect(late.isUnderWay(intent.id)).toBe(false)
  await Promise.all([submit.close(), late.close()])
  await expect(send()).rejects.toMatchObject({ code: 'app/canceled' })
})

describe('an order that could not be written down', () => {
  const refused = async (error: unknown): Promise<{ readonly thrown: unknown; readonly asked: string[] }> => {
    const { desk } = await sending()
    const submit = createSubmit({
      core: { ...desk.core, between: () => Promise.reject(error) },
      kill: desk.deps.kill,
      isLocked: () => false,
      onOutcome: () => undefined,
    })
    const order: Sendable = {
      venue: await desk.venue(),
      ticket: desk.ticket(),
      draft: limitDraft(),
      hash: 'h',
      from: 'window',
      mayGo: () => undefined,
    }
    const thrown: unknown = await submit(order).catch((reason: unknown) => reason)
    return { thrown, asked: desk.asked }
  }

  test.each(['app/disk-full', 'app/disk-failed', 'app/data-damaged', 'app/busy'] as const)('for %s did not go, and says so', async code => {
    const cause = new AppError(code)
    const { thrown, asked } = await refused(cause)
    expect(thrown).toMatchObject({ code: 'order/not-written', details: { reason: cause.message }, cause })
    expect(asked).toEqual([])
  })

  test('for a reason against sending it says that reason', async () => {
    const [stop, mistake] = [new AppError('order/stopped-killed'), new TypeError('a mistake')]
    expect((await refused(stop)).thrown).toBe(stop)
    expect((await refused(mistake)).thrown).toBe(mistake)
  })
})

describe('what is written down of an outcome', () => {
  async function written(
    before: Partial<Intent>,
    outcome: 'confirmed' | 'unknown' | 'not-sent',
    externalId: string | null = null,
  ): Promise<Intent> {
    const { db, core, clock, accountId, connection } = await orderDesk()
    const at = clock.now()
    const { kind = 'place', target = null } = before
    insertIntent(db.writer, {
      id: 'int_1',
      accountId,
      connectionId: connection.id,
      environment: 'paper',
      kind,
      clientOrderId: 'c',
      draft: limitDraft(),
      ticket: null,
      hash: '',
      target,
      createdAt: at,
      sentAt: at,
    })
    if (before.outcome)
      settleIntent(db.writer, 'int_1', { outcome: before.outcome, externalId: before.externalId ?? null, status: 'found', error: null, at })
    const placed = externalId === null ? null : { externalId, status: 'working' as const, statusText: 'new' }
    return settle(core, { id: 'int_1', accountId }, { outcome, placed, error: null })
  }

  test('never takes an order away that was found meanwhile, and may name it anew', async () => {
    const found = { outcome: 'confirmed' as const, externalId: '5' }
    expect(await written(found, 'unknown')).toMatchObject({ outcome: 'confirmed', externalId: '5', status: 'found' })
    expect(await written(found, 'not-sent')).toMatchObject({ outcome: 'confirmed', externalId: '5' })
    expect(await written(found, 'confirmed', '6')).toMatchObject({ outcome: 'confirmed', externalId: '6', status: 'new' })
    expect(await written({ outcome: 'unknown' }, 'not-sent')).toMatchObject({ outcome: 'not-sent', externalId: null })
  })

  test('of a cancellation belongs to the order it was for, and of a change not to the one it replaces', async () => {
    expect(await written({ kind: 'cancel', target: 'w' }, 'unknown')).toMatchObject({ externalId: 'w' })
    expect(await written({ kind: 'replace', target: 'w' }, 'unknown')).toMatchObject({ externalId: null })
    expect(await written({ kind: 'place', outcome: 'unknown', externalId: '7' }, 'unknown')).toMatchObject({ externalId: '7' })
  })

  test('needs the intent it is of', async () => {
    const { core, accountId } = await orderDesk()
    await expect(settle(core, { id: 'int_nobody', accountId }, { outcome: 'unknown', placed: null, error: null })).rejects.toThrow(
      'the intent is missing',
    )
  })
})
