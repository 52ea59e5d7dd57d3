import type { ReviewView, Ticket, PlacedView } from '../../../../shared/contract/orders.ts'
import type { BrokerId } from '../../../../shared/domain/broker.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../../shared/domain/ids.ts'
import { sessionOf } from '../../../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../../shared/domain/time.ts'
import type { StandId } from '../../../../electron/core/sandbox/stands.ts'
import { jumpingClock } from '../../../support/fake-ports.ts'
import { impatientClock } from '../../../support/impatient-clock.ts'
import { type TestCore, testCore, type TestCoreOptions } from '../../../support/test-core.ts'

export interface TradingHouse {
  readonly app: TestCore
  readonly connectionId: ConnectionId
  readonly accountId: AccountId
  /** The last price of the stock everybody trades here. */
  readonly price: number
  ticket(changes?: Partial<Ticket>): Ticket
  /** A limit far enough below the market to rest, and near enough for the collar. */
  resting(changes?: Partial<Ticket>): Ticket
  review(ticket?: Ticket): Promise<ReviewView>
  place(review: ReviewView): Promise<PlacedView>
  order(ticket?: Ticket): Promise<PlacedView>
  /** How many calls that could move money the simulator got. */
  sent(): number
  [Symbol.asyncDispose](): Promise<void>
}

/** The simulated server that takes the orders of each broker, and where. */
export const DESKS: readonly { readonly broker: BrokerId; readonly stand: StandId; readonly path: RegExp }[] = [
  { broker: 'alpaca', stand: 'alpaca', path: /^\/v2\/orders/ },
  { broker: 'schwab', stand: 'schwab', path: /\/orders(?:\/\d+)?$/ },
  { broker: 'tastytrade', stand: 'tastytrade', path: /\/orders(?:\/\d+)?$/ },
  { broker: 'etrade', stand: 'etrade', path: /\/place(?:\.json)?$/ },
  { broker: 'tdameritrade', stand: 'tdameritrade', path: /\/orders(?:\/\d+)?$/ },
  { broker: 'ibkr', stand: 'ibkr-oauth', path: /\/iserver\/account\/[^/]+\/order/ },
]

const MOVES = new Set(['POST', 'PUT', 'PATCH'])
const HOUR_MS = 3_600_000

/** A connected simulator with trading switched on, an hour into the next session of the exchange. */
export async function tradingHouse(
  broker: BrokerId = 'alpaca',
  { isOn = true, takesOldPrices = true, ...options }: TestCoreOptions & { readonly isOn?: boolean; readonly takesOldPrices?: boolean } = {},
): Promise<TradingHouse> {
  // IBKR is asked in ways that wait by the clock; the others are asked as fast as they answer.
  const app = await testCore({
    activities: 60,
    impatient: broker === 'ibkr',
    ports: { clock: broker === 'ibkr' ? impatientClock() : jumpingClock(), env: { KEELSON_SANDBOX_HASTE: '99' } },
    ...options,
  })
  app.ports.clock.jump(untilOpen(app.ports.clock.now()) + HOUR_MS)
  // Schwab's listener shows a certificate of the jumped clock, which no browser of today takes: its answer is pasted.
  const [connectionId] = broker === 'schwab' ? [await app.connect(broker)] : (await app.call('sandbox.explore', { broker })).connectionIds
  if (!connectionId) throw new Error('not connected')
  const { global } = await app.call('orders.limits', {})
  // How old a price may be is the guard's own matter; here a busy machine must not make one old.
  if (takesOldPrices) await app.call('orders.setLimits', { accountId: null, limits: { ...global, quoteMaxAgeMs: 60_000 } })
  if (isOn) await app.call('orders.setTrading', { connectionId, on: true })
  return houseOf(app, connectionId, broker)
}

/** The same over a core that was started again. */
export async function houseOf(app: TestCore, connectionId: ConnectionId, broker: BrokerId): Promise<TradingHouse> {
  const desk = DESKS.find(row => row.broker === broker)
  const accountId = (await app.call('orders.desk', {})).connections.find(row => row.connectionId === connectionId)?.accounts[0]?.accountId
  if (!accountId || !desk) throw new Error('no account')
  const quote = await app.call('orders.quote', { accountId, symbol: 'AAPL', assetClass: 'equity' })
  const price = Number(quote?.last ?? quote?.ask)
  const ticket = (changes: Partial<Ticket> = {}): Ticket => ({
    accountId,
    symbol: 'AAPL',
    assetClass: 'equity',
    action: 'buy',
    type: 'market',
    quantity: Dec.of('2'),
    notional: null,
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'day',
    extendedHours: false,
    replaces: null,
    ...changes,
  })
  const review = (asked: Ticket = ticket()): Promise<ReviewView> => app.call('orders.review', asked)
  const place = ({ reviewId, hash, needs }: ReviewView): Promise<PlacedView> =>
    app.call('orders.place', { reviewId, hash, confirmed: needs.map(({ confirmation }) => confirmation) })
  return {
    app,
    connectionId,
    accountId,
    price,
    ticket,
    review,
    place,
    resting: changes => ticket({ type: 'limit', limitPrice: Dec.of(String(Math.floor(price * 0.9))), ...changes }),
    order: async asked => place(await review(asked)),
    sent: () =>
      app.sandbox
        .control(desk.stand)
        .requests()
        .filter(({ method, path }) => MOVES.has(method) && desk.path.test(path.split('?')[0] ?? '')).length,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

function untilOpen(now: Instant): number {
  for (let day = toLocalDate(now, EXCHANGE_ZONE); ; day = LocalDate.plusDays(day, 1)) {
    const session = sessionOf(day)
    if (session && !session.half && Instant.isBefore(now, session.open)) return Instant.msBetween(now, session.open)
  }
}
