import { Dec } from '../../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'
import { epochDay } from '../../calendar.ts'
import type { Knobs } from '../../knobs.ts'
import type { AccountStatement } from '../../own-statement.ts'
import { transactionIdOf } from '../executions.ts'
import type { Place } from '../order-desk.ts'
import type { DateStyle } from './dates.ts'
import type { Attributes } from './xml.ts'

/** Before every entry of the story's own day. */
const SEQUENCE = 9000

/** Money of another currency in the first account, which came on its first day; the knob `euros` says how much. */
export interface Euros {
  readonly amount: Dec
  readonly came: LocalDate
}

/** What the knob says of an account; null for none. */
export function eurosOf(knobs: Knobs, { identity, account }: Place): Euros | null {
  const amount = knobs.get('euros')
  const came = account.story.entries[0]?.day
  return amount === null || identity.index > 0 || came === undefined ? null : { amount: Dec.of(amount), came }
}

/** Dollars for a euro at the end of a day. Made up. */
export function euroRate(day: LocalDate): Dec {
  return Dec.add(Dec.of('1.05'), Dec.divide(Dec.of(String(epochDay(day) % 97)), Dec.of('1000'), 4))
}

/** What the euros are worth in the base currency at the end of a day. */
export function eurosInBase(euros: Euros | null, day: LocalDate): Dec {
  return euros === null || euros.came > day ? Dec.zero : Dec.round(Dec.mul(euros.amount, euroRate(day)), 2)
}

/** The `CashTransaction` that brought them. */
export function euroDeposit({ identity }: Place, { amount, came }: Euros, dates: DateStyle): Attributes {
  return {
    accountId: identity.account,
    acctAlias: '',
    model: '',
    currency: 'EUR',
    fxRateToBase: euroRate(came),
    assetCategory: '',
    symbol: '',
    conid: '',
    description: 'CASH RECEIPTS / ELECTRONIC FUND TRANSFERS',
    dateTime: dates.at(came, '00:58:50'),
    settleDate: dates.day(came),
    amount,
    type: 'Deposits/Withdrawals',
    tradeID: '',
    code: '',
    transactionID: transactionIdOf(identity, { dayNumber: epochDay(came), sequence: SEQUENCE }),
    reportDate: dates.day(came),
    exDate: '',
    clientReference: '',
    actionID: '',
    levelOfDetail: 'DETAIL',
  }
}

/** The `ConversionRate` rows of a statement's last days, as a query has them that includes currency rates. */
export function euroRates(to: LocalDate, dates: DateStyle): Attributes[] {
  return [-1, 0].map(back => {
    const day = LocalDate.plusDays(to, back)
    return { reportDate: dates.day(day), fromCurrency: 'EUR', toCurrency: 'USD', rate: euroRate(day) }
  })
}

/** The statement of an account with its euros in it. */
export function withEuros(statement: AccountStatement, euros: Euros | null): AccountStatement {
  if (euros === null) return statement
  return {
    ...statement,
    cash: { ...statement.cash, EUR: euros.amount },
    value: Dec.add(statement.value, eurosInBase(euros, statement.until)),
  }
}
