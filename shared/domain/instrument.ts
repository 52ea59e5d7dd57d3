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
