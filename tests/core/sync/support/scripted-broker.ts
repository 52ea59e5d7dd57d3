import type { BrokerActivity, BrokerAdapter, DateRange } from '../../../../electron/core/brokers/adapter.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'

export type Call = 'accounts' | 'balances' | 'positions' | 'orders' | 'activities'

export interface ScriptedCall {
  readonly call: Call
  readonly account: string
  readonly range?: DateRange
  readonly cursor?: string | null
}

export interface ScriptedBroker extends BrokerAdapter {
  readonly calls: ScriptedCall[]
  /** Rows by account key, newest first; tests may change them between runs. */
  readonly history: Map<string, BrokerActivity[]>
  /** Called before each answer; throwing makes that call fail. */
  before: (call: ScriptedCall, options: { signal: AbortSignal }) => void | Promise<void>
  listed: string[]
}

export interface Script {
  readonly accounts: readonly string[]
  readonly rows: number
  readonly pageSize?: number
  readonly overlapDays?: number
  readonly lastDay?: LocalDate
  readonly rowsPerDay?: number
  /** The row repeated at the head of a page comes corrected there, and wherever it is not repeated. */
  readonly correctsRepeated?: boolean
}

const AS_OF = Instant.parse('2026-11-20T15:00:00Z')

/**
 * A broker in this process: so many accounts, so many rows each, newest first in pages. As real ones do, it repeats the last
 * row of a page at the head of the next.
 */
export function scriptedBroker({
  accounts,
  rows,
  pageSize = 100,
  overlapDays = 7,
  lastDay = LocalDate.of('2026-11-20'),
  rowsPerDay = 40,
  correctsRepeated = false,
}: Script): ScriptedBroker {
  const broker: ScriptedBroker = {
    calls: [],
    history: new Map(
      accounts.map((key, place) => [
        key,
        Array.from({ length: rows }, (_, at) => scriptedRow(place, at, LocalDate.plusDays(lastDay, -Math.floor(at / rowsPerDay)))),
      ]),
    ),
    before: () => undefined,
    listed: [...accounts],
    overlapDays,
    historyStart: today => LocalDate.plusDays(today, -Math.ceil(rows / rowsPerDay) - 30),
    testConnection: () => Promise.resolve({ accounts: broker.listed.length }),
    async accounts(options) {
      await answer({ call: 'accounts', account: '' }, options)
      return broker.listed.map(key => ({ key, number: `12345000${key}`, name: `Account ${key}`, type: 'margin', currency: 'USD' }))
    },
    async balances(account, options) {
      await answer({ call: 'balances', account }, options)
      return [{ currency: 'USD', netLiquidation: Dec.of('1000.5'), cash: Dec.of('10'), buyingPower: null, asOf: AS_OF }]
    },
    async positions(account, options) {
      await answer({ call: 'positions', account }, options)
      return [
        {
          symbol: 'AAPL',
          assetClass: 'equity',
          quantity: Dec.of('2.5'),
          averagePrice: Dec.of('200'),
          marketValue: null,
          unrealized: null,
          currency: 'USD',
          asOf: AS_OF,
        },
      ]
    },
    async orders(account, { range }, options) {
      await answer({ call: 'orders', account, range }, options)
      return [
        {
          externalId: 'o-1',
          symbol: 'AAPL',
          side: 'buy',
          type: 'limit',
          timeInForce: 'day',
          status: 'filled',
          statusText: 'filled',
          quantity: Dec.of('1'),
          filledQuantity: Dec.of('1'),
          limitPrice: Dec.of('5'),
          stopPrice: null,
          averageFillPrice: Dec.of('5'),
          submittedAt: AS_OF,
          updatedAt: AS_OF,
        },
      ]
    },
    orderStatus: () => Promise.reject(new AppError('order/not-found')),
    quotes: () => Promise.resolve([]),
    trading: null,
    async activities(account, range, cursor, options) {
      await answer({ call: 'activities', account, range, cursor }, options)
      const inRange = (broker.history.get(account) ?? []).filter(
        ({ facts }) => facts.tradeDate >= range.from && facts.tradeDate <= range.to,
      )
      const from = cursor === null ? 0 : Number(cursor)
      const to = from + pageSize
      const rows = inRange.slice(Math.max(0, from - 1), to)
      const next = to < inRange.length ? String(to) : null
      if (correctsRepeated) {
        for (const [place, row] of rows.entries()) {
          const repeated = (Math.max(0, from - 1) + place + 1) % pageSize === 0
          if (repeated && !(next !== null && place === rows.length - 1)) rows[place] = corrected(row)
        }
      }
      return { rows, next, asOf: AS_OF }
    },
  }
  async function answer(call: ScriptedCall, options: { signal: AbortSignal }): Promise<void> {
    broker.calls.push(call)
    await broker.before(call, options)
    options.signal.throwIfAborted()
  }
  return broker
}

function corrected(row: BrokerActivity): BrokerActivity {
  return { ...row, facts: { ...row.facts, status: 'corrected', fees: Dec.of('0.01') } }
}

const SYMBOLS = ['AAPL', 'SPY', 'BRK.B', 'AAPL261218C00250000', 'BTC/USD']

/** Row `at` of an account, the same every time. */
export function scriptedRow(account: number, at: number, tradeDate: LocalDate): BrokerActivity {
  const dividend = at % 25 === 7
  const facts: ActivityFacts = {
    externalId: `${account}-${String(1_000_000 - at)}::${(at * 7919) % 99_991}`,
    kind: dividend ? 'dividend' : 'trade',
    brokerType: dividend ? 'DIV' : 'FILL',
    symbol: SYMBOLS[at % SYMBOLS.length] ?? null,
    assetClass: 'equity',
    side: dividend ? null : at % 2 === 0 ? 'buy' : 'sell',
    positionEffect: null,
    quantity: dividend ? null : Dec.of(`${1 + (at % 90)}.${1 + (at % 9)}`),
    price: dividend ? null : Dec.of(`${10 + (at % 300)}.25`),
    amount: Dec.of(`-${at}.5`),
    fees: Dec.zero,
    currency: 'USD',
    executedAt: dividend ? null : Instant.fromEpochMicros(Date.parse(`${tradeDate}T15:00:00Z`) * 1000 + 999_999 - (at % 1_000_000)),
    tradeDate,
    orderId: dividend ? null : `order-${Math.floor(at / 2)}`,
    description: dividend ? 'Cash dividend' : null,
    status: 'final',
  }
  return { facts, raw: JSON.stringify({ id: facts.externalId, at }) }
}
