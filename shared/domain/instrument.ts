import { Dec } from './decimal.ts'
import { LocalDate } from './time.ts'

/** What is traded. `other` keeps whatever a broker adds later; nothing is refused for its class. */
export type AssetClass = 'equity' | 'option' | 'future' | 'future-option' | 'crypto' | 'fund' | 'bond' | 'cash' | 'index' | 'forex' | 'other'

export interface OptionContract {
  readonly underlying: string
  readonly expiry: LocalDate
  readonly right: 'call' | 'put'
  readonly strike: Dec
}

const OCC = /^([A-Z][A-Z0-9.]{0,5}) *(\d{2})(\d{2})(\d{2})([CP])(\d{5})(\d{3})$/

/**
 * Reads an OCC option symbol, padded to 21 characters (Schwab) or not (Alpaca).
 * Undefined for anything else. Source: OCC option symbology initiative, 2010.
 */
export function parseOcc(symbol: string): OptionContract | undefined {
  const match = OCC.exec(symbol)
  if (!match) return undefined
  const [, underlying = '', year, month, day, right, whole = '0', thousandths = '0'] = match
  const expiry = `20${year}-${month}-${day}`
  if (!LocalDate.is(expiry)) return undefined
  return { underlying, expiry, right: right === 'C' ? 'call' : 'put', strike: Dec.of(`${whole}.${thousandths}`) }
}

/**
 * The contract in Keelson's spelling, OCC without padding. Undefined for what OCC cannot spell: roots over six letters, strikes with
 * more than three decimals or from 100,000 on.
 */
export function occSymbol({ underlying, expiry, right, strike }: OptionContract): string | undefined {
  const [whole = '', thousandths = ''] = strike.split('.')
  if (strike.startsWith('-') || whole.length > 5 || thousandths.length > 3) return undefined
  const day = expiry.slice(2).replaceAll('-', '')
  const symbol = `${underlying}${day}${right === 'call' ? 'C' : 'P'}${whole.padStart(5, '0')}${thousandths.padEnd(3, '0')}`
  return OCC.test(symbol) ? symbol : undefined
}

/** An option symbol padded to 21 characters, as Schwab and tastytrade want it: `AAPL  261218C00250000`. Other symbols stay. */
export function paddedOcc(symbol: string): string {
  const match = OCC.exec(symbol)
  if (!match) return symbol
  const [, underlying = ''] = match
  return `${underlying.padEnd(6)}${normalSymbol(symbol).slice(underlying.length)}`
}

/** Keelson's one spelling of an option symbol: OCC without padding, `AAPL261218C00250000`. Other symbols are trimmed. */
export function normalSymbol(symbol: string): string {
  const trimmed = symbol.trim()
  return OCC.test(trimmed) ? trimmed.replace(/ +/, '') : trimmed
}

/**
 * Shares behind one contract. Undefined for adjusted contracts (a digit ends the root): their deliverable is not 100
 * and only the broker knows it.
 */
export function standardMultiplier(symbol: string): Dec | undefined {
  const option = parseOcc(symbol)
  if (!option) return Dec.of('1')
  return /\d$/.test(option.underlying) ? undefined : Dec.of('100')
}

/** A root without the mark before a class of shares, which brokers spell each in their own way and OCC not at all: `BRKB` of `BRK.B` and `BRK/B`. */
export function bareRoot(root: string): string {
  return root.replace(/[./ ]/g, '')
}

const CUSIP = /^\d{3}[\dA-Z]{6}$/

/** True for what is shaped like a CUSIP, as brokers name bonds and bills: nine letters and digits that begin with three digits. No ticker is. */
export function looksLikeCusip(symbol: string): boolean {
  return CUSIP.test(symbol)
}

const PAIR = /^([A-Z0-9]{2,10})[/-]([A-Z]{3,5})$/
const JOINED_PAIR = /^([A-Z0-9]{2,10}?)(USDT|USDC|USD|EUR|GBP)$/

/**
 * Keelson's spelling of a crypto pair, `BTC/USD`, from `BTC/USD`, `BTC-USD` or `BTCUSD`. Undefined for anything else. Without a mark
 * between them only the usual currencies are told from the coin, so ask this of crypto alone.
 */
export function cryptoPair(symbol: string): string | undefined {
  const text = symbol.trim().toUpperCase()
  const [, coin, currency] = PAIR.exec(text) ?? JOINED_PAIR.exec(text) ?? []
  return coin === undefined || currency === undefined ? undefined : `${coin}/${currency}`
}

/** What a pair is priced in: `USD` of `BTC/USD`. */
export function pairCurrency(symbol: string): string | undefined {
  return PAIR.exec(symbol)?.[2]
}

/** Keelson's spelling of an index, `$SPX`, from `SPX`, `$SPX` or TD Ameritrade's `$SPX.X`. Ask this of indexes alone. */
export function indexSymbol(symbol: string): string {
  const bare = symbol.trim().toUpperCase().replace(/^\$/, '').replace(/\.X$/, '')
  return `$${bare}`
}
