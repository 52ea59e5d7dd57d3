import type { LocalDate } from '../../../shared/domain/time.ts'
import { closeMs, midnightMs, openMs } from './calendar.ts'
import { hash32, mix } from './dice.ts'
import type { Market } from './market.ts'

const SYMBOLS = ['AAPL', 'MSFT', 'KO', 'JPM', 'SPY', 'VTI', 'SCHD', 'BND'] as const
const EDGE_MS = 60_000

/** One fill of a day trade: even numbers buy, the odd one after it sells the same pieces. Prices in cents. */
export interface BulkFill {
  readonly number: number
  readonly pair: number
  readonly at: number
  /** Milliseconds since midnight at the exchange. */
  readonly wallMs: number
  readonly day: LocalDate
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly pieces: number
  readonly cents: number
}

/** Any number of day trades, made when they are read: they fill a large history and leave no position behind. */
export interface Bulk {
  readonly count: number
  timeAt(number: number): number
  fill(number: number): BulkFill
  /** How many fills happened before a moment. */
  before(ms: number): number
  /** What all of them together changed the cash by, in cents. */
  cashCents(): number
}

/** Spreads `count` fills (rounded up to pairs) evenly over the trading hours of the finished days. */
export function createBulk(seed: number, count: number, market: Market, untilMs: number): Bulk {
  const days = market.days.filter(day => closeMs(day) <= untilMs)
  const pairs = days.length === 0 ? 0 : Math.ceil(Math.max(0, count) / 2)
  const perDay = Math.max(2, 2 * Math.ceil(pairs / Math.max(1, days.length)))
  const opens = days.map(openMs)
  const midnights = days.map(midnightMs)
  const step = (23_400_000 - 2 * EDGE_MS) / perDay
  const salt = hash32(seed, 'bulk')
  const total = 2 * pairs
  const timeAt = (number: number): number => (opens[Math.floor(number / perDay)] ?? 0) + EDGE_MS + Math.floor((number % perDay) * step)
  const fill = (number: number): BulkFill => {
    const pair = number >>> 1
    const bits = mix(salt ^ Math.imul(pair + 1, 0x9e3779b1))
    const dayNumber = Math.floor(number / perDay)
    const symbol = SYMBOLS[bits & 7] ?? 'AAPL'
    const bought = market.close(symbol, dayNumber) + ((bits >>> 14) % 41) - 20
    const sell = (number & 1) === 1
    const at = timeAt(number)
    const day = days[dayNumber] ?? market.days[0]
    if (day === undefined) throw new RangeError('no such fill')
    return {
      number,
      pair,
      at,
      wallMs: at - (midnights[dayNumber] ?? 0),
      day,
      symbol,
      side: sell ? 'sell' : 'buy',
      pieces: 1 + ((bits >>> 3) & 63),
      cents: sell ? bought + ((bits >>> 9) % 21) - 10 : bought,
    }
  }
  let cash: number | undefined
  return {
    count: total,
    timeAt,
    fill,
    before: ms => firstFrom(total, number => timeAt(number) >= ms),
    cashCents() {
      if (cash !== undefined) return cash
      cash = 0
      for (let number = 0; number < total; number += 1) {
        const { side, pieces, cents } = fill(number)
        cash += side === 'buy' ? -pieces * cents : pieces * cents
      }
      return cash
    },
  }
}

/** The first number in [0, count] for which a test that turns true once is true. */
export function firstFrom(count: number, test: (number: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (test(middle)) high = middle
    else low = middle + 1
  }
  return low
}
