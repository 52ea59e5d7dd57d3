import type { Dec } from '../../../shared/domain/decimal.ts'

interface Named {
  readonly symbol: string
  readonly currency: string
}

/** An instrument in a currency. */
export function keyOf({ symbol, currency }: Named): string {
  return `${symbol}\n${currency}`
}

/**
 * Our books by the name the broker has for them, both under the keys of `keyOf`. Broker and history may name another currency for the same
 * thing (BTC/USDT in USD); where each has it once, they mean the same. Then what it took in one says nothing in the other. `bookedIn` is the currency of
 * the history.
 */
export function pairedAcrossCurrencies<B extends Named & { readonly cost: Dec | null }>(
  held: ReadonlyMap<string, Named>,
  own: ReadonlyMap<string, B>,
): Map<string, B & { readonly bookedIn: string }> {
  const books = new Map([...own].map(([key, book]) => [key, { ...book, bookedIn: book.currency }]))
  for (const [key, { symbol, currency }] of held) {
    if (books.has(key)) continue
    const [only, ...others] = [...books].filter(([other, book]) => book.symbol === symbol && !held.has(other))
    if (!only || others.length > 0) continue
    books.delete(only[0])
    books.set(key, { ...only[1], currency, cost: null })
  }
  return books
}
