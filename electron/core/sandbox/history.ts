import { Dec } from '../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import { createBulk } from './bulk.ts'
import type { Bulk } from './bulk.ts'
import { bookFill, nextOrderNumber } from './booking.ts'
import { openMs, tradingDays } from './calendar.ts'
import { centsOf } from './instrument.ts'
import type { Instrument } from './instrument.ts'
import { createMarket } from './market.ts'
import type { Market } from './market.ts'
import type { FillEntry, Story, StoryLeg, StoryOrder } from './story.ts'
import { historyStart, tellStory } from './tell.ts'
import type { Customer } from './tell.ts'
import { priceCents } from './trader-options.ts'
import { shareBy } from './trader.ts'

/** How much history there is without being asked. */
export const DEFAULT_ACTIVITIES = 1500

/** The life of one simulated broker: its market, its customers' stories, and the day trades that fill a large history. */
export interface History {
  readonly market: Market
  readonly accounts: readonly Account[]
}

export interface Account {
  readonly key: string
  readonly story: Story
  readonly bulk: Bulk
  /** Grows with every change; readers keep what they made from the story until it moves. */
  revision: number
}

export interface HistoryOptions {
  readonly seed: number
  readonly now: Instant
  readonly customers: readonly Customer[]
  /** Rows over all accounts; the first account takes what the stories leave. */
  readonly activities: number
  /** How many years before this one the history starts; three without it. */
  readonly years?: number
}

export function createHistory(options: HistoryOptions): History {
  const { seed, now, activities, customers } = options
  const untilMs = Instant.toEpochMs(now)
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const share = Math.min(1, activities / DEFAULT_ACTIVITIES)
  const start = share < 1 ? LocalDate.plusDays(today, -Math.ceil(1200 * share)) : historyStart(today, options.years)
  const days = tradingDays(start, today).filter(day => openMs(day) - 12_000_000 <= untilMs)
  const market = createMarket(seed, days)
  const stories = customers.map(customer => tellStory(seed, customer, market, untilMs))
  const told = stories.reduce((total, { entries }) => total + entries.length, 0)
  const extra = activities > DEFAULT_ACTIVITIES ? activities - told : 0
  const accounts = stories.map((story, number) => {
    const bulk = createBulk(seed, number === 0 ? extra : 0, market, untilMs)
    return { key: customers[number]?.account ?? '', story, bulk, revision: 0 }
  })
  return { market, accounts }
}

/** All cash of an account, the day trades included. */
export function cashOf({ story, bulk }: Account): Dec {
  return Dec.add(story.cash, centsOf(bulk.cashCents()))
}

/** The price of one piece today, in cents. */
export function priceNow(market: Market, instrument: Instrument): number {
  return priceOn(market, instrument, market.days.length - 1)
}

/** The price of one piece on a trading day, in cents. */
export function priceOn(market: Market, instrument: Instrument, dayNumber: number): number {
  const day = market.days[dayNumber]
  if (day === undefined) return 1
  return instrument.contract ? priceCents({ market, dayNumber, day }, instrument) : market.close(instrument.symbol, dayNumber)
}

/** Signed value of a holding in cents, at today's price or `back` trading days earlier. */
export function valueCents(market: Market, instrument: Instrument, qty: Dec, back = 0): number {
  const dayNumber = Math.max(0, market.days.length - 1 - back)
  const cents = instrument.contract || back === 0 ? priceNow(market, instrument) : market.close(instrument.symbol, dayNumber)
  return Math.round(cents * Number(qty) * Number(instrument.multiplier))
}

/** Books a purchase of one share at a moment, free of costs, and answers the entry. */
export function addPurchase(account: Account, market: Market, at: Instant): FillEntry {
  const instrument = shareBy(market, 'AAPL')
  const ms = Instant.toEpochMs(at)
  const qty = Dec.of('1')
  const { story } = account
  const leg: StoryLeg = { instrument, side: 'buy', effect: 'open', qty }
  const number = nextOrderNumber(story, at)
  const order: StoryOrder = { number, legs: [leg], type: 'market', limit: null, submittedAt: ms, closedAt: ms, status: 'filled', fills: [] }
  story.orders.push(order)
  account.revision += 1
  return bookFill(story, order, leg, { at, qty, price: centsOf(priceNow(market, instrument)), fees: [], style: 'apart' })
}

/** Corrects a fill: one cent more a piece, cash moved with it, the same id. */
export function correctFill(account: Account, entry: FillEntry): void {
  const change = Dec.mul(Dec.mul(Dec.of('0.01'), entry.qty), entry.leg.instrument.multiplier)
  const cash = entry.leg.side === 'buy' ? Dec.neg(change) : change
  entry.price = Dec.add(entry.price, Dec.of('0.01'))
  entry.net = Dec.add(entry.net, cash)
  account.story.cash = Dec.add(account.story.cash, cash)
  const held = account.story.holdings.get(entry.leg.instrument.symbol)
  if (held && entry.leg.side === 'buy') held.cost = Dec.sub(held.cost, cash)
  account.revision += 1
}
