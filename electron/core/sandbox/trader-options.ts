import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { epochDay, thirdFriday } from './calendar.ts'
import { centsOf, futureOptionOf, intrinsicCents, optionOf, premiumCents } from './instrument.ts'
import type { Contract, Instrument } from './instrument.ts'
import { OPTIONABLE } from './market.ts'
import type { Holding } from './story.ts'
import { freeCash, place, promised, trade } from './trader.ts'
import type { Desk } from './trader.ts'

/** Buys one to three contracts near the money. */
export function buyOption(desk: Desk): boolean {
  const option = choose(desk, desk.dice.chance(0.6) ? 'call' : 'put', desk.dice.next() * 0.06 - 0.03)
  if (!option || Number(desk.clerk.held(option.symbol)) < 0) return false
  const cents = priceCents(desk, option)
  const qty = desk.dice.int(1, 3)
  if (freeCash(desk) < cents * qty * 4) return false
  return one(desk, option, 'buy', 'open', qty, cents)
}

/** Sells a covered call on shares it has, or else a put it has the cash for. */
export function writeOption(desk: Desk): boolean {
  for (const symbol of OPTIONABLE) {
    const spare = Number(desk.clerk.held(symbol)) - promised(desk, symbol)
    const option = spare >= 100 ? choose(desk, 'call', 0.05, symbol) : undefined
    if (option && desk.clerk.held(option.symbol) === Dec.zero) return one(desk, option, 'sell', 'open', 1, priceCents(desk, option))
  }
  const option = choose(desk, 'put', -0.05)
  if (!option?.contract || desk.clerk.held(option.symbol) !== Dec.zero || freeCash(desk) < option.contract.strikeCents * 1.3) return false
  return one(desk, option, 'sell', 'open', 1, priceCents(desk, option))
}

/** Closes one option position. */
export function closeOption(desk: Desk): boolean {
  const [first, ...others] = optionHoldings(desk)
  if (!first) return false
  closeHolding(desk, desk.dice.pick([first, ...others]))
  return true
}

/** Sells a put and buys a lower one in one order of two legs. */
export function putSpread(desk: Desk): boolean {
  const upper = choose(desk, 'put', -0.04)
  const listing = upper?.contract ? desk.market.listings.get(upper.contract.underlying) : undefined
  if (!upper?.contract || !listing || freeCash(desk) < upper.contract.strikeCents * 1.3) return false
  const step = strikeStep(upper.contract.strikeCents)
  const lower = optionOf(listing, 'put', upper.contract.strikeCents - 2 * step, upper.contract.expiry)
  if (desk.clerk.held(upper.symbol) !== Dec.zero || desk.clerk.held(lower.symbol) !== Dec.zero) return false
  const one = Dec.of('1')
  const legs = [
    { instrument: upper, side: 'sell', effect: 'open', qty: one },
    { instrument: lower, side: 'buy', effect: 'open', qty: one },
  ] as const
  const credit = priceCents(desk, upper) - priceCents(desk, lower)
  const order = place(desk, legs, centsOf(credit), desk.at)
  for (const leg of legs) {
    const price = centsOf(priceCents(desk, leg.instrument))
    desk.clerk.fill(order, leg, desk.day, { at: desk.at, micros: 0, qty: one, price, cumulative: one, leaves: Dec.zero })
  }
  return true
}

/** Buys one put on the index future, or sells it when one is held. */
export function futurePut(desk: Desk): boolean {
  const held = [...desk.clerk.story.holdings.values()].find(({ instrument }) => instrument.kind === 'future-option')
  if (held) {
    closeHolding(desk, held)
    return true
  }
  const month = Number(desk.day.slice(5, 7))
  const expiry = thirdFriday(Number(desk.day.slice(0, 4)) + (month > 8 ? 1 : 0), month > 8 ? 3 : month > 2 && month < 6 ? 9 : 12)
  const strike = Math.round(desk.market.close('SPY', desk.dayNumber) / 1000) * 100 - 300
  const option = futureOptionOf(strike, expiry)
  return freeCash(desk) > 8000 && one(desk, option, 'buy', 'open', 1, priceCents(desk, option))
}

/** Long options in the money that end today; they are sold before the close. */
export function endingInTheMoney(desk: Desk): Holding[] {
  return [...desk.clerk.story.holdings.values()].filter(({ instrument, qty }) => {
    const { contract, kind } = instrument
    if (!contract || Dec.isNegative(qty) || contract.expiry !== desk.day) return false
    return kind === 'future-option' || intrinsicCents(contract, desk.market.close(contract.underlying, desk.dayNumber)) > 0
  })
}

/** Trades a holding back to nothing. */
export function closeHolding(desk: Desk, { instrument, qty }: Holding): void {
  one(desk, instrument, Dec.isNegative(qty) ? 'buy' : 'sell', 'close', Math.abs(Number(qty)), priceCents(desk, instrument))
}

/** Today's premium in cents. */
export function priceCents(desk: Pick<Desk, 'market' | 'dayNumber' | 'day'>, { kind, contract }: Instrument): number {
  if (!contract) return 1
  // A point of the future is about ten dollars of the fund; its options are quoted in quarter points.
  const spot =
    kind === 'future-option' ? desk.market.close('SPY', desk.dayNumber) * 10 : desk.market.close(contract.underlying, desk.dayNumber)
  const cents = premiumCents(contract, spot, desk.day)
  return kind === 'future-option' ? Math.max(25, Math.round(cents / 25) * 25) : cents
}

function one(desk: Desk, instrument: Instrument, side: 'buy' | 'sell', effect: 'open' | 'close', qty: number, cents: number): boolean {
  trade(desk, { instrument, side, effect, qty: Dec.of(String(qty)) }, cents, qty)
  return true
}

function choose(desk: Desk, right: Contract['right'], away: number, symbol = desk.dice.pick(OPTIONABLE)): Instrument | undefined {
  const listing = desk.market.listings.get(symbol)
  if (!listing) return undefined
  const spot = desk.market.close(symbol, desk.dayNumber)
  const step = strikeStep(spot)
  return optionOf(listing, right, Math.max(step, Math.round((spot * (1 + away)) / step) * step), nextExpiry(desk.day))
}

function strikeStep(cents: number): number {
  return cents > 20_000 ? 1000 : 500
}

/** The first monthly expiry that is more than two weeks away. */
function nextExpiry(day: LocalDate): LocalDate {
  let year = Number(day.slice(0, 4))
  let month = Number(day.slice(5, 7))
  while (epochDay(thirdFriday(year, month)) - epochDay(day) < 15) {
    month = month === 12 ? 1 : month + 1
    if (month === 1) year += 1
  }
  return thirdFriday(year, month)
}

function optionHoldings(desk: Desk): Holding[] {
  return [...desk.clerk.story.holdings.values()].filter(({ instrument }) => instrument.kind === 'option')
}
