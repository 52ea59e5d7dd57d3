import { Dec } from '../../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'
import { midnightMs } from '../../calendar.ts'
import { moveHolding } from '../../clerk.ts'
import { priceOn } from '../../history.ts'
import { centsOf } from '../../instrument.ts'
import type { Holding } from '../../story.ts'
import { keepBook, movementsOf, signedQty } from '../../own-book.ts'
import type { Place } from '../order-desk.ts'
import type { DateStyle } from './dates.ts'
import { eurosInBase } from './euros.ts'
import type { Euros } from './euros.ts'
import { expiryOf, instrumentAttributes } from './trade-rows.ts'
import type { Attributes } from './xml.ts'

/** What an account held and had at the end of a day. */
export interface DayEnd {
  readonly holdings: readonly (Holding & { readonly price: Dec; readonly value: Dec })[]
  readonly cash: Dec
  /** Of another currency, and what they are worth in the base. */
  readonly euros: Dec
  readonly eurosInBase: Dec
}

/** Lives a story through again up to the end of a day. */
export function dayEnd({ account, market }: Place, day: LocalDate, euros: Euros | null): DayEnd {
  const { story, bulk } = account
  const held = new Map<string, Holding>()
  let cash = Dec.zero
  for (const entry of story.entries) {
    if (entry.day > day) continue
    cash = Dec.add(cash, entry.net)
    if (entry.kind === 'fill') moveHolding(held, entry.leg.instrument, signedQty(entry), Dec.neg(entry.net))
    if (entry.kind === 'transfer') moveHolding(held, entry.instrument, entry.qty, Dec.neg(entry.net))
  }
  let cents = 0
  for (let number = bulk.before(midnightMs(LocalDate.plusDays(day, 1))) - 1; number >= 0; number -= 1) {
    const { side, pieces, cents: price } = bulk.fill(number)
    cents += side === 'buy' ? -pieces * price : pieces * price
  }
  const last = market.days.findLastIndex(item => item <= day)
  // A statement goes by lots, first in, first out.
  const { open } = keepBook(movementsOf(story.entries.filter(entry => entry.day <= day)))
  const lots = Map.groupBy(open, ({ instrument }) => instrument.symbol)
  const holdings = [...held.values()]
    .sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
    .map(holding => {
      const cost = Dec.sum(lots.get(holding.instrument.symbol)?.map(lot => lot.cost) ?? [])
      const price = centsOf(priceOn(market, holding.instrument, Math.max(0, last)))
      return { ...holding, cost, price, value: Dec.round(Dec.mul(Dec.mul(holding.qty, price), holding.instrument.multiplier), 2) }
    })
  const foreign = euros !== null && euros.came <= day ? euros.amount : Dec.zero
  return { holdings, cash: Dec.add(cash, centsOf(cents)), euros: foreign, eurosInBase: eurosInBase(euros, day) }
}

/** The `OpenPosition` row of a holding. */
export function openPosition({ identity }: Place, day: LocalDate, holding: DayEnd['holdings'][number], dates: DateStyle): Attributes {
  const { instrument, qty, cost, price, value } = holding
  const pieces = Number(qty) * Number(instrument.multiplier)
  return {
    accountId: identity.account,
    acctAlias: '',
    model: '',
    currency: 'USD',
    fxRateToBase: 1,
    ...instrumentAttributes(instrument),
    expiry: expiryOf(instrument, dates),
    reportDate: dates.day(day),
    position: qty,
    markPrice: price,
    positionValue: value,
    openPrice: Dec.of((Number(cost) / pieces).toFixed(8)),
    costBasisPrice: Dec.of((Number(cost) / pieces).toFixed(8)),
    costBasisMoney: cost,
    percentOfNAV: '',
    fifoPnlUnrealized: Dec.sub(value, cost),
    side: Dec.isNegative(qty) ? 'Short' : 'Long',
    levelOfDetail: 'SUMMARY',
    openDateTime: '',
    accruedInt: '',
  }
}

/** The cash of a statement's last day, in the base and in the currency it is held in. */
export function cashReport({ identity }: Place, { cash, euros, eurosInBase }: DayEnd, from: string, to: string): Attributes[] {
  const row = (currency: string, levelOfDetail: string, ending: Dec) => ({
    accountId: identity.account,
    fromDate: from,
    toDate: to,
    endingCash: ending,
    endingSettledCash: ending,
    currency,
    levelOfDetail,
  })
  return [
    row('BASE_SUMMARY', 'BaseCurrency', Dec.add(cash, eurosInBase)),
    row('USD', 'Currency', cash),
    ...(Dec.isZero(euros) ? [] : [row('EUR', 'Currency', euros)]),
  ]
}

/** What the account was worth on the last day. */
export function equitySummary({ identity }: Place, { cash: dollars, eurosInBase, holdings }: DayEnd, day: string): Attributes {
  const cash = Dec.add(dollars, eurosInBase)
  const sum = (option: boolean) =>
    Dec.sum(holdings.filter(({ instrument }) => (instrument.contract !== null) === option).map(({ value }) => value))
  const stock = sum(false)
  const options = sum(true)
  return { accountId: identity.account, currency: 'USD', reportDate: day, cash, stock, options, total: Dec.sum([cash, stock, options]) }
}
