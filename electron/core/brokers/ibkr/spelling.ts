import { futureSymbol, parseFuture, shortFutureSymbol } from '../../../../shared/domain/futures.ts'
import { type AssetClass, cryptoPair, normalSymbol } from '../../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'

/**
 * Keelson's spelling of IBKR's symbol: OCC without padding for options, `/ESZ26` for a future IBKR calls `ESZ6`, `BTC/USD` for crypto
 * (`BTC` in dollars, or `BTC.USD`); currencies (`EUR.USD`) and the rest stay. `near` is a day of the contract's life.
 */
export function keelsonSymbol(symbol: string, assetClass: AssetClass | null, currency: string, near: LocalDate): string {
  const text = symbol.trim()
  if (assetClass === 'future') {
    const contract = parseFuture(`/${text}`, near)
    return contract ? futureSymbol(contract) : text
  }
  if (assetClass === 'crypto') return cryptoPair(text.includes('.') ? text.replace('.', '/') : `${text}/${currency}`) ?? text
  return normalSymbol(text)
}

/** `/ESZ26` as IBKR writes it: `ESZ6`. Undefined for what is no future, and for one whose year of one digit would name another. */
export function localFuture(symbol: string, near: LocalDate): string | undefined {
  const contract = parseFuture(symbol, near)
  return contract && shortFutureSymbol(contract, near)?.slice(1)
}
