import { expect, test } from 'vitest'
import { wantedNotices } from '../../../electron/core/notices/wanted.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { orderNotices } from '../../../electron/core/notices/order-notices.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { testCore } from '../../support/test-core.ts'

test('a request of a program is announced once, leads to the orders, and is over when it is answered', async () => {
  await using app = await testCore({ impatient: true })
  const { connectionIds } = await app.call('sandbox.explore', { broker: 'alpaca' })
  for (const connectionId of connectionIds) await app.call('orders.setTrading', { connectionId, on: true })
  const desk = await app.call('orders.desk', {})
  const accountId = desk.connections[0]?.accounts[0]?.accountId
  if (!accountId) throw new Error('no account')
  const { id } = await app.call('orders.request', {
    from: 'a script\u202e',
    ticket: {
      accountId,
      symbol: 'AAPL',
      assetClass: 'equity',
      action: 'buy',
      type: 'limit',
      quantity: Dec.of('7'),
      notional: null,
      limitPrice: Dec.of('123.45'),
      stopPrice: null,
      timeInForce: 'day',
      extendedHours: false,
    },
  })
  const aboutOrders = async () => (await app.call('notices.list', { includeEnded: true })).notices.filter(({ kind }) => kind === 'order')
  const [notice, ...others] = await aboutOrders()
  expect(others).toEqual([])
  expect(notice).toMatchObject({ severity: 'warning', action: { kind: 'open-orders', label: 'Review' }, endedAt: null })
  expect(notice?.body).toMatch(/^a script asks to send one\./)
  expect(await aboutOrders()).toHaveLength(1)
  await app.call('orders.decline', { id })
  expect((await aboutOrders()).map(({ endedAt }) => endedAt === null)).toEqual([false])
})

test('an order in doubt is urgent, and no notice of orders tells a symbol, a figure or an account: it may be mailed', () => {
  const notices = orderNotices({ requests: [{ id: 'req_1', from: 'bot' }], doubts: [{ id: 'int_1' }] })
  expect(notices.map(({ topic, severity, code }) => [topic, severity, code])).toEqual([
    ['order-unknown:int_1', 'danger', 'order/unknown'],
    ['order-request:req_1', 'warning', null],
  ])
  for (const { title, body } of notices) expect(`${title} ${body}`).not.toMatch(/\d|\$|[A-Z]{3,}/)
})

test('A record of orders that is not sound is said, and leads to Orders', () => {
  const finding = {
    id: 'record',
    severity: 'danger',
    title: 'The record of orders is not sound',
    sentence: 'Row 2 is missing.',
    fix: null,
  } as const
  expect(wantedNotices({ findings: [finding], connections: [], nameOf: () => '' }, Instant.parse('2026-11-16T15:00:00.000Z'))).toMatchObject([
    { topic: 'record', kind: 'order', severity: 'danger', body: 'Row 2 is missing.', action: { kind: 'open-orders' } },
  ])
})
