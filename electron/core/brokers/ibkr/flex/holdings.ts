import { Dec } from '../../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerPosition } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { ownValue } from '../own-value.ts'
import { keelsonSymbol } from '../spelling.ts'
import { currencyOf, decimalOf } from './cells.ts'
import { readFlexTime } from './dates.ts'
import { statementsOf } from './history.ts'
import { assetClassOf } from './kinds.ts'
import { attribute } from './rows.ts'
import type { FlexReport } from './service.ts'
import type { FlexRow, FlexStatement } from './statement.ts'

/** The accounts a report is about, once each. */
export function flexAccounts({ statements }: FlexReport): BrokerAccount[] {
  const numbers = new Set(statements.map(({ accountId }) => accountId).filter(number => number !== ''))
  return [...numbers].map(number => {
    const about = rows(latest(statements, number), 'AccountInformation', 'AccountInformation')[0]
    return {
      key: number,
      number,
      name: 'IBKR account',
      type: (about && attribute(about, 'customerType', 'accountType')) ?? '',
      currency: (about && attribute(about, 'currency')) ?? 'USD',
    }
  })
}

/** Cash by currency and the whole in the base currency, as of the statement; empty where the query has neither section. */
export function flexBalances(report: FlexReport, account: string): BrokerBalance[] {
  const statement = latest(report.statements, account)
  const asOf = heldAt(statement, report.asOf)
  const base = flexAccounts(report).find(({ number }) => number === account)?.currency ?? 'USD'
  const total = rows(statement, 'EquitySummaryInBase', 'EquitySummaryByReportDateInBase').at(-1)
  const cash = rows(statement, 'CashReport', 'CashReportCurrency').filter(row => attribute(row, 'currency') !== 'BASE_SUMMARY')
  const currencies = new Set([...(total ? [base] : []), ...cash.map(currencyOf)])
  return [...currencies].map(currency => {
    const row = cash.find(each => currencyOf(each) === currency)
    return {
      currency,
      netLiquidation: total && currency === base ? decimalOf(total, 'total') : null,
      cash: row ? decimalOf(row, 'endingCash') : null,
      buyingPower: null,
      asOf,
      ...(currency === base ? {} : rateOf(statement, currency, base)),
    }
  })
}

/**
 * What one unit of a currency is worth in the base currency at the end of the statement: by its last rate, else by what its positions of
 * that day were converted with. Empty where the statement has neither; rates of trades are those of their own days.
 */
function rateOf(statement: FlexStatement | undefined, currency: string, base: string): Pick<BrokerBalance, 'toBase'> {
  const rates = rows(statement, 'ConversionRates', 'ConversionRate')
    .filter(row => attribute(row, 'fromCurrency') === currency && attribute(row, 'toCurrency') === base)
    .toSorted((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1))
  const held = rows(statement, 'OpenPositions', 'OpenPosition').filter(row => currencyOf(row) === currency)
  const [stated] = [...rates.toReversed().map(row => decimalOf(row, 'rate')), ...held.map(row => decimalOf(row, 'fxRateToBase'))].filter(
    isRate,
  )
  return stated === undefined ? {} : { toBase: stated }
}

function isRate(rate: Dec | null): rate is Dec {
  return rate !== null && Dec.cmp(rate, Dec.zero) > 0
}

function dayOf(row: FlexRow): string {
  return dayText(attribute(row, 'reportDate') ?? '')
}

/** What was held at the end of the statement. Lots repeat what the summary says. */
export function flexPositions(report: FlexReport, account: string): BrokerPosition[] {
  const statement = latest(report.statements, account)
  const asOf = heldAt(statement, report.asOf)
  return rows(statement, 'OpenPositions', 'OpenPosition')
    .filter(row => attribute(row, 'levelOfDetail')?.toUpperCase() !== 'LOT')
    .map(row => toPosition(row, asOf))
}

function toPosition(row: FlexRow, asOf: Instant): BrokerPosition {
  const assetClass = assetClassOf(attribute(row, 'assetCategory')) ?? 'other'
  const unrealized = decimalOf(row, 'fifoPnlUnrealized')
  return {
    symbol: keelsonSymbol(attribute(row, 'symbol') ?? '', assetClass, currencyOf(row), exchangeDay(asOf)),
    assetClass,
    quantity: decimalOf(row, 'position', 'quantity') ?? Dec.zero,
    averagePrice: decimalOf(row, 'costBasisPrice', 'openPrice'),
    marketValue: ownValue(assetClass, decimalOf(row, 'positionValue'), unrealized),
    unrealized,
    currency: currencyOf(row),
    asOf,
  }
}

/** Of a file broken out by day it is the last day that counts. */
function latest(statements: readonly FlexStatement[], account: string): FlexStatement | undefined {
  const mine = statementsOf(statements, account)
  const last = (statement: FlexStatement): string => dayText(statement.toDate)
  return mine.toSorted((a, b) => (last(a) < last(b) ? -1 : 1)).at(-1)
}

function dayText(text: string): string {
  const time = readFlexTime(text, EXCHANGE_ZONE)
  return time === null || time === 'ambiguous' ? '' : time.day
}

/** The end of the statement's last day: what is held and worth then is told by every statement made later. One of today holds as of when it was made. */
function heldAt(statement: FlexStatement | undefined, otherwise: Instant): Instant {
  const [made, last] = [statement?.whenGenerated ?? '', statement?.toDate ?? ''].map(text => readFlexTime(text, EXCHANGE_ZONE))
  const at = made && made !== 'ambiguous' ? (made.at ?? otherwise) : otherwise
  if (!last || last === 'ambiguous') return at
  return Instant.earliest(at, Instant.plus(startOfDay(LocalDate.plusDays(last.day, 1), EXCHANGE_ZONE), -1))
}

function rows(statement: FlexStatement | undefined, section: string, element: string): readonly FlexRow[] {
  return (statement?.sections.get(section) ?? []).filter(row => row.element === element)
}
