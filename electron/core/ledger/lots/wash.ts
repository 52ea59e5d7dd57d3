import { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, bareRoot, parseOcc } from '../../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { SHARE_DECIMALS } from './matcher.ts'
import { partOf } from './share.ts'

/** A purchase or sale that may replace what was sold at a loss; `account` is whatever the caller tells accounts apart by. */
export interface Deal {
  readonly account: string
  readonly symbol: string
  /** The key of its lot event. */
  readonly key: string
  readonly day: LocalDate
  /** Its place (see lotPlace). */
  readonly at: number
  readonly side: 'buy' | 'sell'
  readonly effect: 'open' | 'close' | null
  /** Unsigned. */
  readonly quantity: Dec
}

/** A realization, with where it happened. */
export interface Closing {
  readonly account: string
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly openKey: string
  readonly closeKey: string
  readonly closeDay: LocalDate
  /** The place of the event that closed it. */
  readonly at: number
  readonly isShort: boolean
  readonly quantity: Dec
  readonly pnl: Dec | null
}

export interface Wash {
  /** The part of the loss that may not count, positive. */
  readonly disallowed: Dec
  /** What replaced it, in units of what was sold: a call counts the shares behind it. */
  readonly replacements: readonly { readonly account: string; readonly day: LocalDate; readonly quantity: Dec }[]
}

/** Days before and after a loss in which a replacement counts. */
export const WASH_DAYS = 30

// The rule is about stock and securities: neither coins nor what is marked to market each day are.
const FREE = new Set<AssetClass | null>(['crypto', 'future', 'future-option', 'forex', 'cash', 'index'])
/** Options on broad indexes are contracts of section 1256, marked to market at the end of each year: roots of Cboe, Nasdaq and their smaller and weekly ones. */
const INDEX_ROOTS = new Set(['SPX', 'SPXW', 'XSP', 'NANOS', 'NDX', 'NDXP', 'XND', 'RUT', 'RUTW', 'MRUT', 'VIX', 'VIXW', 'DJX', 'OEX', 'XEO', 'MXEA', 'MXEF'])
const SHARES_A_CALL = Dec.of('100')

/**
 * Which losses a replacement may disallow (IRC § 1091), one answer for each closing in their order; null where none does. All accounts of all
 * brokers are looked at together, so hand in every closing and every deal of the instruments (and of calls on them) from 30 days before
 * the first loss to 30 days after the last. A loss is replaced by what was bought of the same instrument within 30 days before or after, a
 * loss of shares also by calls on them; a loss of a short position by what was sold short again. A purchase replaces once, the oldest
 * first, by what it did not close itself; one from before the loss only by what was still held after it; the rest of the lot that was sold never (Rev. Rul. 56-602). Where all
 * was sold nothing is held, also of a pool at average cost, which names one lot for all its purchases: `flat` has the places at which that was, by account and symbol joined
 * with a bar. A flag, no tax return: the basis of what replaced is not moved, and splits between loss and replacement are not looked through.
 */
export function washSales(closings: readonly Closing[], deals: readonly Deal[], flat: Flat = new Map()): (Wash | null)[] {
  const losses = closings.map((closing, place) => ({ closing, place })).filter(({ closing }) => isLoss(closing)).toSorted((a, b) => a.closing.at - b.closing.at)
  const found: (Wash | null)[] = closings.map(() => null)
  if (losses.length === 0) return found
  const nearOf = windows(deals.filter(({ effect }) => effect !== 'close').toSorted((a, b) => a.at - b.at))
  const closedOf = Map.groupBy(closings, closing => nameOf(closing.account, closing.symbol, closing.openKey))
  const closedBy = Map.groupBy(closings, closing => nameOf(closing.account, closing.symbol, closing.closeKey))
  const isGone = goneBy(flat)
  const used = new Map<Deal, Dec>()
  for (const { closing, place } of losses) {
    const near = nearOf(underlyingOf(closing.symbol), closing.closeDay).filter(deal => replaces(deal, closing))
    found[place] = washOf(closing, near, { closedOf, closedBy, used, isGone })
  }
  return found
}

type Flat = ReadonlyMap<string, readonly number[]>

/** Whether everything that was there after a deal had been sold by a place, the loss itself included. */
function goneBy(flat: Flat): (deal: Deal, at: number) => boolean {
  return ({ account, symbol, at: from }, to) => flat.get(`${account}|${symbol}`)?.some(place => place > from && place <= to) === true
}

/** Answers which deals of an underlying are near a day, in the order of their places. A window is cut out once: looking at every deal for every loss grows with their square. */
function windows(deals: readonly Deal[]): (underlying: string, day: LocalDate) => readonly Deal[] {
  const placed = deals.map((deal, place) => ({ deal, place })).toSorted((a, b) => (a.deal.day < b.deal.day ? -1 : a.deal.day > b.deal.day ? 1 : 0))
  const bySymbol = Map.groupBy(placed, ({ deal }) => underlyingOf(deal.symbol))
  const known = new Map<string, readonly Deal[]>()
  return (underlying, day) => {
    const name = `${underlying}|${day}`
    const found = known.get(name)
    if (found) return found
    const [from, after, own] = [LocalDate.plusDays(day, -WASH_DAYS), LocalDate.plusDays(day, WASH_DAYS + 1), bySymbol.get(underlying) ?? []]
    const near = own.slice(placeOf(own, from), placeOf(own, after)).toSorted((a, b) => a.place - b.place).map(({ deal }) => deal)
    known.set(name, near)
    return near
  }
}

/** The place of the first deal on a day or later, in deals by day. */
function placeOf(deals: readonly { readonly deal: Deal }[], day: LocalDate): number {
  let [low, high] = [0, deals.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((deals[middle]?.deal.day ?? day) < day) low = middle + 1
    else high = middle
  }
  return low
}

interface Looking {
  /** What was closed of a deal, and what it closed itself. */
  readonly closedOf: ReadonlyMap<string, readonly Closing[]>
  readonly closedBy: ReadonlyMap<string, readonly Closing[]>
  readonly used: Map<Deal, Dec>
  readonly isGone: (deal: Deal, at: number) => boolean
}

function washOf(loss: Closing, near: readonly Deal[], { closedOf, closedBy, used, isGone }: Looking): Wash | null {
  let left = loss.quantity
  const replacements: { account: string; day: LocalDate; quantity: Dec }[] = []
  for (const deal of near) {
    if (Dec.isZero(left)) break
    if (isGone(deal, loss.at)) continue
    const units = isSame(deal.symbol, loss.symbol) ? Dec.of('1') : SHARES_A_CALL
    const name = nameOf(deal.account, deal.symbol, deal.key)
    const gone = [...(closedBy.get(name) ?? []), ...(closedOf.get(name) ?? []).filter(({ at }) => at <= loss.at)]
    const there = Dec.sub(Dec.mul(Dec.sub(deal.quantity, Dec.sum(gone.map(({ quantity }) => quantity))), units), used.get(deal) ?? Dec.zero)
    if (Dec.cmp(there, Dec.zero) <= 0) continue
    const part = Dec.cmp(there, left) < 0 ? there : left
    used.set(deal, Dec.add(used.get(deal) ?? Dec.zero, part))
    left = Dec.sub(left, part)
    replacements.push({ account: deal.account, day: deal.day, quantity: part })
  }
  if (replacements.length === 0) return null
  const amount = Dec.neg(loss.pnl ?? Dec.zero)
  return { disallowed: Dec.isZero(left) ? amount : partOf(amount, Dec.sub(loss.quantity, left), loss.quantity, SHARE_DECIMALS), replacements }
}

function isLoss({ pnl, assetClass, symbol }: Closing): boolean {
  return pnl !== null && Dec.isNegative(pnl) && !FREE.has(assetClass) && !INDEX_ROOTS.has(parseOcc(symbol)?.underlying ?? '')
}

const isSame = (a: string, b: string): boolean => a === b || bareRoot(a) === bareRoot(b)

function replaces(deal: Deal, loss: Closing): boolean {
  if (deal.account === loss.account && deal.key === loss.openKey) return false
  if (isSame(deal.symbol, loss.symbol)) return deal.side === (loss.isShort ? 'sell' : 'buy') && (!loss.isShort || deal.effect === 'open')
  return !loss.isShort && parseOcc(loss.symbol) === undefined && deal.side === 'buy' && parseOcc(deal.symbol)?.right === 'call'
}

/** One name for an instrument and the options on it, however its class is spelled. */
export function underlyingOf(symbol: string): string {
  return bareRoot(parseOcc(symbol)?.underlying ?? symbol)
}

function nameOf(account: string, symbol: string, key: string): string {
  return `${account}|${symbol}|${key}`
}
