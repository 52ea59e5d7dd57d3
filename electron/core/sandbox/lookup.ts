import { LocalDate } from '../../../shared/domain/time.ts'
import { isTradingDay } from './calendar.ts'
import { optionOf, shareOf } from './instrument.ts'
import type { Contract, Instrument } from './instrument.ts'
import type { Market } from './market.ts'

const OCC = /^([A-Z]{1,6})(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/

/** A share, fund or option by its compact symbol; undefined when nothing of that name trades. */
export function instrumentBy(market: Market, symbol: string): Instrument | undefined {
  const listing = market.listings.get(symbol)
  if (listing) return shareOf(listing)
  const [, root = '', year = '', month = '', day = '', right = '', strike = ''] = OCC.exec(symbol) ?? []
  return contractBy(market, root, `20${year}-${month}-${day}`, right === 'C' ? 'call' : 'put', Math.round(Number(strike) / 10))
}

/** An option by its terms; undefined for an unknown share or an expiry on which nothing trades. */
export function contractBy(
  market: Market,
  underlying: string,
  expiry: string,
  right: Contract['right'],
  strikeCents: number,
): Instrument | undefined {
  const listing = market.listings.get(underlying)
  if (!listing || !LocalDate.is(expiry) || !isTradingDay(expiry) || !(strikeCents > 0)) return undefined
  return optionOf(listing, right, strikeCents, expiry)
}
