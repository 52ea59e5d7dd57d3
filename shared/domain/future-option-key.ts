import { Dec } from './decimal.ts'
import { futureSymbol, parseFuture, parseFutureOption } from './futures.ts'
import type { LocalDate } from './time.ts'

/** IBKR's local symbol: the option's own product with a year of one digit, right and strike: `EW4Z6 P6300`. */
const LOCAL = /^([A-Z0-9]{1,4}?[FGHJKMNQUVXZ]\d{1,2}) ([CP])(\d{1,8}(?:\.\d{1,8})?)$/

/**
 * What an option on a future is in every spelling that names its product, month, year, right and strike: `/EW4Z26 P6300`, of
 * `./ESZ26 EW4Z26 261224P6300` as of `EW4Z6 P6300`. `near` is a day of the contract's life. Undefined for any other spelling: Schwab's
 * names the future alone, of which options of several days share the strike.
 */
export function futureOptionKey(symbol: string, near: LocalDate): string | undefined {
  const known = parseFutureOption(symbol)
  if (known) return keyOf(futureSymbol(known.product), known.right === 'call' ? 'C' : 'P', known.strike)
  const [, code = '', right = '', strike] = LOCAL.exec(symbol.trim()) ?? []
  const product = parseFuture(`/${code}`, near)
  return product && strike !== undefined ? keyOf(futureSymbol(product), right, Dec.of(strike)) : undefined
}

function keyOf(product: string, right: string, strike: Dec): string {
  return `${product} ${right}${strike}`
}
