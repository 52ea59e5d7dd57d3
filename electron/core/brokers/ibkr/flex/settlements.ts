import type { ActivityFacts } from '../../../../../shared/domain/activity.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, type LocalDate } from '../../../../../shared/domain/time.ts'
import type { BrokerActivity } from '../../adapter.ts'
import { currencyOf, decimalOf, symbolOf } from './cells.ts'
import { readFlexTime } from './dates.ts'
import { cashOf } from './map-trade.ts'
import { attribute, flexRows, linesOf } from './rows.ts'
import type { FlexRow, FlexStatement } from './statement.ts'

/** What futures settled on a day, beside what their trades say they cost. */
const SETTLES = /\bposition mtm\b|^(?:buy|sell)\b/i

/**
 * The daily settlement of futures, one row a day, contract and currency, from the lines of the Statement of Funds: what positions gained or
 * lost since the settlement before, and trades since their own price. A line of a trade holds its costs too; those are the trade's. A line
 * repeated in the base currency is left out. Empty where the query has no such section. Lines that cannot be read are left out: what they
 * moved shows as a difference in cash.
 */
export function settlements(statement: FlexStatement): BrokerActivity[] {
  const lines = linesOf(statement).filter(
    row => attribute(row, 'assetCategory') === 'FUT' && SETTLES.test(attribute(row, 'activityDescription') ?? ''),
  )
  const told = costsByTrade(statement)
  const groups = Map.groupBy(lines.flatMap(lineOf), ({ day, contract }) => `${day}\n${contract}`)
  return [...groups.values()]
    .flatMap(group => [...Map.groupBy(inOwnCurrency(group, baseOf(statement)), ({ currency }) => currency).values()])
    .flatMap(group => settlement(group, told))
}

interface Line {
  readonly row: FlexRow
  readonly day: LocalDate
  readonly contract: string
  readonly currency: string
  readonly amount: Dec
}

function lineOf(row: FlexRow): Line[] {
  const time = readFlexTime(attribute(row, 'date', 'reportDate') ?? '', EXCHANGE_ZONE)
  const contract = attribute(row, 'conid', 'symbol')
  const amount = figure(row, 'amount')
  if (time === null || time === 'ambiguous' || contract === null || amount === null) return []
  return [{ row, day: time.day, contract, currency: currencyOf(row), amount }]
}

/** Where no line says its level, those of the base currency repeat the others; which that is has to be known. */
function inOwnCurrency(group: readonly Line[], base: string | null): readonly Line[] {
  const own = group.filter(({ row }) => attribute(row, 'levelOfDetail')?.toUpperCase() !== 'BASECURRENCY')
  const leveled = own.every(({ row }) => attribute(row, 'levelOfDetail') !== null)
  if (leveled || new Set(own.map(({ currency }) => currency)).size < 2) return own
  return base === null ? [] : own.filter(({ currency }) => currency !== base)
}

function settlement(group: readonly Line[], told: ReadonlyMap<string, Dec>): BrokerActivity[] {
  const [first] = group
  if (!first) return []
  const { row, day, contract, currency } = first
  const facts: ActivityFacts = {
    externalId: `settlement-${day}-${contract}-${currency}`,
    kind: 'journal',
    brokerType: 'Position MTM / Mark to Market',
    symbol: symbolOf(row, 'future'),
    assetClass: 'future',
    side: null,
    positionEffect: null,
    quantity: null,
    price: null,
    amount: Dec.sum(group.map(line => Dec.sub(line.amount, costsOf(line.row, told)))),
    fees: Dec.zero,
    currency,
    executedAt: null,
    tradeDate: day,
    orderId: null,
    description: `Daily settlement of ${attribute(row, 'symbol') ?? contract}`,
    status: 'final',
  }
  return [{ facts, raw: JSON.stringify({ element: row.element, lines: group.map(line => line.row.attributes) }) }]
}

/** What the trade of a line is booked with itself; of one told elsewhere the costs the line states. */
function costsOf(row: FlexRow, told: ReadonlyMap<string, Dec>): Dec {
  for (const key of keysOf(row)) {
    const cash = told.get(key)
    if (cash !== undefined) return cash
  }
  return Dec.add(figure(row, 'tradeCommission') ?? Dec.zero, figure(row, 'tradeTax') ?? Dec.zero)
}

function costsByTrade(statement: FlexStatement): Map<string, Dec> {
  const trades = flexRows(statement).trades.filter(row => attribute(row, 'assetCategory') === 'FUT')
  return new Map(trades.flatMap(row => keysOf(row).map(key => [key, read(() => cashOf(row)) ?? Dec.zero] as const)))
}

function keysOf(row: FlexRow): string[] {
  return ['transactionID', 'tradeID'].flatMap(name => {
    const id = attribute(row, name)
    return id === null ? [] : [`${name} ${id}`]
  })
}

function baseOf(statement: FlexStatement): string | null {
  const [about] = statement.sections.get('AccountInformation') ?? []
  return about ? attribute(about, 'currency') : null
}

function figure(row: FlexRow, name: string): Dec | null {
  return read(() => decimalOf(row, name))
}

function read<T>(value: () => T): T | null {
  try {
    return value()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
