import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { openMs } from './calendar.ts'
import type { Clerk } from './clerk.ts'
import type { Dice } from './dice.ts'
import { centsOf, shareOf } from './instrument.ts'
import type { Instrument } from './instrument.ts'
import { LISTINGS, SHORTED } from './market.ts'
import type { Market } from './market.ts'
import type { Holding, StoryLeg } from './story.ts'

/** One moment at the desk: who trades, when, and with which dice. Times in milliseconds since the epoch. */
export interface Desk {
  readonly clerk: Clerk
  readonly market: Market
  readonly dice: Dice
  readonly dayNumber: number
  readonly day: LocalDate
  readonly at: number
  readonly fractional: boolean
  readonly shorts: boolean
}

/** Cash kept back: a floor, and the strike of every short put. */
export function freeCash(desk: Desk): number {
  let reserved = 2000
  for (const { instrument, qty } of desk.clerk.story.holdings.values()) {
    if (Dec.isNegative(qty) && instrument.contract?.right === 'put')
      reserved += (instrument.contract.strikeCents / 100) * 100 * -Number(qty)
    if (Dec.isNegative(qty) && instrument.contract === null) reserved += 400 * -Number(qty)
  }
  return Number(desk.clerk.story.cash) - reserved
}

/** A price near today's close, in cents. */
export function fillCents(desk: Desk, symbol: string): number {
  return Math.max(1, Math.round(desk.market.close(symbol, desk.dayNumber) * (1 + (desk.dice.next() - 0.5) * 0.008)))
}

/** Buys a share or fund with a slice of the free cash; answers false when there is too little. */
export function buyShares(desk: Desk): boolean {
  const free = freeCash(desk)
  const item = desk.dice.pick(LISTINGS)
  if (SHORTED.includes(item.symbol)) return false
  const cents = fillCents(desk, item.symbol)
  const budget = Math.min(free * (0.03 + desk.dice.next() * 0.09), 12_000) * 100
  const whole = Math.floor(budget / cents)
  const fraction = desk.fractional && desk.dice.chance(0.35) ? desk.dice.int(1_000_000, 999_999_999) : 0
  if (free < 500 || (whole === 0 && fraction === 0)) return false
  const leg: StoryLeg = { instrument: shareOf(item), side: 'buy', effect: 'open', qty: withFraction(whole, fraction) }
  if (fraction > 0 && whole > 0) fillInTwo(desk, leg, cents, fraction)
  else trade(desk, leg, cents, whole)
  return true
}

/** Buys six of a share, to keep most of them. */
export function buyCore(desk: Desk, symbol: string): void {
  trade(desk, { instrument: shareBy(desk.market, symbol), side: 'buy', effect: 'open', qty: Dec.of('6') }, fillCents(desk, symbol), 6)
}

/** Sells a part or all of a holding that nothing else needs; answers false when there is none. */
export function sellShares(desk: Desk): boolean {
  const candidates = shareHoldings(desk).filter(({ qty, instrument }) => Number(qty) - promised(desk, instrument.symbol) >= 1)
  const [first, ...others] = candidates
  if (!first) return false
  const { instrument, qty } = desk.dice.pick([first, ...others])
  const spare = Number(qty) - promised(desk, instrument.symbol)
  const all = promised(desk, instrument.symbol) === 0 && desk.dice.chance(0.08)
  const pieces = all ? qty : Dec.of(String(Math.max(1, Math.floor(spare * (0.1 + desk.dice.next() * 0.4)))))
  const cents = fillCents(desk, instrument.symbol)
  trade(desk, { instrument, side: 'sell', effect: 'close', qty: pieces }, cents, Math.floor(Number(pieces)))
  return true
}

/** Sells shares it does not have, or buys back those it sold; one short at a time. */
export function shortShares(desk: Desk): boolean {
  if (!desk.shorts) return false
  const open = shareHoldings(desk, true)[0]
  if (open) return coverShort(desk, open)
  const item = desk.market.listings.get(desk.dice.pick(SHORTED))
  if (!item || desk.clerk.held(item.symbol) !== Dec.zero) return false
  const qty = desk.dice.int(10, 60)
  trade(desk, { instrument: shareOf(item), side: 'sell', effect: 'open', qty: Dec.of(String(qty)) }, fillCents(desk, item.symbol), qty)
  return true
}

function coverShort(desk: Desk, { instrument, qty }: Holding): boolean {
  const pieces = Dec.neg(qty)
  trade(desk, { instrument, side: 'buy', effect: 'close', qty: pieces }, fillCents(desk, instrument.symbol), Number(pieces))
  return true
}

/** Places an order that fills in one to three parts; `whole` is its quantity in whole pieces. */
export function trade(desk: Desk, leg: StoryLeg, cents: number, whole: number): void {
  const limit = desk.dice.chance(0.4)
  const at = desk.at
  const order = place(desk, [leg], limit ? centsOf(cents + (leg.side === 'buy' ? 2 : -2)) : null, at)
  const parts = whole >= 30 && desk.dice.chance(0.3) && Dec.of(String(whole)) === leg.qty ? desk.dice.int(2, 3) : 1
  let done = Dec.zero
  for (let part = 1; part <= parts; part += 1) {
    const qty = part === parts ? Dec.sub(leg.qty, done) : Dec.of(String(Math.floor(whole / parts)))
    done = Dec.add(done, qty)
    const price = centsOf(Math.max(1, cents + (part - 1) * (leg.side === 'buy' ? 1 : -1)))
    desk.clerk.fill(order, leg, desk.day, {
      at: at + (part - 1) * 740,
      micros: desk.dice.int(0, 999),
      qty,
      price,
      cumulative: done,
      leaves: Dec.sub(leg.qty, done),
    })
  }
}

/** Two fills that agree in everything but their id: same order, price, quantity and time. */
export function tradeTwins(desk: Desk, symbol: string): void {
  const leg: StoryLeg = { instrument: shareBy(desk.market, symbol), side: 'buy', effect: 'open', qty: Dec.of('20') }
  const cents = desk.market.close(symbol, desk.dayNumber)
  const order = place(desk, [leg], centsOf(cents), desk.at)
  const twin = { at: desk.at + 800, micros: 451, qty: Dec.of('10'), price: centsOf(cents) }
  desk.clerk.fill(order, leg, desk.day, { ...twin, cumulative: Dec.of('10'), leaves: Dec.of('10') })
  desk.clerk.fill(order, leg, desk.day, { ...twin, cumulative: Dec.of('20'), leaves: Dec.zero })
}

/** Opens an order whose fills follow at `at`. */
export function place(desk: Desk, legs: readonly StoryLeg[], limit: Dec | null, at: number): ReturnType<Clerk['order']> {
  const submittedAt = Math.max(openMs(desk.day), at - desk.dice.int(300, 90_000))
  return desk.clerk.order(desk.day, {
    legs,
    type: limit === null ? 'market' : 'limit',
    limit,
    submittedAt,
    closedAt: at + 2000,
    status: 'filled',
  })
}

/** A limit order far from the market that ends without a fill. */
export function cancelOrder(desk: Desk): boolean {
  const item = desk.dice.pick(LISTINGS)
  const leg: StoryLeg = { instrument: shareOf(item), side: 'buy', effect: 'open', qty: Dec.of(String(desk.dice.int(1, 20))) }
  const limit = centsOf(Math.round(desk.market.close(item.symbol, desk.dayNumber) * 0.9))
  desk.clerk.order(desk.day, { legs: [leg], type: 'limit', limit, submittedAt: desk.at, closedAt: desk.at + 1_800_000, status: 'canceled' })
  return true
}

/** Shares that are never sold, so that every history meets its splits. */
const KEPT: Readonly<Record<string, number>> = { NVDA: 4, WMT: 4 }

/** Shares of a symbol that are kept, or stand behind short calls. */
export function promised(desk: Desk, symbol: string): number {
  let shares = KEPT[symbol] ?? 0
  for (const { instrument, qty } of desk.clerk.story.holdings.values()) {
    if (instrument.contract?.underlying === symbol && instrument.contract.right === 'call' && Dec.isNegative(qty))
      shares += 100 * -Number(qty)
  }
  return shares
}

// A fractional order fills in two rows; the one that closes it carries the whole shares and the earlier time.
function fillInTwo(desk: Desk, leg: StoryLeg, cents: number, fraction: number): void {
  const order = place(desk, [leg], null, desk.at)
  const rest = withFraction(1, fraction)
  const whole = Dec.sub(leg.qty, rest)
  const first = Dec.isZero(whole) ? withFraction(0, fraction) : rest
  const last = Dec.sub(leg.qty, first)
  const price = centsOf(cents)
  desk.clerk.fill(order, leg, desk.day, { at: desk.at, micros: 569, qty: first, price, cumulative: first, leaves: last })
  desk.clerk.fill(order, leg, desk.day, { at: desk.at - 5, micros: 245, qty: last, price, cumulative: leg.qty, leaves: Dec.zero })
}

function withFraction(whole: number, billionths: number): Dec {
  return Dec.of(`${whole}.${String(billionths).padStart(9, '0')}`)
}

function shareHoldings(desk: Desk, short = false): Holding[] {
  return [...desk.clerk.story.holdings.values()].filter(
    ({ instrument, qty }) => instrument.contract === null && Dec.isNegative(qty) === short,
  )
}

/** A share instrument by symbol. */
export function shareBy(market: Market, symbol: string): Instrument {
  const item = market.listings.get(symbol)
  return shareOf(item ?? LISTINGS[0])
}
