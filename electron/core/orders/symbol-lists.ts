import { parseFuture, parseFutureOption } from '../../../shared/domain/futures.ts'
import { pairCurrency, parseOcc } from '../../../shared/domain/instrument.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const ANY_DAY = LocalDate.of('2026-01-01')
/** The other root of options of an index: those that are settled in the afternoon. Source: Cboe, Nasdaq, index option specifications. */
const INDEXES = [
  ['SPXW', 'SPX'],
  ['NDXP', 'NDX'],
  ['RUTW', 'RUT'],
  ['VIXW', 'VIX'],
  ['DJXW', 'DJX'],
] as const

/**
 * Whether an order is for a symbol of a list: by itself, or by what it is written on. An option counts by its underlying, a future and an
 * option on one by the root (`/ES`), in capital or small letters.
 */
export function isListed(draft: Pick<OrderDraft, 'symbol'>, list: readonly string[]): boolean {
  const names = namesOf(draft)
  return list.some(symbol => names.includes(symbol.trim().toUpperCase()))
}

/**
 * The same for symbols not to trade, where a slip in the spelling must not let one through: `BRK/B` is `BRK.B`, a crypto pair counts
 * by its coin too, and options of an index by the index whatever their root.
 */
export function isDenied(draft: Pick<OrderDraft, 'symbol'>, list: readonly string[]): boolean {
  const name = draft.symbol.toUpperCase()
  const currency = pairCurrency(name)
  const coin = currency && name.slice(0, -currency.length - 1)
  const underlying = parseOcc(name)?.underlying
  const index = INDEXES.find(([root]) => root === underlying)?.[1]
  const names = [...namesOf(draft), coin, index].map(one => one && bare(one))
  return list.some(symbol => names.includes(bare(symbol)))
}

/** What an order goes by, as far as there is such a thing. */
function namesOf({ symbol }: Pick<OrderDraft, 'symbol'>): (string | undefined)[] {
  const name = symbol.toUpperCase()
  const root = (parseFutureOption(name)?.future ?? parseFuture(name, ANY_DAY))?.root
  return [name, parseOcc(name)?.underlying, root && `/${root}`]
}

/** Letters and digits, and the stroke a future begins with. */
function bare(symbol: string): string {
  return symbol
    .trim()
    .toUpperCase()
    .replace(/(?!^\/)[^A-Z0-9]/g, '')
}
