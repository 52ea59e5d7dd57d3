import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { epochDay } from './calendar.ts'
import type { Clerk } from './clerk.ts'
import { createDice } from './dice.ts'
import { centsOf, intrinsicCents, shareOf } from './instrument.ts'
import type { Market } from './market.ts'
import type { FillEntry, Holding } from './story.ts'

/** How money comes and goes in one account, apart from its trades. Amounts in whole dollars. */
export interface Habits {
  readonly opening: number
  readonly monthly: number
  /** A withdrawal each year in May; zero: none. */
  readonly yearlyOut: number
  /** Dividends of funds buy more of the fund. */
  readonly reinvests: boolean
  /** Regulators' fees come as rows of their own on the next trading day. */
  readonly feesApart: boolean
}

/** One trading morning: everything that is booked with a day and no time. */
export interface Morning {
  readonly seed: number
  readonly account: string
  readonly clerk: Clerk
  readonly market: Market
  readonly habits: Habits
  readonly dayNumber: number
  readonly day: LocalDate
  readonly before: LocalDate | null
}

/** Books the morning in a fixed order: corporate actions, expiries, income, money in and out, yesterday's fees. */
export function bookMorning(morning: Morning): void {
  bookSplits(morning)
  bookExpiries(morning)
  bookDividends(morning)
  bookMoney(morning)
  if (morning.habits.feesApart) bookFees(morning)
}

function holdings(morning: Morning): Holding[] {
  return [...morning.clerk.story.holdings.values()].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
}

function bookSplits({ clerk, market, dayNumber, day }: Morning): void {
  for (const item of market.listings.values()) {
    const ratio = item.splits[dayNumber]
    const held = clerk.held(item.symbol)
    if (ratio === undefined || Dec.isZero(held)) continue
    const added = Dec.mul(held, Dec.of(String(ratio - 1)))
    const note = `${item.name} ${ratio} for 1 stock split`
    clerk.transfer(day, { what: 'split', instrument: shareOf(item), qty: added, price: Dec.zero, net: Dec.zero, note })
  }
}

function bookExpiries(morning: Morning): void {
  const { clerk, market, dayNumber, day } = morning
  for (const { instrument, qty } of holdings(morning)) {
    const contract = instrument.contract
    if (!contract || contract.expiry >= day) continue
    const listing = market.listings.get(contract.underlying)
    const assigned = Dec.isNegative(qty) && listing && intrinsicCents(contract, market.close(contract.underlying, dayNumber - 1)) > 0
    const gone = { instrument, qty: Dec.neg(qty), price: Dec.zero, net: Dec.zero }
    if (!assigned) {
      clerk.transfer(day, { ...gone, what: 'expired', note: 'Option Expiration' })
      continue
    }
    clerk.transfer(day, { ...gone, what: 'assigned', note: 'Option Assignment' })
    // A short put takes shares in at the strike, a short call gives them away.
    const shares = Dec.mul(contract.right === 'put' ? Dec.neg(qty) : qty, Dec.of('100'))
    const price = centsOf(contract.strikeCents)
    clerk.transfer(day, {
      what: 'delivered',
      instrument: shareOf(listing),
      qty: shares,
      price,
      net: Dec.neg(Dec.mul(shares, price)),
      note: 'Option Trade',
    })
  }
}

function bookDividends(morning: Morning): void {
  const { clerk, market, day, before, dayNumber } = morning
  for (const { instrument, qty } of holdings(morning)) {
    const item = market.listings.get(instrument.symbol)
    if (!item || item.dividendCents === 0 || Dec.isNegative(qty)) continue
    const payDay = 8 + (item.symbol.charCodeAt(0) % 16)
    if (!item.dividendMonths.includes(Number(day.slice(5, 7))) || !reaches(day, before, payDay)) continue
    const perShare = centsOf(item.dividendCents)
    const paid = Dec.round(Dec.mul(qty, perShare), 2)
    if (Dec.isZero(paid)) continue
    clerk.cash(day, { what: 'dividend', symbol: item.symbol, qty, perShare, net: paid, note: item.name })
    const held = item.withheld ? Dec.round(Dec.mul(paid, Dec.of('0.15')), 2) : Dec.zero
    if (!Dec.isZero(held)) clerk.cash(day, { what: 'withholding', symbol: item.symbol, net: Dec.neg(held), note: item.name })
    if (morning.habits.reinvests && item.kind === 'etf') {
      const price = centsOf(market.close(item.symbol, dayNumber))
      const net = Dec.sub(paid, held)
      const shares = Dec.of((Number(net) / Number(price)).toFixed(4))
      if (Number(shares) > 0)
        clerk.transfer(day, { what: 'reinvested', instrument, qty: shares, price, net: Dec.neg(net), note: item.name })
    }
  }
}

function bookMoney({ seed, account, clerk, habits, day, before, dayNumber }: Morning): void {
  const dollars = (amount: number) => Dec.of(String(amount))
  if (dayNumber === 0) clerk.cash(day, { what: 'deposit', net: dollars(habits.opening), note: 'opening' })
  if (before === null) return
  if (habits.monthly > 0 && reaches(day, before, 3)) clerk.cash(day, { what: 'deposit', net: dollars(habits.monthly), note: 'monthly' })
  const month = day.slice(5, 7)
  if (habits.yearlyOut > 0 && month === '05' && reaches(day, before, 20)) {
    clerk.cash(day, { what: 'withdrawal', net: dollars(-habits.yearlyOut), note: 'withdrawal' })
  }
  if (month === '09' && reaches(day, before, 12)) clerk.cash(day, { what: 'journal', net: Dec.of('12.5'), note: 'promotional credit' })
  if (day.slice(0, 7) !== before.slice(0, 7)) {
    const rate = 0.0006 + createDice(seed, account, 'interest', day).next() * 0.0006
    const interest = Dec.of((Math.abs(Number(clerk.story.cash)) * rate).toFixed(2))
    if (!Dec.isZero(interest)) {
      const net = Dec.isNegative(clerk.story.cash) ? Dec.neg(interest) : interest
      clerk.cash(day, { what: 'interest', net, note: before.slice(0, 7) })
    }
  }
}

function bookFees({ clerk, day, before }: Morning): void {
  if (before === null) return
  const fills: FillEntry[] = []
  for (let at = clerk.story.entries.length - 1; at >= 0; at -= 1) {
    const entry = clerk.story.entries[at]
    if (!entry || entry.dayNumber < epochDay(before)) break
    if (entry.kind === 'fill' && entry.day === before) fills.push(entry)
  }
  for (const [types, name] of [
    [['TAF_FEE', 'SEC_FEE'], 'REG'],
    [['OPT_REG_FEE'], 'ORF'],
  ] as const) {
    const charged = fills.flatMap(({ fees }) => fees.filter(fee => types.some(type => type === fee.type) && fee.cents > 0))
    const cents = charged.reduce((total, fee) => total + fee.cents, 0)
    if (cents > 0) clerk.cash(day, { what: 'fee', net: centsOf(-cents), note: `${name} fee for trades on ${before}` })
  }
}

/** True on the first trading day on or after a day of the month. */
function reaches(day: LocalDate, before: LocalDate | null, dayOfMonth: number): boolean {
  if (Number(day.slice(8)) < dayOfMonth) return false
  return before === null || before.slice(0, 7) !== day.slice(0, 7) || Number(before.slice(8)) < dayOfMonth
}
