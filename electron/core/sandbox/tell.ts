import { LocalDate } from '../../../shared/domain/time.ts'
import { openMs, tradingDays } from './calendar.ts'
import { createClerk } from './clerk.ts'
import type { FeeList } from './clerk.ts'
import { createDice } from './dice.ts'
import type { Dice } from './dice.ts'
import { bookMorning } from './life.ts'
import type { Habits } from './life.ts'
import type { Market } from './market.ts'
import type { Story } from './story.ts'
import { buyCore, buyShares, cancelOrder, sellShares, shortShares, tradeTwins } from './trader.ts'
import type { Desk } from './trader.ts'
import { buyOption, closeHolding, closeOption, endingInTheMoney, futurePut, putSpread, writeOption } from './trader-options.ts'

/** One simulated customer. */
export interface Customer extends Habits {
  readonly account: string
  readonly ordersPerDay: number
  readonly fractional: boolean
  readonly shorts: boolean
  readonly options: boolean
  readonly spreads: boolean
  readonly futureOptions: boolean
  /** The broker's price list; Schwab's without it. */
  readonly fees?: FeeList
}

const SESSION_MS = 23_400_000
const EDGE_MS = 120_000
const CORE_DAYS: Readonly<Record<number, string>> = { 3: 'NVDA', 5: 'WMT' }
const TWINS_DAY = 12
const FUTURE_DAYS = 100

/** The day a history starts: the first of January some years back, so that the same history only ever grows during a year. */
export function historyStart(today: LocalDate, years = 3): LocalDate {
  const year = Number(today.slice(0, 4)) - years
  return tradingDays(LocalDate.of(`${year}-01-01`), LocalDate.of(`${year}-01-10`))[0] ?? today
}

/** Lives through every trading day of the market up to `untilMs`. The same seed gives the same days; a later end only adds to them. */
export function tellStory(seed: number, customer: Customer, market: Market, untilMs: number): Story {
  const clerk = createClerk(customer.feesApart ? 'apart' : 'inside', customer.fees)
  const base = { clerk, market, fractional: customer.fractional, shorts: customer.shorts }
  market.days.forEach((day, dayNumber) => {
    if (openMs(day) - SESSION_MS / 2 > untilMs) return
    const before = market.days[dayNumber - 1] ?? null
    bookMorning({ seed, account: customer.account, clerk, market, habits: customer, dayNumber, day, before })
    const plan = createDice(seed, customer.account, 'plan', day)
    const times = orderTimes(plan, Math.max(customer.ordersPerDay, isSet(dayNumber) ? 1 : 0), openMs(day))
    times.forEach((at, index) => {
      const desk = { ...base, dice: createDice(seed, customer.account, day, index), dayNumber, day, at }
      if (at + 5000 > untilMs) return
      if (index > 0 || !isSet(dayNumber)) act(customer, desk)
      else if (dayNumber === TWINS_DAY) tradeTwins(desk, 'KO')
      else buyCore(desk, CORE_DAYS[dayNumber] ?? '')
    })
    const last = openMs(day) + SESSION_MS - EDGE_MS / 2
    const desk = { ...base, dice: plan, dayNumber, day, at: last }
    if (last + 5000 <= untilMs) for (const holding of endingInTheMoney(desk)) closeHolding(desk, holding)
  })
  return clerk.story
}

function isSet(dayNumber: number): boolean {
  return dayNumber === TWINS_DAY || CORE_DAYS[dayNumber] !== undefined
}

function orderTimes(dice: Dice, perDay: number, open: number): number[] {
  const count = Math.floor(perDay) + (dice.chance(perDay % 1) ? 1 : 0)
  const times = Array.from({ length: count }, () => open + EDGE_MS + Math.floor(dice.next() * (SESSION_MS - 3 * EDGE_MS)))
  return times.sort((a, b) => a - b)
}

function act(customer: Customer, desk: Desk): void {
  if (
    customer.futureOptions &&
    desk.dayNumber % FUTURE_DAYS < 12 &&
    desk.dayNumber > FUTURE_DAYS &&
    desk.dice.chance(0.25) &&
    futurePut(desk)
  )
    return
  if (chosen(customer, desk, desk.dice.next()) || buyShares(desk)) return
  sellShares(desk)
}

/** Tries what the draw stands for; false when it stands for buying shares, or cannot be done today. */
function chosen(customer: Customer, desk: Desk, draw: number): boolean {
  if (draw < 0.05) return cancelOrder(desk)
  if (draw < 0.08) return shortShares(desk)
  if (draw < 0.38) return sellShares(desk)
  if (draw < 0.46) return customer.options && buyOption(desk)
  if (draw < 0.54) return customer.options && closeOption(desk)
  if (draw < 0.61) return customer.options && writeOption(desk)
  return draw < 0.66 && customer.spreads && putSpread(desk)
}
