import type { LotEvent } from '../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import { LocalDate } from '../../shared/domain/time.ts'

export interface FillsOptions {
  readonly seed: number
  readonly fills: number
  readonly symbols: number
  /** Decimals of quantities; prices have up to 4, costs 2. */
  readonly quantityPlaces?: number
  /** Fills of one day, over all symbols. */
  readonly perDay?: number
}

const FIRST = LocalDate.of('2001-01-02')
const ONE = Dec.of('1')

/** Purchases and sales of what is held, the same for the same seed, by symbol and in their order. Few symbols have most of them. */
export function randomFills({ seed, fills, symbols, quantityPlaces = 0, perDay = 1 }: FillsOptions): Map<string, LotEvent[]> {
  const next = dice(seed)
  const books = new Map<string, LotEvent[]>()
  const held = new Map<string, number>()
  const scale = 10 ** quantityPlaces
  for (let at = 0; at < fills; at += 1) {
    const symbol = symbolName(Math.floor(next() ** 3 * symbols))
    const there = held.get(symbol) ?? 0
    const isSale = there > 0 && next() < 0.52
    const wanted = Math.ceil(next() * 300 * scale)
    const size = isSale ? Math.min(there, wanted) : wanted
    held.set(symbol, isSale ? there - size : there + size)
    const own = books.get(symbol) ?? []
    books.set(symbol, own)
    own.push({
      key: `f${at}`, kind: 'fill', day: LocalDate.plusDays(FIRST, Math.floor(at / perDay)), quantity: Dec.ofDigits(String(size), isSale, quantityPlaces),
      price: Dec.ofDigits(String(50_000 + Math.floor(next() * 4_000_000)), false, at % 3 === 0 ? 4 : 3), multiplier: ONE,
      costs: Dec.ofDigits(String(Math.floor(next() * 200)), false, 2), effect: isSale ? 'close' : 'open',
    })
  }
  return books
}

/** Letters alone, which every ledger takes for a commodity. */
function symbolName(number: number): string {
  const letters = [Math.floor(number / 676), Math.floor(number / 26) % 26, number % 26]
  return `S${letters.map(each => String.fromCharCode(65 + each)).join('')}`
}

/** mulberry32 */
function dice(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
