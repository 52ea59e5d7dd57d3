import type { LocalDate } from '../../../shared/domain/time.ts'
import { createDice, hexOf } from './dice.ts'

/** A share or fund of the simulated market. Prices are made up. */
export interface Listing {
  readonly symbol: string
  readonly name: string
  readonly kind: 'stock' | 'etf'
  readonly exchange: 'NASDAQ' | 'NYSE' | 'ARCA'
  readonly startCents: number
  /** Daily swing, as a fraction of the price. */
  readonly swing: number
  /** Cents a share at each payment, and the months (1-12) it is paid in. Zero: none. */
  readonly dividendCents: number
  readonly dividendMonths: readonly number[]
  /** Tax is held back from its dividends. */
  readonly withheld: boolean
  /** Splits by trading-day number: new shares for one old. */
  readonly splits: Readonly<Record<number, number>>
}

const QUARTERS = { a: [1, 4, 7, 10], b: [2, 5, 8, 11], c: [3, 6, 9, 12] } as const
const MONTHLY = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

function listing(
  symbol: string,
  name: string,
  exchange: Listing['exchange'],
  startCents: number,
  swing: number,
  more: Partial<Listing> = {},
): Listing {
  const kind = exchange === 'ARCA' ? 'etf' : 'stock'
  return { symbol, name, kind, exchange, startCents, swing, dividendCents: 0, dividendMonths: [], withheld: false, splits: {}, ...more }
}

/** Everything that trades, in a fixed order. */
export const LISTINGS: readonly [Listing, ...Listing[]] = [
  listing('AAPL', 'APPLE INC', 'NASDAQ', 17_300, 0.016, { dividendCents: 24, dividendMonths: QUARTERS.b }),
  listing('MSFT', 'MICROSOFT CORP', 'NASDAQ', 32_100, 0.015, { dividendCents: 75, dividendMonths: QUARTERS.c }),
  listing('NVDA', 'NVIDIA CORP', 'NASDAQ', 44_500, 0.026, { dividendCents: 4, dividendMonths: QUARTERS.c, splits: { 330: 10 } }),
  listing('AMD', 'ADVANCED MICRO DEVICES INC', 'NASDAQ', 10_800, 0.027),
  listing('KO', 'COCA COLA CO', 'NYSE', 5_900, 0.008, { dividendCents: 48, dividendMonths: QUARTERS.a }),
  listing('JPM', 'JPMORGAN CHASE & CO', 'NYSE', 14_600, 0.013, { dividendCents: 115, dividendMonths: QUARTERS.a }),
  listing('SHOP', 'SHOPIFY INC', 'NASDAQ', 6_400, 0.031),
  listing('SAP', 'SAP SE SPONSORED ADR', 'NYSE', 13_500, 0.014, { dividendCents: 250, dividendMonths: [5], withheld: true }),
  listing('WMT', 'WALMART INC', 'NYSE', 15_900, 0.01, { dividendCents: 57, dividendMonths: QUARTERS.a, splits: { 560: 3 } }),
  listing('PLTR', 'PALANTIR TECHNOLOGIES INC', 'NASDAQ', 1_700, 0.033),
  listing('SPY', 'SPDR S&P 500 ETF TRUST', 'ARCA', 43_700, 0.009, { dividendCents: 175, dividendMonths: QUARTERS.c }),
  listing('VTI', 'VANGUARD TOTAL STOCK MARKET ETF', 'ARCA', 21_500, 0.009, { dividendCents: 88, dividendMonths: QUARTERS.c }),
  listing('SCHD', 'SCHWAB US DIVIDEND EQUITY ETF', 'ARCA', 7_300, 0.008, { dividendCents: 66, dividendMonths: QUARTERS.c }),
  listing('BND', 'VANGUARD TOTAL BOND MARKET ETF', 'ARCA', 7_250, 0.004, { dividendCents: 20, dividendMonths: MONTHLY, withheld: true }),
  listing('RIVN', 'RIVIAN AUTOMOTIVE INC', 'NASDAQ', 1_850, 0.03),
  listing('SNAP', 'SNAP INC', 'NYSE', 1_100, 0.03),
]

/** Listings that are only ever sold short, so that a short sale never meets shares already held. */
export const SHORTED: readonly [string, ...string[]] = ['RIVN', 'SNAP']

/** Listings whose options trade: never split, so every contract keeps its 100 shares. */
export const OPTIONABLE: readonly [string, ...string[]] = ['AAPL', 'AMD', 'JPM', 'SPY', 'MSFT']

/** Closing prices by trading day. */
export interface Market {
  readonly days: readonly LocalDate[]
  readonly listings: ReadonlyMap<string, Listing>
  /** The close in whole cents; days outside the range read as the nearest one inside. */
  close(symbol: string, dayNumber: number): number
}

/** Walks every price from its start over the given days. A later end never changes an earlier close. */
export function createMarket(seed: number, days: readonly LocalDate[]): Market {
  const closes = new Map(LISTINGS.map(item => [item.symbol, walk(seed, item, days)]))
  return {
    days,
    listings: new Map(LISTINGS.map(item => [item.symbol, item])),
    close(symbol, dayNumber) {
      const path = closes.get(symbol) ?? []
      return path[Math.max(0, Math.min(dayNumber, path.length - 1))] ?? 100
    },
  }
}

function walk(seed: number, item: Listing, days: readonly LocalDate[]): number[] {
  let price = item.startCents
  return days.map((day, number) => {
    const dice = createDice(seed, 'price', item.symbol, day)
    // Three draws make a bell; the pull towards the start keeps three years of walking plausible.
    const bell = (dice.next() + dice.next() + dice.next() - 1.5) * 1.6
    const split = item.splits[number] ?? 1
    price = Math.max(200, (price / split) * (1 + bell * item.swing + 0.0004))
    return Math.round(price)
  })
}

/** A nine-character identifier in the form of a CUSIP, made up from the symbol. */
export function cusipOf(symbol: string): string {
  return hexOf(9, 'cusip', symbol).toUpperCase()
}

/** A number for an instrument, made up from the symbol: nine digits. */
export function instrumentIdOf(symbol: string): number {
  return 100_000_000 + (Number.parseInt(hexOf(7, 'instrument', symbol), 16) % 800_000_000)
}
