import path from 'node:path'
import { MockAgent } from 'undici'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import type { Consent, ConsentQuestion } from '../../../electron/core/ports.ts'
import { getIntent, insertIntent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { Refused, type TestCore } from '../../support/test-core.ts'
import { limitDraft } from './support/order-books.ts'
import { tradingHouse } from './support/trading-house.ts'

const codeOf = (error: unknown): string => (error instanceof Refused ? error.view.code : String(error))

/** Somebody at the screen: says `yes`, or `answer` when a test wants to say it later. */
function person(isYes = false) {
  const asked: ConsentQuestion[] = []
  const it: { yes: boolean; answer: ((signal: AbortSignal) => Promise<boolean>) | null } = { yes: isYes, answer: null }
  const consent: Consent = {
    ask(question, { signal }) {
      asked.push(question)
      return it.answer ? it.answer(signal) : Promise.resolve(it.yes)
    },
  }
  return Object.assign(it, { asked, consent })
}

interface LiveHouse {
  readonly app: TestCore
  readonly connectionId: ConnectionId
  readonly accountId: AccountId
  readonly digits: string
}

/** A connection that says of itself that it is live, on a machine that reaches nobody. */
async function liveHouse(consent: Consent): Promise<LiveHouse> {
  const { app: first, connectionId, accountId } = await tradingHouse('alpaca', { isOn: false })
  const nobody = new MockAgent()
  nobody.disableNetConnect()
  const db = openConnection(path.join(first.ports.paths.dataDir, 'keelson.db'))
  db.raw.exec(`UPDATE connections SET environment = 'live'`)
  db.close()
  const app = await first.restart({ consent, dispatcher: nobody })
  const account = (await app.call('orders.desk', {})).connections.flatMap(({ accounts }) => accounts)[0]
  return { app, connectionId, accountId, digits: (account?.maskedNumber ?? '').replace(/[^0-9A-Za-z]/g, '') }
}

const deskOf = async ({ call }: TestCore) => (await call('orders.desk', {})).connections[0]

describe('where the host can ask past the page', () => {
  test('trading with real money is switched on by the box alone, and for programs without a review by one more', async () => {
    const user = person()
    const { app, connectionId } = await liveHouse(user.consent)
    await using _ = app
    expect(await app.call('orders.setTrading', { connectionId, on: true }).catch(codeOf)).toBe('order/not-confirmed')
    expect(await deskOf(app)).toMatchObject({ environment: 'live', isOn: false })
    expect((await app.call('audit.page', { limit: 100 })).rows.map(({ kind }) => kind)).not.toContain('trading.on')
    user.yes = true
    await app.call('orders.setTrading', { connectionId, on: true })
    await app.call('orders.setTrading', { connectionId, on: true })
    expect(user.asked).toHaveLength(2)
    user.yes = false
    expect(await app.call('orders.setTrading', { connectionId, on: true, automation: 'direct' }).catch(codeOf)).toBe('order/not-confirmed')
    expect(await deskOf(app)).toMatchObject({ isOn: true, automation: 'approve' })
    // Off needs nobody.
    await app.call('orders.setTrading', { connectionId, on: false })
    expect(await deskOf(app)).toMatchObject({ isOn: false })
    expect(user.asked[2]).toMatchObject({ message: 'Switch on trading with REAL MONEY at Alpaca?' })
    expect(user.asked[2]?.detail).toContain('without your review')
  })

  test('an order in doubt with real money is called settled by it alone, since new ones go then', async () => {
    const user = person()
    const { app, connectionId, accountId } = await liveHouse(user.consent)
    await using _ = app
    const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
    const at = app.ports.clock.now()
    const about = { accountId, connectionId, kind: 'place', ticket: null, hash: '', target: null, createdAt: at, sentAt: at } as const
    for (const [id, environment] of [
      ['int_live', 'live'],
      ['int_paper', 'paper'],
    ] as const) {
      insertIntent(db.writer, { ...about, id, environment, clientOrderId: id, draft: limitDraft({ clientOrderId: id }) })
      settleIntent(db.writer, id, { outcome: 'unknown', externalId: null, status: null, error: null, at })
    }
    const outcome = 'rejected'
    const outcomeOf = (id: string): string | undefined => getIntent(db.reader, id)?.outcome
    expect(await app.call('orders.settle', { intentId: 'int_live', outcome }).catch(codeOf)).toBe('order/not-confirmed')
    expect(outcomeOf('int_live')).toBe('unknown')
    expect(user.asked).toMatchObject([{ message: 'Is an order in doubt not at Alpaca?', yes: 'It is not there' }])
    expect(user.asked[0]?.detail).toContain('buy 2 AAPL, limit 100.00 USD, day')
    await app.call('orders.settle', { intentId: 'int_paper', outcome })
    expect([outcomeOf('int_paper'), user.asked.length]).toEqual(['rejected', 1])
    // Found while the box stood open.
    user.answer = () => {
      settleIntent(db.writer, 'int_live', { outcome: 'confirmed', externalId: 'x1', status: 'new', error: null, at })
      return Promise.resolve(true)
    }
    expect(await app.call('orders.settle', { intentId: 'int_live', outcome }).catch(codeOf)).toBe('app/not-found')
    settleIntent(db.writer, 'int_live', { outcome: 'unknown', externalId: null, status: null, error: null, at })
    user.answer = null
    user.yes = true
    await app.call('orders.settle', { intentId: 'int_live', outcome: 'confirmed' })
    expect(outcomeOf('int_live')).toBe('confirmed')
    expect(user.asked.at(-1)).toMatchObject({ message: 'Is an order in doubt at Alpaca?', yes: 'It is there' })
    db.close()
  })

  test('names the broker, not what a page may have called the connection', async () => {
    const user = person()
    const { app, connectionId } = await liveHouse(user.consent)
    await using _ = app
    await app.call('connections.rename', { connectionId, label: 'Play money\u202e' })
    await app.call('orders.setTrading', { connectionId, on: true }).catch(codeOf)
    expect(JSON.stringify(user.asked)).not.toContain('Play money')
  })

  test('a live account is armed by the box, and its digits are asked first', async () => {
    const user = person()
    const { app, accountId, digits } = await liveHouse(user.consent)
    await using _ = app
    expect(await app.call('orders.arm', { accountId, digits: 'zz' }).catch(codeOf)).toBe('order/wrong-digits')
    expect(user.asked).toEqual([])
    expect(await app.call('orders.arm', { accountId, digits }).catch(codeOf)).toBe('order/not-confirmed')
    expect((await deskOf(app))?.accounts[0]).toMatchObject({ isArmed: false })
    user.yes = true
    await app.call('orders.arm', { accountId, digits })
    const { rows } = await app.call('audit.page', { limit: 1 })
    expect(rows).toMatchObject([{ kind: 'trading.armed', accountId }])
    expect((await deskOf(app))?.accounts.find(account => account.accountId === accountId)).toMatchObject({ isArmed: true })
  })

  test('the kill switch stays on without it', async () => {
    const user = person()
    await using house = await tradingHouse('alpaca', { takesOldPrices: false, ports: { consent: user.consent } })
    const { call } = house.app
    await call('orders.kill', { by: 'window' })
    expect(await call('orders.rearm', { phrase: 'TRADE' }).catch(codeOf)).toBe('order/not-confirmed')
    expect((await call('orders.desk', {})).kill.on).toBe(true)
    user.yes = true
    await call('orders.rearm', { phrase: 'TRADE' })
    expect((await call('orders.desk', {})).kill.on).toBe(false)
  })

  test('limits are widened by it, each way of it written out, and narrowed without', async () => {
    const user = person()
    await using house = await tradingHouse('alpaca', { isOn: false, takesOldPrices: false, ports: { consent: user.consent } })
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    const narrow = { ...global, maxNotional: Dec.of('500'), ordersPerDay: 5, deny: ['GME'], allow: ['AAPL', 'GME'] }
    await call('orders.setLimits', { accountId: null, limits: narrow })
    expect(user.asked).toEqual([])
    for (const limits of [global, null, { ...narrow, deny: [] }, { ...narrow, allow: null }, { ...narrow, quoteMaxAgeMs: 60_000 }])
      expect(await call('orders.setLimits', { accountId: null, limits }).catch(codeOf)).toBe('order/not-confirmed')
    expect((await call('orders.limits', {})).global).toEqual(narrow)
    expect(user.asked[0]?.detail).toContain('Value of one order: 500 → 10000')
    expect(user.asked[0]?.detail).toContain('Orders in a day: 5 → 50')
    expect(user.asked[0]?.detail).toContain('No longer kept from trading: GME')
    expect(user.asked[0]?.detail).toContain('No longer only these symbols: AAPL, GME')
    user.yes = true
    await call('orders.setLimits', { accountId: null, limits: global })
    expect((await call('orders.limits', {})).global).toEqual(global)
  })

  test('limits of one account are measured by what holds there: taking them away is widening', async () => {
    const user = person()
    await using house = await tradingHouse('alpaca', { isOn: false, takesOldPrices: false, ports: { consent: user.consent } })
    const { call } = house.app
    const { accountId } = house
    const { global } = await call('orders.limits', {})
    await call('orders.setLimits', { accountId, limits: { ...global, maxQuantity: Dec.of('1') } })
    expect(await call('orders.setLimits', { accountId, limits: null }).catch(codeOf)).toBe('order/not-confirmed')
    // More than all accounts have is not more than holds.
    await call('orders.setLimits', { accountId, limits: { ...global, maxQuantity: Dec.of('1'), maxNotional: Dec.of('90000') } })
    expect(user.asked).toHaveLength(1)
  })

  test('a yes holds for the limits it was shown: what others narrowed meanwhile stays', async () => {
    const user = person()
    await using house = await tradingHouse('alpaca', { isOn: false, takesOldPrices: false, ports: { consent: user.consent } })
    const { call } = house.app
    const { global } = await call('orders.limits', {})
    user.answer = async () => {
      user.answer = null
      await call('orders.setLimits', { accountId: null, limits: { ...global, maxDailyLoss: Dec.of('10') } })
      return true
    }
    expect(await call('orders.setLimits', { accountId: null, limits: { ...global, maxQuantity: Dec.of('2000') } }).catch(codeOf)).toBe(
      'order/not-confirmed',
    )
    expect((await call('orders.limits', {})).global).toEqual({ ...global, maxDailyLoss: '10' })
  })

  test('a yes under the app lock, or after the window went, is none', async () => {
    const user = person()
    await using house = await tradingHouse('alpaca', { takesOldPrices: false, ports: { consent: user.consent } })
    const { call } = house.app
    await call('orders.kill', { by: 'window' })
    const window = new AbortController()
    user.answer = () => {
      window.abort()
      return Promise.resolve(true)
    }
    expect(await call('orders.rearm', { phrase: 'TRADE' }, window.signal).catch(codeOf)).toBe('order/not-confirmed')
    await call('lock.set', { passphrase: 'correct horse battery', idleMinutes: null })
    user.answer = async () => {
      await call('lock.now', {})
      return true
    }
    expect(await call('orders.rearm', { phrase: 'TRADE' }).catch(codeOf)).toBe('app/locked')
    await call('lock.open', { passphrase: 'correct horse battery' })
    expect((await call('orders.desk', {})).kill.on).toBe(true)
  })

  test('a record that is not sound is taken by it alone', async () => {
    const user = person()
    const { app: first } = await tradingHouse('alpaca', { takesOldPrices: false, ports: { consent: user.consent } })
    const db = openConnection(path.join(first.ports.paths.dataDir, 'keelson.db'))
    db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    db.close()
    await using app = await first.restart()
    const { problem } = await app.call('audit.verify', {})
    const shown = problem?.sentence ?? ''
    expect(shown).toContain('no longer says how far its log reaches')
    expect(await app.call('audit.accept', { shown }).catch(codeOf)).toBe('order/not-confirmed')
    expect((await app.call('audit.verify', {})).isSound).toBe(false)
    user.yes = true
    expect((await app.call('audit.accept', { shown })).isSound).toBe(true)
    // Nothing to accept, nobody asked.
    await app.call('audit.accept', { shown })
    expect(user.asked).toHaveLength(2)
  })

  test('a record is taken with the problem that was shown, and not with one that came up while the box stood open', async () => {
    const user = person()
    const { app: first } = await tradingHouse('alpaca', { takesOldPrices: false, ports: { consent: user.consent } })
    const tamper = (statement: string): void => {
      const db = openConnection(path.join(first.ports.paths.dataDir, 'keelson.db'))
      db.raw.exec('DROP TRIGGER IF EXISTS audit_log_fixed; DROP TRIGGER IF EXISTS audit_log_kept')
      db.raw.exec(statement)
      db.close()
    }
    tamper(`DELETE FROM meta WHERE name = 'audit-head'`)
    await using app = await first.restart()
    const shown = (await app.call('audit.verify', {})).problem?.sentence ?? ''
    expect(await app.call('audit.accept', { shown: 'Row 1 is missing.' }).catch(codeOf)).toBe('order/audit-changed')
    expect(user.asked).toEqual([])
    user.answer = () => {
      tamper(`UPDATE audit_log SET kind = 'x' WHERE seq = 2`)
      return Promise.resolve(true)
    }
    expect(await app.call('audit.accept', { shown }).catch(codeOf)).toBe('order/audit-changed')
    expect(user.asked).toHaveLength(1)
    expect((await app.call('audit.verify', {})).problem).toMatchObject({ row: 2 })
  })

  test('a record that is not sound is a danger of Health and a notice that leads to Orders, until it is taken', async () => {
    const { app: first } = await tradingHouse('alpaca', { takesOldPrices: false })
    const db = openConnection(path.join(first.ports.paths.dataDir, 'keelson.db'))
    db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    db.close()
    await using app = await first.restart()
    const about = async () => (await app.call('health.summary', { hours: 24 })).findings.filter(({ id }) => id === 'record')
    const shown = (await app.call('audit.verify', {})).problem?.sentence ?? ''
    expect(await about()).toMatchObject([{ severity: 'danger', sentence: expect.stringContaining(shown) as string }])
    await app.call('audit.accept', { shown })
    expect(await about()).toEqual([])
  })
})

test('Where nobody can be asked past the page, who asks is enough', async () => {
  await using house = await tradingHouse('alpaca', { takesOldPrices: false })
  await house.app.call('orders.kill', { by: 'cli' })
  await house.app.call('orders.rearm', { phrase: 'TRADE' })
  expect((await house.app.call('orders.desk', {})).kill.on).toBe(false)
})
