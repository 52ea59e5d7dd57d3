import { priceNow, valueCents } from './history.ts'
import type { Instrument } from './instrument.ts'
import { instrumentIdOf } from './market.ts'
import type { Market } from './market.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

/** What an instrument trades at, in dollars. The spread is two cents around the last price. */
export interface Quote {
  readonly instrument: Instrument
  readonly bid: number
  readonly ask: number
  readonly last: number
  /** Yesterday's close. */
  readonly close: number
  readonly volume: number
}

export function quoteOf(market: Market, instrument: Instrument): Quote {
  const cents = priceNow(market, instrument)
  const before = instrument.contract ? cents : valueCents(market, instrument, Dec.of('1'), 1)
  const volume = 100_000 + (instrumentIdOf(instrument.symbol) % 9_000_000)
  return { instrument, bid: Math.max(0, cents - 1) / 100, ask: (cents + 1) / 100, last: cents / 100, close: before / 100, volume }
}
