import { afterEach, describe, expect, test } from 'vitest'
import type { ActivityPage, BrokerAdapter } from '../../../../electron/core/brokers/adapter.ts'
import { SANDBOX_FLEX, SANDBOX_TWS } from '../../../../electron/core/sandbox/client-keys.ts'
import { type Sandbox, startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { StandId } from '../../../../electron/core/sandbox/stands.ts'
import type { Clock } from '../../../../electron/core/ports.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { type Connection, connection, type ConnectionOptions } from './support/connection.ts'
import { signIn } from './support/sign-in.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const NOON = Date.parse('2026-11-20T17:00:00Z')
const RANGE = { from: LocalDate.of('2022-01-01'), to: LocalDate.of('2026-11-20') }
const FLEX_PAUSES = [1000, 3000, 10_000]
const WEB_PACE = 5000
const ACCOUNT = SANDBOX_TWS.account

const TWS = { method: 'tws', settings: { 'read-only': 'no' } } as const
const FLEX = { method: 'flex', settings: { 'query-id': SANDBOX_FLEX.queryId }, secrets: { token: SANDBOX_FLEX.token } } as const
const OAUTH = { method: 'oauth' } as const
const GATEWAY = { method: 'gateway' } as const

/** A clock that leaps over these pauses between calls; no other timer of it ever rings. */
function leapingClock(pauses: readonly number[]): Clock {
  let elapsed = 0
  return {
    now: () => Instant.fromEpochMs(NOON + elapsed),
    monotonicMs: () => elapsed,
    after(ms, run) {
      if (!pauses.includes(ms)) return () => undefined
      elapsed += ms
      const soon = setImmediate(run)
      return () => clearImmediate(soon)
    },
  }
}

interface Scene {
  readonly adapter: BrokerAdapter
  readonly sandbox: Sandbox
  readonly connection: Connection
}

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function scene(ways: ConnectionOptions['ways']): Promise<Scene> {
  // The time TWS has to answer is as long as the web's pace.
  const clock = leapingClock(ways.some(({ method }) => method === 'tws') ? FLEX_PAUSES : [...FLEX_PAUSES, WEB_PACE])
  const stands: readonly StandId[] = ['ibkr-tws', 'ibkr-flex', 'ibkr-oauth', 'ibkr-gateway']
  const sandbox = await startSandbox({ seed: 7, now: () => clock.now(), stands })
  cleanUps.push(() => sandbox.close())
  const bearer = ways.some(({ method }) => method === 'oauth') ? await signIn(sandbox.urls['ibkr-oauth'], signal) : undefined
  const opened = connection({ urls: sandbox.urls, ways, clock, ...(bearer === undefined ? {} : { bearer }) })
  cleanUps.push(() => opened.close())
  return { adapter: opened.adapter, sandbox, connection: opened }
}

async function history(adapter: BrokerAdapter): Promise<ActivityPage['rows']> {
  const rows: ActivityPage['rows'][number][] = []
  for (let cursor: string | null = null; ;) {
    const page: ActivityPage = await adapter.activities(ACCOUNT, RANGE, cursor, stop)
    rows.push(...page.rows)
    cursor = page.next
    if (cursor === null) return rows
  }
}

describe('one IBKR account seen through all its simulators', () => {
  test('has the same balances and positions in TWS and on the web', async () => {
    const [tws, web] = [(await scene([TWS])).adapter, (await scene([OAUTH])).adapter]
    const view = async (adapter: BrokerAdapter): Promise<unknown> => ({
      accounts: await adapter.accounts(stop),
      balances: (await adapter.balances(ACCOUNT, stop)).map(({ currency, netLiquidation, cash, buyingPower }) => ({
        currency,
        netLiquidation,
        cash,
        buyingPower,
      })),
      positions: (await adapter.positions(ACCOUNT, stop))
        .map(({ symbol, quantity, averagePrice, currency }) => `${symbol} ${quantity} ${averagePrice} ${currency}`)
        .toSorted((a, b) => a.localeCompare(b)),
    })
    const [inTws, onWeb] = [await view(tws), await view(web)]
    expect(inTws).toEqual(onWeb)
    expect(inTws).toMatchObject({ accounts: [{ number: ACCOUNT }, {}] })
  })

  test('has the same executions under the same ids in TWS, on the web and in Flex', async () => {
    const facts = async (ways: ConnectionOptions['ways']): Promise<Map<string, unknown>> => {
      const rows = await history((await scene(ways)).adapter)
      return new Map(
        rows.map(({ facts: { externalId, symbol, side, quantity, price, amount, fees, executedAt } }) => [
          externalId,
          { symbol, side, quantity, price, amount, fees, executedAt },
        ]),
      )
    }
    const [tws, web, flex] = [await facts([TWS]), await facts([OAUTH]), await facts([FLEX])]
    expect(tws.size).toBeGreaterThan(0)
    expect([...web]).toEqual([...tws])
    const inFlex = [...tws.keys()].filter(id => flex.has(id))
    expect(inFlex.length).toBeGreaterThan(0)
    for (const id of inFlex) expect(flex.get(id)).toEqual(tws.get(id))
  })

  test('has the same accounts and positions in the gateway, whose certificate nobody vouches for', async () => {
    const [gateway, web] = [(await scene([GATEWAY])).adapter, (await scene([OAUTH])).adapter]
    await expect(gateway.accounts(stop)).resolves.toEqual(await web.accounts(stop))
    expect((await gateway.positions(ACCOUNT, stop)).map(({ symbol }) => symbol)).toEqual(
      (await web.positions(ACCOUNT, stop)).map(({ symbol }) => symbol),
    )
  })

  test('says when nobody is signed in to the gateway', async () => {
    const { adapter, sandbox } = await scene([GATEWAY])
    sandbox.control('ibkr-gateway').revokeAll()
    await expect(codeOf(adapter.accounts(stop))).resolves.toBe('local/not-signed-in')
  })

  test('has each execution once when its ways in are joined', async () => {
    const joined = await history((await scene([TWS, FLEX])).adapter)
    const ids = joined.map(({ facts }) => facts.externalId)
    expect(new Set(ids).size).toBe(ids.length)
    const alone = await history((await scene([FLEX])).adapter)
    for (const { facts } of alone) expect(ids).toContain(facts.externalId)
    expect(joined.length).toBeGreaterThanOrEqual(alone.length)
  })

  test('goes on with TWS when the web refuses, and says so', async () => {
    const {
      adapter,
      sandbox,
      connection: { reports },
    } = await scene([OAUTH, TWS])
    sandbox.control('ibkr-oauth').revokeAll()
    expect((await adapter.accounts(stop)).map(({ number }) => number)).toContain(ACCOUNT)
    expect([reports.get('oauth')?.code, reports.get('tws')]).toEqual(['auth/sign-in-needed', null])
  })
})

const BUY: OrderDraft = {
  clientOrderId: 'k-1',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'buy',
  positionEffect: null,
  type: 'limit',
  quantity: Dec.of('2'),
  notional: null,
  limitPrice: Dec.of('100.5'),
  stopPrice: null,
  trail: null,
  timeInForce: 'day',
  extendedHours: false,
}

describe.each([{ way: TWS }, { way: OAUTH }, { way: GATEWAY }])('orders through the simulated $way.method', ({ way }) => {
  test('are previewed, placed, read back, changed and canceled', async () => {
    const { adapter } = await scene([way])
    const calls = adapter.trading
    await expect(calls?.previewOrder(ACCOUNT, BUY, stop)).resolves.toMatchObject({
      // TWS does not say.
      estimatedValue: way.method === 'tws' ? null : '-201',
      currency: 'USD',
      refusals: [],
    })
    const placed = await calls?.placeOrder(ACCOUNT, BUY, stop)
    const id = placed?.externalId ?? ''
    await expect(adapter.orderStatus(ACCOUNT, id, stop)).resolves.toMatchObject({
      symbol: 'AAPL',
      side: 'buy',
      status: 'working',
      limitPrice: '100.5',
      quantity: '2',
    })
    const changed = await calls?.replaceOrder(ACCOUNT, id, { ...BUY, limitPrice: Dec.of('101') }, stop)
    await expect(adapter.orderStatus(ACCOUNT, changed?.externalId ?? '', stop)).resolves.toMatchObject({
      status: 'working',
      limitPrice: '101',
    })
    await expect(calls?.cancelOrder(ACCOUNT, changed?.externalId ?? '', stop)).resolves.toMatchObject({ status: 'canceled' })
    await expect(codeOf(calls?.cancelOrder(ACCOUNT, changed?.externalId ?? '', stop) ?? Promise.resolve())).resolves.toBe('order/not-open')
    await expect(codeOf(calls?.cancelOrder(ACCOUNT, '99', stop) ?? Promise.resolve())).resolves.toBe('order/not-found')
  })

  test('at the market are filled, and the fill is in the history', async () => {
    const { adapter } = await scene([way])
    const placed = await adapter.trading?.placeOrder(ACCOUNT, { ...BUY, type: 'market', limitPrice: null }, stop)
    await expect.poll(async () => (await adapter.orderStatus(ACCOUNT, placed?.externalId ?? '', stop)).status).toBe('filled')
    const fills = (await adapter.activities(ACCOUNT, { from: RANGE.to, to: RANGE.to }, null, stop)).rows.filter(
      ({ facts }) => facts.orderId === placed?.externalId,
    )
    expect(fills.map(({ facts }) => facts)).toMatchObject([{ symbol: 'AAPL', side: 'buy', quantity: '2', tradeDate: RANGE.to }])
  })

  test('have prices to go by', async () => {
    const { adapter } = await scene([way])
    const quotes = await adapter.quotes(['AAPL', 'NOPE'], stop)
    expect(quotes).toMatchObject([{ symbol: 'AAPL', currency: 'USD', delayed: false }])
  })
})
