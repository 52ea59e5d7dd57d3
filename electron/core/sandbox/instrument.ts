import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { epochDay } from './calendar.ts'
import type { Listing } from './market.ts'

/** What an account can hold. `symbol` is the compact OCC form for options and Schwab's own form for futures options. */
export interface Instrument {
  readonly kind: 'stock' | 'etf' | 'option' | 'future-option'
  readonly symbol: string
  readonly name: string
  /** Units of the price behind one piece. */
  readonly multiplier: Dec
  readonly contract: Contract | null
}

export interface Contract {
  readonly underlying: string
  readonly right: 'call' | 'put'
  readonly strikeCents: number
  readonly expiry: LocalDate
}

export function shareOf(listing: Listing): Instrument {
  return { kind: listing.kind, symbol: listing.symbol, name: listing.name, multiplier: Dec.of('1'), contract: null }
}

/** An equity option with 100 shares behind it. */
export function optionOf(listing: Listing, right: Contract['right'], strikeCents: number, expiry: LocalDate): Instrument {
  const [year = '', month = '', day = ''] = expiry.split('-')
  const strike = String(strikeCents * 10).padStart(8, '0')
  const symbol = `${listing.symbol}${year.slice(2)}${month}${day}${right === 'call' ? 'C' : 'P'}${strike}`
  const name = `${listing.name} ${month}/${day}/${year} $${strikeCents / 100} ${right === 'call' ? 'Call' : 'Put'}`
  return { kind: 'option', symbol, name, multiplier: Dec.of('100'), contract: { underlying: listing.symbol, right, strikeCents, expiry } }
}

const QUARTER_CODES: Readonly<Record<string, string>> = { '03': 'H', '06': 'M', '09': 'U', '12': 'Z' }
const MONTH_NAMES: Readonly<Record<string, string>> = { '03': 'Mar', '06': 'Jun', '09': 'Sep', '12': 'Dec' }

/** A put on the E-mini S&P future: 50 dollars a point, in a quarter's month. */
export function futureOptionOf(strike: number, expiry: LocalDate): Instrument {
  const [year = '', month = '', day = ''] = expiry.split('-')
  const root = `ES${QUARTER_CODES[month] ?? 'H'}${year.slice(2)}`
  const name = `/${root} ${MONTH_NAMES[month] ?? 'Mar'} ${day} ${year} ${strike}.0 Put`
  const contract = { underlying: `/${root}:XCME`, right: 'put', strikeCents: strike * 100, expiry } as const
  return { kind: 'future-option', symbol: `/${root}_P${strike}:XCME`, name, multiplier: Dec.of('50'), contract }
}

/** Cents by which a contract is in the money at a price of the underlying; zero when it is not. */
export function intrinsicCents(contract: Contract, spotCents: number): number {
  return Math.max(0, contract.right === 'call' ? spotCents - contract.strikeCents : contract.strikeCents - spotCents)
}

/** A plausible premium in cents: what it is worth now plus time value that shrinks with the days and the distance. */
export function premiumCents(contract: Contract, spotCents: number, day: LocalDate): number {
  const days = Math.max(0, epochDay(contract.expiry) - epochDay(day))
  const distance = Math.abs(spotCents - contract.strikeCents) / spotCents
  const time = 0.11 * spotCents * Math.sqrt(days / 365) * Math.max(0.04, 1 - 5 * distance)
  return Math.max(1, intrinsicCents(contract, spotCents) + Math.round(time))
}

/** The symbol padded to 21 characters, as Schwab writes options; others as they are. */
export function paddedSymbol(instrument: Instrument): string {
  if (instrument.kind !== 'option' || !instrument.contract) return instrument.symbol
  return instrument.contract.underlying.padEnd(6) + instrument.symbol.slice(instrument.contract.underlying.length)
}

/** Whole cents as a decimal. */
export function centsOf(cents: number): Dec {
  const sign = cents < 0 ? '-' : ''
  const digits = String(Math.abs(Math.round(cents))).padStart(3, '0')
  return Dec.of(`${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`)
}
