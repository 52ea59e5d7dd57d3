import { LimitsSchema } from '../../../shared/contract/orders.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Refused, type TestCore, testCore } from '../../support/test-core.ts'
import { type OrderLine, startOrderLine } from './order-line.ts'

/** A whole core that trades at a simulator, over a line that can go wrong. */
export interface Trader extends AsyncDisposable {
  readonly line: OrderLine
  /** The core of the moment. */
  app(): TestCore
  readonly accountId: AccountId
  /** Ends the core and starts another on the same folder. */
  restart(): Promise<void>
  review(): Promise<OutputOf<'orders.review'>>
  place(review: OutputOf<'orders.review'>): Promise<OutputOf<'orders.place'>>
  /** Reviews and places one order; null when it was refused before anything was written down, such as for a sync that has just begun. */
  tryPlace(): Promise<OutputOf<'orders.place'> | null>
  /** What is known of it now, without anybody looking. */
  outcomeOf(intentId: string): Promise<string>
}

const LIMITS = LimitsSchema.parse({
  maxQuantity: '1000000000',
  maxNotional: '1000000000',
  maxPosition: '1000000000000',
  maxOpenValue: '1000000000000',
  ordersPerMinute: 60,
  ordersPerDay: 10_000,
  maxDailyLoss: '1000000000',
  collarPercent: '50',
  quoteMaxAgeMs: 60_000,
  allow: null,
  deny: [],
})

export async function openTrader(): Promise<Trader> {
  const line = await startOrderLine()
  let app = await testCore({ impatient: true, activities: 40, ports: { env: { KEELSON_SANDBOX_ALPACA_URL: line.origin } } })
  line.target = app.sandbox.urls.alpaca
  const { connectionIds } = await app.call('sandbox.explore', { broker: 'alpaca' })
  const [connectionId] = connectionIds
  if (!connectionId) throw new Error('nothing was connected')
  await app.call('orders.setLimits', { accountId: null, limits: LIMITS })
  await app.call('orders.setTrading', { connectionId, on: true })
  const desk = await app.call('orders.desk', {})
  const [account] = desk.connections.find(one => one.connectionId === connectionId)?.accounts ?? []
  if (!account) throw new Error('there is no account')
  const { accountId } = account
  let isBuy = false

  async function review(): ReturnType<Trader['review']> {
    isBuy = !isBuy
    const quote = await app.call('orders.quote', { accountId, symbol: 'AAPL', assetClass: 'equity' })
    const price = isBuy ? quote?.ask : quote?.bid
    return app.call('orders.review', {
      accountId,
      symbol: 'AAPL',
      assetClass: 'equity',
      action: isBuy ? 'buy' : 'sell',
      type: 'limit',
      quantity: Dec.of('1'),
      notional: null,
      limitPrice: price ?? null,
      stopPrice: null,
      timeInForce: 'day',
      extendedHours: false,
    })
  }
  const place: Trader['place'] = ({ reviewId, hash }) =>
    app.call('orders.place', { reviewId, hash, confirmed: ['duplicate', 'market-closed'] })

  return {
    line,
    app: () => app,
    accountId,
    async restart() {
      app = await app.restart()
      await app.call('sync.run', { connectionId })
    },
    review,
    place,
    async tryPlace() {
      try {
        return await place(await review())
      } catch (error) {
        if (error instanceof Refused) return null
        throw error
      }
    },
    async outcomeOf(intentId) {
      const { rows } = await app.call('orders.list', { limit: 200 })
      const row = rows.find(one => one.intentId === intentId)
      if (!row) throw new Error('the order is not in the list')
      return row.externalId === null ? row.status : 'confirmed'
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await line[Symbol.asyncDispose]()
    },
  }
}

const LOOK_MS = 61_000
const LOOKS = 12

/** Lets time pass and looks, until it is known what became of an order. */
export async function settled(trader: Trader, intentId: string): Promise<OutputOf<'orders.place'>> {
  for (let looks = 0; ; looks += 1) {
    const now = await trader.app().call('orders.resolve', { intentId })
    if (now.outcome !== 'unknown' || looks >= LOOKS) return now
    trader.app().ports.clock.jump(LOOK_MS)
  }
}
