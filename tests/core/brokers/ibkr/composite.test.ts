import { describe, expect, test } from 'vitest'
import { createComposite } from '../../../../electron/core/brokers/ibkr/composite.ts'
import type { FlexWay } from '../../../../electron/core/brokers/ibkr/flex/client.ts'
import type { Way } from '../../../../electron/core/brokers/ibkr/way.ts'
import type { ActivityPage, BrokerActivity, Trading } from '../../../../electron/core/brokers/adapter.ts'
import { AppError, type ErrorCode } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import type { Method } from '../../../../shared/domain/broker.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const ACCOUNT = 'DU1000001'
const asOf = Instant.parse('2026-11-20T15:00:00Z')
const WHOLE = { from: LocalDate.of('2022-01-01'), to: LocalDate.of('2026-11-20') }
const WEEK = { from: LocalDate.of('2026-11-13'), to: LocalDate.of('2026-11-20') }

const facts: ActivityFacts = {
  externalId: 'a.b.01',
  kind: 'trade',
  brokerType: '',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'buy',
  positionEffect: null,
  quantity: Dec.of('1'),
  price: Dec.of('1'),
  amount: null,
  fees: Dec.zero,
  currency: 'USD',
  executedAt: asOf,
  tradeDate: LocalDate.of('2026-11-18'),
  orderId: null,
  description: null,
  status: 'final',
}

function row(externalId: string, brokerType: string, precedence = brokerType === 'flex' ? 0 : -1): BrokerActivity {
  return { facts: { ...facts, externalId, brokerType }, raw: '{}', precedence }
}

const draft: OrderDraft = {
  clientOrderId: 'k-1',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'buy',
  positionEffect: null,
  type: 'market',
  quantity: Dec.of('1'),
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trail: null,
  timeInForce: 'day',
  extendedHours: false,
}

/** A live way that works, or fails everything with one code. Orders placed on it are counted. */
function live(method: Method, failure?: ErrorCode): Way & { readonly placed: string[]; readonly asked: { from: string }[] } {
  const placed: string[] = []
  const asked: { from: string }[] = []
  const answer = <T>(value: T): Promise<T> => (failure === undefined ? Promise.resolve(value) : Promise.reject(new AppError(failure)))
  const order = (name: string) => {
    placed.push(name)
    return answer({ externalId: method, status: 'working' as const, statusText: '' })
  }
  const trading: Trading = {
    previewOrder: () =>
      answer({ estimatedValue: null, estimatedFees: null, buyingPowerEffect: null, currency: 'USD', warnings: [], refusals: [] }),
    placeOrder: () => order('place'),
    replaceOrder: () => order('replace'),
    cancelOrder: () => order('cancel'),
  }
  return {
    method,
    placed,
    asked,
    trading,
    accounts: () => answer([{ key: ACCOUNT, number: ACCOUNT, name: method, type: '', currency: 'USD' }]),
    balances: () =>
      answer([
        { currency: 'EUR', netLiquidation: null, cash: null, buyingPower: null, asOf },
        { currency: 'USD', netLiquidation: null, cash: null, buyingPower: null, asOf },
      ]),
    positions: () => answer([]),
    orders: () => answer([]),
    orderStatus: () => Promise.reject(new AppError(failure ?? 'order/not-found')),
    quotes: () => answer([]),
    executions(_account, range) {
      asked.push(range)
      return answer({ rows: [row('a.b.01', method), row('a.c.01', method)], asOf })
    },
  }
}

function flex(
  failure?: ErrorCode,
  rows: readonly BrokerActivity[] = [row('a.b.01', 'flex')],
): FlexWay & { readonly cursors: (string | null)[] } {
  const cursors: (string | null)[] = []
  const answer = <T>(value: T): Promise<T> =>
    failure === undefined ? Promise.resolve(value) : Promise.reject(new AppError(failure, { brokerSays: 'No.' }))
  return {
    cursors,
    accounts: () => answer([{ key: ACCOUNT, number: ACCOUNT, name: 'flex', type: '', currency: 'USD' }]),
    check: () => answer([{ key: ACCOUNT, number: ACCOUNT, name: 'flex', type: '', currency: 'USD' }]),
    balances: () => answer([]),
    positions: () => answer([]),
    page(_account, _range, cursor) {
      cursors.push(cursor)
      return answer<ActivityPage>({ rows, next: cursor === null ? 'f1.2025-11-20' : null, asOf })
    },
  }
}

function composite(ways: readonly Way[], history: FlexWay | null = null) {
  const reports = new Map<Method, ErrorCode | null>()
  return {
    reports,
    ...createComposite({ live: ways, flex: history, report: (method, failure) => void reports.set(method, failure?.code ?? null) }),
  }
}

const typesOf = ({ rows }: ActivityPage): string[] => rows.map(each => `${each.facts.externalId} ${each.facts.brokerType}`)

describe('what is now', () => {
  test('comes from the preferred way', async () => {
    const { accounts, reports } = composite([live('oauth'), live('tws')])
    expect((await accounts(stop)).map(({ name }) => name)).toEqual(['oauth'])
    expect([...reports]).toEqual([['oauth', null]])
  })

  test('comes from the next one when that fails, and the failure is told', async () => {
    const { accounts, reports } = composite([live('oauth', 'auth/sign-in-needed'), live('tws', 'local/not-running'), live('gateway')])
    expect((await accounts(stop)).map(({ name }) => name)).toEqual(['gateway'])
    expect([...reports]).toEqual([
      ['oauth', 'auth/sign-in-needed'],
      ['tws', 'local/not-running'],
      ['gateway', null],
    ])
  })

  test('fails with the preferred way’s own failure when none is left', async () => {
    const { positions } = composite([live('oauth', 'auth/sign-in-needed'), live('tws', 'local/not-running')])
    await expect(codeOf(positions(ACCOUNT, stop))).resolves.toBe('auth/sign-in-needed')
  })

  test('is not passed on when the user stopped it', async () => {
    const { positions, reports } = composite([live('oauth', 'app/canceled'), live('tws')])
    await expect(codeOf(positions(ACCOUNT, stop))).resolves.toBe('app/canceled')
    expect([...reports]).toEqual([])
  })

  test('is never what yesterday’s statement says, but the accounts may be', async () => {
    const { accounts, positions, balances } = composite([live('tws', 'local/not-running')], flex())
    expect((await accounts(stop)).map(({ name }) => name)).toEqual(['flex'])
    await expect(codeOf(positions(ACCOUNT, stop))).resolves.toBe('local/not-running')
    await expect(codeOf(balances(ACCOUNT, stop))).resolves.toBe('local/not-running')
  })

  test('is what the statement says where there is nothing but Flex', async () => {
    const { testConnection, positions, orders, quotes } = composite([], flex())
    await expect(testConnection(stop)).resolves.toEqual({ accounts: 1 })
    await expect(positions(ACCOUNT, stop)).resolves.toEqual([])
    await expect(codeOf(orders(ACCOUNT, { status: 'all', range: WEEK }, stop))).resolves.toBe('order/not-shown')
    await expect(quotes(['AAPL'], stop)).resolves.toEqual([])
  })

  test('may lack prices alone: a way in without that permission works all the same', async () => {
    for (const code of ['broker/refused', 'broker/scope-missing'] as const) {
      const { quotes, reports } = composite([live('oauth', code), live('tws')])
      await expect(quotes(['AAPL'], stop)).resolves.toEqual([])
      expect([...reports]).toEqual([
        ['oauth', null],
        ['tws', null],
      ])
      const alone = composite([live('oauth', code)])
      await expect(codeOf(alone.quotes(['AAPL'], stop))).resolves.toBe(code)
      await expect(codeOf(alone.positions(ACCOUNT, stop))).resolves.toBe(code)
      expect([...alone.reports]).toEqual([['oauth', code]])
    }
  })

  test('can be one currency’s', async () => {
    const { balances } = composite([live('tws')])
    expect((await balances(ACCOUNT, { signal, currency: 'EUR' })).map(({ currency }) => currency)).toEqual(['EUR'])
  })
})

describe('history', () => {
  test('is Flex’s, with the executions Flex does not have yet', async () => {
    const page = await composite([live('tws')], flex()).activities(ACCOUNT, WHOLE, null, stop)
    expect(typesOf(page)).toEqual(['a.c.01 tws', 'a.b.01 flex'])
    expect(page.next).toBe('f1.2025-11-20')
  })

  test('has the correction only the live way knows of yet, until Flex tells it too', async () => {
    const corrected = { ...live('tws'), executions: () => Promise.resolve({ rows: [row('a.b.01', 'tws', 3)], asOf }) }
    const early = await composite([corrected], flex()).activities(ACCOUNT, WHOLE, null, stop)
    expect(typesOf(early)).toEqual(['a.b.01 tws'])
    const later = await composite([corrected], flex(undefined, [row('a.b.01', 'flex', 4)])).activities(ACCOUNT, WHOLE, null, stop)
    expect(typesOf(later)).toEqual(['a.b.01 flex'])
  })

  test('asks the live way for the last week only', async () => {
    const tws = live('tws')
    await composite([tws], flex()).activities(ACCOUNT, WHOLE, null, stop)
    expect(tws.asked).toEqual([WEEK])
  })

  test('goes on with Flex alone', async () => {
    const [tws, statements] = [live('tws'), flex()]
    expect((await composite([tws], statements).activities(ACCOUNT, WHOLE, 'f1.2025-11-20', stop)).next).toBeNull()
    expect(statements.cursors).toEqual(['f1.2025-11-20'])
    expect(tws.asked).toEqual([])
  })

  test('does without the live way when that is down', async () => {
    const { activities, reports } = composite([live('tws', 'local/not-running')], flex())
    expect(typesOf(await activities(ACCOUNT, WHOLE, null, stop))).toEqual(['a.b.01 flex'])
    expect(reports.get('tws')).toBe('local/not-running')
  })

  test('saves the last days first when Flex fails, and stays open until it answers', async () => {
    const { activities } = composite([live('tws')], flex('flex/not-ready'))
    const page = await activities(ACCOUNT, WHOLE, null, stop)
    expect(typesOf(page)).toEqual(['a.b.01 tws', 'a.c.01 tws'])
    await expect(codeOf(activities(ACCOUNT, WHOLE, page.next, stop))).resolves.toBe('flex/not-ready')
    const later = composite([live('tws')], flex())
    expect(typesOf(await later.activities(ACCOUNT, WHOLE, page.next, stop))).toEqual(['a.c.01 tws', 'a.b.01 flex'])
  })

  test('of the last week stays open while Flex fails, for dividends and fees come from it alone', async () => {
    const { activities } = composite([live('tws')], flex('auth/token-expired'))
    const page = await activities(ACCOUNT, WEEK, null, stop)
    expect(page.rows).toHaveLength(2)
    await expect(codeOf(activities(ACCOUNT, WEEK, page.next, stop))).resolves.toBe('flex/stopped')
  })

  test('that stops for a dead Flex token ends no sign-in', async () => {
    const { activities, reports } = composite([live('tws')], flex('auth/token-expired'))
    const { next } = await activities(ACCOUNT, WHOLE, null, stop)
    await expect(activities(ACCOUNT, WHOLE, next, stop)).rejects.toMatchObject({ code: 'flex/stopped', brokerSays: 'No.' })
    expect(reports.get('flex')).toBe('auth/token-expired')
  })

  test('of Flex alone fails with Flex', async () => {
    await expect(codeOf(composite([], flex('auth/token-expired')).activities(ACCOUNT, WHOLE, null, stop))).resolves.toBe(
      'auth/token-expired',
    )
  })
})

describe('orders a way in does not show', () => {
  const mute = (): Way => {
    const hidden = () => Promise.reject(new AppError('order/not-shown', { details: { program: 'TWS' } }))
    return { ...live('tws'), orders: hidden, orderStatus: hidden }
  }
  const query = { status: 'all', range: WEEK } as const

  test('come from the next way that does, and neither is in trouble', async () => {
    const { orders, reports } = composite([mute(), live('gateway')])
    await expect(orders(ACCOUNT, query, stop)).resolves.toEqual([])
    expect([...reports]).toEqual([['gateway', null]])
    const status = composite([mute(), { ...live('gateway'), orderStatus: () => Promise.resolve({ externalId: '7' } as never) }]).orderStatus
    await expect(status(ACCOUNT, '7', stop)).resolves.toEqual({ externalId: '7' })
  })

  test('are not said to be none when no way does', async () => {
    await expect(codeOf(composite([mute()]).orders(ACCOUNT, query, stop))).resolves.toBe('order/not-shown')
    await expect(codeOf(composite([mute()]).orderStatus(ACCOUNT, '7', stop))).resolves.toBe('order/not-shown')
    await expect(codeOf(composite([mute(), live('gateway', 'local/not-running')]).orders(ACCOUNT, query, stop))).resolves.toBe(
      'local/not-running',
    )
  })
})

describe('an order', () => {
  test.each([
    'auth/sign-in-needed',
    'local/not-running',
    'net/offline',
    'broker/unavailable',
    'order/read-only',
    'order/not-offered',
  ] as const)('that never left for %s goes the next way', async code => {
    const [first, second] = [live('oauth', code), live('tws')]
    const { trading } = composite([first, second])
    await expect(trading?.placeOrder(ACCOUNT, draft, stop)).resolves.toMatchObject({ externalId: 'tws' })
    expect([first.placed, second.placed]).toEqual([['place'], ['place']])
  })

  test.each(['order/unknown', 'order/rejected', 'order/invalid', 'app/canceled'] as const)(
    'that ended with %s is never sent another way',
    async code => {
      const [first, second] = [live('oauth', code), live('tws')]
      const { trading } = composite([first, second])
      await expect(codeOf(trading?.placeOrder(ACCOUNT, draft, stop) ?? Promise.resolve())).resolves.toBe(code)
      expect(second.placed).toEqual([])
    },
  )

  test('is canceled by the way that knows it', async () => {
    const { trading } = composite([live('oauth', 'order/not-found'), live('tws')])
    await expect(trading?.cancelOrder(ACCOUNT, '7', stop)).resolves.toMatchObject({ externalId: 'tws' })
  })

  test('nobody knows is not found', async () => {
    await expect(codeOf(composite([live('oauth'), live('tws')]).orderStatus(ACCOUNT, '7', stop))).resolves.toBe('order/not-found')
  })

  test('cannot be placed through Flex', async () => {
    await expect(codeOf(composite([], flex()).trading?.placeOrder(ACCOUNT, draft, stop) ?? Promise.resolve())).resolves.toBe(
      'order/not-offered',
    )
  })
})

describe('an account only one way in has', () => {
  test('is read and traded there, and the other way is none the worse', async () => {
    const { positions, trading, reports } = composite([live('tws', 'broker/account-gone'), live('gateway')])
    await expect(positions(ACCOUNT, stop)).resolves.toEqual([])
    await expect(trading?.placeOrder(ACCOUNT, draft, stop)).resolves.toMatchObject({ externalId: 'gateway' })
    expect([...reports]).toEqual([
      ['tws', null],
      ['gateway', null],
    ])
  })

  test('is not gone while the way that may have it is down', async () => {
    const { positions } = composite([live('tws', 'broker/account-gone'), live('gateway', 'local/not-running')])
    await expect(codeOf(positions(ACCOUNT, stop))).resolves.toBe('local/not-running')
  })

  test('is gone when no way has it', async () => {
    const { positions } = composite([live('tws', 'broker/account-gone'), live('gateway', 'broker/account-gone')])
    await expect(codeOf(positions(ACCOUNT, stop))).resolves.toBe('broker/account-gone')
  })
})

test('an order is not unknown while the way that may know it is down', async () => {
  const { orderStatus, trading } = composite([live('oauth', 'order/not-found'), live('tws', 'local/not-running')])
  await expect(codeOf(orderStatus(ACCOUNT, '7', stop))).resolves.toBe('local/not-running')
  await expect(codeOf(trading?.cancelOrder(ACCOUNT, '7', stop) ?? Promise.resolve())).resolves.toBe('local/not-running')
})
