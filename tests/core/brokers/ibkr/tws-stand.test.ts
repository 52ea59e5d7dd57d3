import { afterEach, describe, expect, test } from 'vitest'
import type { BrokerAdapter } from '../../../../electron/core/brokers/adapter.ts'
import { SANDBOX_TWS } from '../../../../electron/core/sandbox/client-keys.ts'
import { startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { SandboxControl } from '../../../../electron/core/sandbox/control.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { stepClock, type StepClock } from '../../net/support/step-clock.ts'
import { connection } from './support/connection.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const RANGE = { from: LocalDate.of('2026-11-10'), to: LocalDate.of('2026-11-20') }
const ACCOUNT = SANDBOX_TWS.account

interface Scene {
  readonly adapter: BrokerAdapter
  readonly control: SandboxControl
  readonly clock: StepClock
}

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function scene(knobs: Readonly<Record<string, string>> = {}, readOnly = 'no'): Promise<Scene> {
  const clock = stepClock('2026-11-20T17:00:00.000Z')
  const sandbox = await startSandbox({ seed: 7, now: () => clock.now(), stands: ['ibkr-tws'] })
  const control = sandbox.control('ibkr-tws')
  for (const [name, value] of Object.entries(knobs)) control.knobs.set(name, value)
  const opened = connection({ urls: sandbox.urls, ways: [{ method: 'tws', settings: { 'read-only': readOnly } }], clock })
  cleanUps.push(
    () => sandbox.close(),
    () => opened.close(),
  )
  return { adapter: opened.adapter, control, clock }
}

async function view(adapter: BrokerAdapter): Promise<unknown> {
  return {
    accounts: await adapter.accounts(stop),
    balances: await adapter.balances(ACCOUNT, stop),
    positions: await adapter.positions(ACCOUNT, stop),
    orders: (await adapter.orders(ACCOUNT, { status: 'all', range: RANGE }, stop)).map(({ symbol, status, quantity }) => ({
      symbol,
      status,
      quantity,
    })),
    executions: (await adapter.activities(ACCOUNT, RANGE, null, stop)).rows.map(({ facts }) => ({ ...facts, orderId: null })),
  }
}

describe('the same account read from a simulated TWS', () => {
  test.each([
    ['of server version 177', { 'server-version': '177' }],
    ['of server version 178', { 'server-version': '178' }],
    ['that cuts its messages anywhere', { chunks: 'bytes' }],
    ['that says things twice', { duplicates: 'on' }],
    ['that says things nobody knows', { 'strange-message': 'on' }],
    ['that says more than it should', { 'extra-fields': 'on' }],
    ['whose order ids are large', { 'large-perm-ids': 'on' }],
    ['that names no zone with its times', { 'bare-times': 'on' }],
    ['that tells its orders at the start', { 'orders-at-start': 'on' }],
  ])('%s is the same', async (_, knobs) => {
    const plain = await scene()
    const odd = await scene(knobs)
    await expect(view(odd.adapter)).resolves.toEqual(await view(plain.adapter))
  })

  test('keeps its ids when it is corrected', async () => {
    const { adapter, control } = await scene()
    const id = control.addFill()
    control.correct(id)
    const { rows } = await adapter.activities(ACCOUNT, RANGE, null, stop)
    expect(rows.filter(({ facts }) => facts.status === 'corrected')).toHaveLength(1)
    expect(new Set(rows.map(({ facts }) => facts.externalId)).size).toBe(rows.length)
  })

  test('that is read only has everything but orders', async () => {
    const { adapter } = await scene({ 'read-only': 'on' })
    await expect(codeOf(adapter.orders(ACCOUNT, { status: 'all', range: RANGE }, stop))).resolves.toBe('order/not-shown')
    expect((await adapter.positions(ACCOUNT, stop)).length).toBeGreaterThan(0)
  })
})

describe('a simulated TWS that does not let anyone in', () => {
  test.each([
    ['for its accounts are live', { live: 'on' }, 'auth/wrong-environment'],
    ['for its version is not spoken here', { 'server-version': '222', 'no-negotiation': 'on' }, 'broker/unreadable'],
    ['for its port is closed', { refuse: 'on' }, 'local/'],
  ])('%s says so', async (_, knobs, code) => {
    const { adapter } = await scene(knobs)
    await expect(codeOf(adapter.accounts(stop))).resolves.toContain(code)
  })

  test('for it asks on its screen says so after a quarter of a minute', async () => {
    const { adapter, clock } = await scene({ 'accept-dialog': 'on' })
    const reading = codeOf(adapter.accounts(stop))
    await clock.scheduled(ms => ms === 15_000)
    clock.advance(15_000)
    await expect(reading).resolves.toBe('local/not-accepted')
  })

  test('under the first client id takes the next', async () => {
    const { adapter } = await scene({ 'client-id-in-use': '7' })
    expect((await adapter.accounts(stop)).map(({ number }) => number)).toContain(ACCOUNT)
  })
})

describe('an outage of a simulated TWS', () => {
  const ids = async (adapter: BrokerAdapter): Promise<string[]> =>
    (await adapter.activities(ACCOUNT, RANGE, null, stop)).rows.map(({ facts }) => facts.externalId)

  test('hides no fill: what happened meanwhile is there afterwards', async () => {
    const { adapter, control } = await scene()
    const before = await ids(adapter)
    control.knobs.set('event', '1100')
    await expect.poll(() => codeOf(adapter.accounts(stop))).toBe('broker/unavailable')
    control.addFill()
    control.knobs.set('event', '1102')
    await expect.poll(() => codeOf(adapter.accounts(stop))).toBe('fine')
    expect(await ids(adapter)).toHaveLength(before.length + 1)
  })

  test('whose other end died without a word is found by the heartbeat', async () => {
    const { adapter, control, clock } = await scene()
    await adapter.accounts(stop)
    control.knobs.set('half-open', 'on')
    await clock.scheduled(ms => ms === 30_000)
    clock.advance(30_000)
    await clock.scheduled(ms => ms === 10_000)
    clock.advance(10_000)
    await clock.scheduled(ms => ms === 1000)
    control.knobs.set('half-open', null)
    expect((await adapter.accounts(stop)).map(({ number }) => number)).toContain(ACCOUNT)
  })
})
