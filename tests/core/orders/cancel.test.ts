import path from 'node:path'
import { expect, test } from 'vitest'
import type { AppraiseDeps } from '../../../electron/core/orders/appraise.ts'
import { createCancel } from '../../../electron/core/orders/cancel.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import type { Intent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { openConnection } from '../../../electron/core/db/open.ts'
import { Refused } from '../../support/test-core.ts'
import { scriptedVenue } from './support/scripted-venue.ts'
import { tradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

test('A cancellation of which no outcome could be written is in doubt, and looked for', async () => {
  const { core, venue, accountId } = await scriptedVenue()
  const { environment } = venue.connection
  const full = (): Promise<never> => Promise.reject(new AppError('app/disk-full'))
  const { between } = core
  Object.assign(venue.trading, {
    cancelOrder() {
      // The disk is full when the answer comes.
      Object.assign(core, { between: full })
      return Promise.resolve({ externalId: '71', status: 'canceled', statusText: 'CANCELED' })
    },
  })
  const reading = { ...core, between: <T>(run: () => T) => core.between(run) }
  const deps = { core: reading, switches: { obstacle: () => null }, profile: () => brokers.alpaca.environments[environment] }
  const outcomes: Intent[] = []
  const venues = { of: () => Promise.resolve(venue), forOrders: () => Promise.resolve(venue) }
  const cancel = createCancel(deps as unknown as AppraiseDeps, { venues, onOutcome: intent => outcomes.push(intent) })
  expect(await cancel(accountId, '71')).toMatchObject({ kind: 'cancel', outcome: 'unknown', target: '71' })
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['unknown'])
  Object.assign(core, { between })
})

test('An order is taken back with trading switched off and under the kill switch, and nothing else is sent then', async () => {
  await using house = await tradingHouse()
  const { call } = house.app
  const working = await house.order(house.resting())
  await call('orders.setTrading', { connectionId: house.connectionId, on: false })
  await call('orders.kill', { by: 'window' })
  const [row] = (await call('orders.list', { limit: 10 })).rows
  expect(row).toMatchObject({ canCancel: true, canReplace: false })
  const before = house.sent()
  const review = await house.review(house.resting({ replaces: working.externalId }))
  expect(await house.place(review).catch(codeOf)).toBe('order/stopped-killed')
  expect(house.sent()).toBe(before)
  expect(await call('orders.cancel', { accountId: house.accountId, externalId: working.externalId ?? '' })).toMatchObject({
    outcome: 'confirmed',
  })
})

test('A cancellation goes neither where the sign-in allows no orders nor where the environment is in doubt', async () => {
  await using house = await tradingHouse()
  const { app, accountId } = house
  const working = await house.order(house.resting())
  const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
  const scopes = String(db.raw.prepare('SELECT scopes FROM connections').pluck().get())
  const cancel = () => app.call('orders.cancel', { accountId, externalId: working.externalId ?? '' }).catch(codeOf)
  db.raw.exec(`UPDATE connections SET scopes = '["data"]'`)
  expect(await cancel()).toBe('order/scope-missing')
  expect((await app.call('orders.list', { limit: 10 })).rows[0]).toMatchObject({ canCancel: false })
  db.raw.prepare('UPDATE connections SET scopes = ?').run(scopes)
  db.raw.exec(`UPDATE connections SET environment = 'paper'`)
  expect(await cancel()).toBe('order/stopped-environment')
  db.raw.exec(`UPDATE connections SET environment = 'sandbox'`)
  db.close()
  expect(await cancel()).toMatchObject({ outcome: 'confirmed' })
})
