import { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, bareRoot, parseOcc } from '../../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { remembered } from '../remembered.ts'
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

/** The places at which nothing was left of a pool at average cost, by account and symbol joined with a bar. */
export type Flat = ReadonlyMap<string, readonly number[]>

/** Where an allocation goes on that was made before, because nothing changed what replaces earlier losses. */
export interface WashStart {
  /** Losses from this day on are looked at. */
  readonly day: LocalDate
  /** What earlier ones took of the deals they share with later ones, by `dealName`. */
  readonly used: ReadonlyMap<string, Dec>
}

export interface WashHistory<C extends Closing = Closing> {
  readonly closings: readonly C[]
  readonly deals: readonly Deal[]
  readonly flat: Flat
}

/** Days before and after a loss in which a replacement counts. */
export const WASH_DAYS = 30

// The rule is about stock and securities: neither coins nor what is marked to market each day are.
const FREE: ReadonlySet<string | null> = new Set<AssetClass>(['crypto', 'future', 'future-option', 'forex', 'cash', 'index'])
/** Options on broad indexes are contracts of section 1256, marked to market at the end of each year: roots of Cboe, Nasdaq and their smaller and weekly ones. */
const INDEX_ROOTS = new Set(['SPX', 'SPXW', 'XSP', 'NANOS', 'NDX', 'NDXP', 'XND', 'RUT', 'RUTW', 'MRUT', 'VIX', 'VIXW', 'DJX', 'OEX', 'XEO', 'MXEA', 'MXEF'])
const ONE = Dec.of('1')
const SHARES_A_CALL = Dec.of('100')
const CALLS_A_SHARE = Dec.of('0.01')

/**
 * Which losses a replacement may disallow (IRC § 1091), one answer for each closing in their order; null where none does. All accounts of all
 * brokers are looked at together, so hand in every closing and every deal of the instruments and of calls on them, since the beginning. A loss is replaced by what was bought
 * of the same instrument within 30 days before or after, a
 * loss of shares also by calls on them; a loss of a short position by what was sold short again. Losses take one after the other, the oldest first; a purchase replaces once, the oldest
 * first, by what it did not close itself; one from before the loss only by what was still held after it; the rest of the lot that was sold never (Rev. Rul. 56-602). Where all
 * was sold nothing is held, also of a pool at average cost, which names one lot for all its purchases: `flat` says where that was.
 * A flag, no tax return: the basis of what replaced is not moved, and splits between loss and replacement are not looked through.
 */
export function washSales(closings: readonly Closing[], deals: readonly Deal[], flat: Flat = new Map()): (Wash | null)[] {
  return allocateWashes({ closings, deals, flat }, { start: null, keepFrom: null }).washes
}

export interface WashRange {
  /** Where to go on; null for the beginning. What is handed in may begin 30 days before it. */
  readonly start: WashStart | null
  /** The day to go on from next time. */
  readonly keepFrom: LocalDate | null
}

/** The same for the losses from some day on, and where the next one may go on. Days must follow the places where there is a start, or one to keep. */
export function allocateWashes({ closings, deals, flat }: WashHistory, { start, keepFrom }: WashRange): { readonly washes: (Wash | null)[]; readonly next: WashStart | null } {
  const washes: (Wash | null)[] = closings.map(() => null)
  const placed = closings.map((closing, place) => ({ closing, place })).toSorted((a, b) => a.closing.at - b.closing.at)
  const { lines, held } = linesOf(deals, { placed: placed.map(({ closing }) => closing), flat, used: start?.used ?? new Map() })
  let next: WashStart | null = null
  for (const { closing, place } of placed) {
    if (!isLoss(closing) || (start !== null && closing.closeDay < start.day)) continue
    if (keepFrom !== null && next === null && closing.closeDay >= keepFrom) next = startAt(keepFrom, held)
    const line = lines.get(lineOf(closing.isShort, closing.symbol))
    if (line) washes[place] = washOf(closing, line)
  }
  return { washes, next: keepFrom === null ? null : (next ?? startAt(keepFrom, held)) }
}

/** One name for a deal among all. */
const dealName = ({ account, symbol, key }: Pick<Deal, 'account' | 'symbol' | 'key'>): string => `${account}|${symbol}|${key}`

function startAt(day: LocalDate, held: readonly Held[]): WashStart {
  const first = LocalDate.plusDays(day, -WASH_DAYS)
  return { day, used: new Map(held.flatMap(({ deal, used }) => (used !== Dec.zero && deal.day >= first ? [[dealName(deal), used]] : []))) }
}

/** A deal, and what is left of it for losses, in its own units. */
interface Held {
  readonly deal: Deal
  readonly units: Dec
  /** Closings of it, by their places; `seen` of them are taken off. */
  readonly closed: Closing[]
  seen: number
  left: Dec
  used: Dec
  /** The place at which all that was there had been sold. */
  readonly goneAt: number
}

/** The deals that may replace losses of one kind, by their places. What is used up is never looked at again: looking at all for every loss grows with their square. */
interface Line {
  readonly held: readonly Held[]
  /** The next deal that may have something left, from each on. */
  readonly next: number[]
  /** Places follow days, so a stretch of days is one of deals. */
  readonly isByDay: boolean
}

interface Looked {
  /** By their places. */
  readonly placed: readonly Closing[]
  readonly flat: Flat
  readonly used: ReadonlyMap<string, Dec>
}

function linesOf(deals: readonly Deal[], { placed, flat, used }: Looked): { readonly lines: Map<string, Line>; readonly held: readonly Held[] } {
  const goneAt = ends(flat)
  const held = deals
    .filter(({ side, effect }) => effect !== 'close' && (side === 'buy' || effect === 'open'))
    .toSorted((a, b) => a.at - b.at)
    .map((deal): Held => {
      const before = used.get(dealName(deal)) ?? Dec.zero
      return { deal, units: isCall(deal) ? SHARES_A_CALL : ONE, closed: [], seen: 0, left: Dec.sub(deal.quantity, before), used: before, goneAt: goneAt(deal) }
    })
  takeClosings(held, placed)
  const lines = new Map<string, Held[]>()
  const add = (name: string, one: Held): void => {
    const own = lines.get(name)
    if (own) own.push(one)
    else lines.set(name, [one])
  }
  for (const one of held) {
    add(lineOf(one.deal.side === 'sell', one.deal.symbol), one)
    if (one.units !== ONE) add(lineOf(false, underlyingOf(one.deal.symbol)), one)
  }
  return { lines: new Map([...lines].map(([name, own]) => [name, { held: own, next: own.map((_, at) => at), isByDay: own.every(({ deal }, at) => deal.day >= (own[at - 1]?.deal.day ?? deal.day)) }])), held }
}

/** Tells each deal what closes it, and takes off what it closed itself. */
function takeClosings(held: readonly Held[], placed: readonly Closing[]): void {
  const homes = new Map<string, Map<string, Held>>()
  for (const one of held) {
    const home = `${one.deal.account}|${one.deal.symbol}`
    const own = homes.get(home)
    if (own) own.set(one.deal.key, one)
    else homes.set(home, new Map([[one.deal.key, one]]))
  }
  let [account, symbol, home]: [string, string, Map<string, Held> | undefined] = ['', '', undefined]
  for (const closing of placed) {
    // Most follow one of the same instrument.
    if (closing.account !== account || closing.symbol !== symbol) {
      ;({ account, symbol } = closing)
      home = homes.get(`${account}|${symbol}`)
    }
    home?.get(closing.openKey)?.closed.push(closing)
    const by = home?.get(closing.closeKey)
    if (by) by.left = Dec.sub(by.left, closing.quantity)
  }
}

/** Answers at which place everything that was there after a deal had been sold. */
function ends(flat: Flat): (deal: Deal) => number {
  const sorted = new Map([...flat].map(([name, places]) => [name, places.toSorted((a, b) => a - b)]))
  return ({ account, symbol, at }) => {
    const places = sorted.size === 0 ? undefined : sorted.get(`${account}|${symbol}`)
    return places?.[lowest(places.length, place => (places[place] ?? at) > at)] ?? Number.POSITIVE_INFINITY
  }
}

/** The lowest of some places in a row from which on something holds. */
function lowest(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

const MOST_DAYS = 20_000
const firstDayFor = remembered(MOST_DAYS, (day: LocalDate) => LocalDate.plusDays(day, -WASH_DAYS))
const lastDayFor = remembered(MOST_DAYS, (day: LocalDate) => LocalDate.plusDays(day, WASH_DAYS))

function washOf(loss: Closing, { held, next, isByDay }: Line): Wash | null {
  const [first, last] = [firstDayFor(loss.closeDay), lastDayFor(loss.closeDay)]
  const begin = isByDay ? lowest(held.length, at => (held[at]?.deal.day ?? first) >= first) : 0
  const replacements: Wash['replacements'][number][] = []
  let left = loss.quantity
  for (let at = skip(next, begin); left !== Dec.zero; at = skip(next, at + 1)) {
    const one = held[at]
    if (!one || (isByDay && one.deal.day > last)) break
    if (!hasLeft(one, loss.at)) {
      next[at] = at + 1
      continue
    }
    if (one.deal.day < first || one.deal.day > last || (one.deal.account === loss.account && one.deal.key === loss.openKey)) continue
    const part = take(one, left, isSame(one.deal.symbol, loss.symbol) ? ONE : one.units)
    left = Dec.sub(left, part)
    replacements.push({ account: one.deal.account, day: one.deal.day, quantity: part })
  }
  if (replacements.length === 0) return null
  const amount = Dec.neg(loss.pnl ?? Dec.zero)
  return { disallowed: left === Dec.zero ? amount : partOf(amount, Dec.sub(loss.quantity, left), loss.quantity, SHARE_DECIMALS), replacements }
}

/** The first place from one on that is not skipped; the ways there are made shorter. */
function skip(next: number[], from: number): number {
  let at = from
  for (let to = next[at]; to !== undefined && to !== at; to = next[at]) {
    next[at] = next[to] ?? to
    at = to
  }
  return at
}

/** Whether anything of a deal is still there at a place, for losses that come in their order. What is gone never comes back. */
function hasLeft(one: Held, at: number): boolean {
  for (let closed = one.closed[one.seen]; closed !== undefined && closed.at <= at; closed = one.closed[one.seen]) {
    one.left = Dec.sub(one.left, closed.quantity)
    one.seen += 1
  }
  return one.goneAt > at && Dec.cmp(one.left, Dec.zero) > 0
}

/** Takes as much of a deal as a loss wants, in units of what was lost; a call counts once, whether for calls or for the shares behind it. */
function take(one: Held, wanted: Dec, units: Dec): Dec {
  const there = Dec.mul(one.left, units)
  const part = Dec.cmp(there, wanted) < 0 ? there : wanted
  const own = units === ONE ? part : Dec.mul(part, CALLS_A_SHARE)
  one.left = Dec.sub(one.left, own)
  one.used = Dec.add(one.used, own)
  return part
}

/** False for what the rule is not about. */
export function isWashable({ assetClass, symbol }: { readonly assetClass: string | null; readonly symbol: string }): boolean {
  return !FREE.has(assetClass) && !INDEX_ROOTS.has(parseOcc(symbol)?.underlying ?? '')
}

function isLoss(closing: Closing): boolean {
  return closing.pnl !== null && Dec.isNegative(closing.pnl) && isWashable(closing)
}

const isSame = (a: string, b: string): boolean => bareRoot(a) === bareRoot(b)

const isCall = ({ symbol, side }: Deal): boolean => side === 'buy' && parseOcc(symbol)?.right === 'call'

/** What may replace a loss: sales of the same instrument for one of a short position, else purchases of it and, of shares, of calls on them. */
const lineOf = (isShort: boolean, symbol: string): string => `${isShort}|${bareRoot(symbol)}`

/** One name for an instrument and the options on it, however its class is spelled. */
export function underlyingOf(symbol: string): string {
  return bareRoot(parseOcc(symbol)?.underlying ?? symbol)
}
