import { futureSymbol, parseFuture, parseFutureOption } from '../domain/futures.ts'
import { parseOcc } from '../domain/instrument.ts'
import { Dec } from '../domain/decimal.ts'
import { LocalDate } from '../domain/time.ts'
import { formatDecimal } from './decimal.ts'
import { formatDate } from './time.ts'

export interface InstrumentText {
  readonly symbol: string
  /** The contract's terms, such as `19 Dec 26 690 C`; empty for anything but an option. */
  readonly terms: string
}

/** A symbol as traders write it: options lead with the underlying, then expiry, strike and right. */
export function formatInstrument(symbol: string): InstrumentText {
  const option = parseOcc(symbol)
  if (option) return { symbol: option.underlying, terms: termsOf(option) }
  return symbol.startsWith('/') || symbol.startsWith('./') ? formatFuture(symbol) : { symbol, terms: '' }
}

interface Terms {
  readonly expiry: LocalDate
  readonly strike: Dec
  readonly right: 'call' | 'put'
}

function termsOf({ expiry, strike, right }: Terms): string {
  const date = formatDate(expiry).replace(/20(\d\d)$/, '$1')
  return `${date} ${formatDecimal(strike)} ${right === 'call' ? 'C' : 'P'}`
}

/** Schwab's way to write an option on a future, which names its contract's month and no day: `/ESZ26_P5900:XCME`. */
const SCHWAB = /^\.?(\/[A-Z0-9]{1,4}?[FGHJKMNQUVXZ]\d{1,2})_?([CP])(\d{1,8}(?:\.\d{1,8})?)(?::[A-Z]+)?$/
const CODES = 'FGHJKMNQUVXZ'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function formatFuture(symbol: string): InstrumentText {
  const known = parseFutureOption(symbol)
  if (known) return { symbol: futureSymbol(known.future), terms: termsOf(known) }
  const [, contract = symbol, right, strike = ''] = SCHWAB.exec(symbol) ?? []
  // A year of one digit stays as it is: only two of them name a year without a day beside it.
  const future = /\d\d(?::|$)/.test(contract) ? parseFuture(contract, LocalDate.of('2026-01-01')) : undefined
  if (!future) return { symbol, terms: '' }
  if (right === undefined) return { symbol: futureSymbol(future), terms: '' }
  const month = `${MONTHS[CODES.indexOf(future.month)] ?? ''} ${String(future.year).slice(2)}`
  return { symbol: futureSymbol(future), terms: `${month} ${formatDecimal(Dec.of(strike))} ${right}` }
}

/** The same on one line. */
export function instrumentLine(symbol: string): string {
  const { symbol: name, terms } = formatInstrument(symbol)
  return terms === '' ? name : `${name} ${terms}`
}
