import { hash } from 'node:crypto'
import type { ActivityFacts } from '../../../../../shared/domain/activity.ts'
import { EXCHANGE_ZONE, LocalDate } from '../../../../../shared/domain/time.ts'
import type { BrokerActivity } from '../../adapter.ts'
import { oddRow } from '../../odd-row.ts'
import { precedenceOf, canceledPrecedence } from '../precedence.ts'
import { externalIdOf, type RowContext } from './cells.ts'
import { cashFacts, corporateFacts, optionEventFacts, transferFacts } from './map-cash.ts'
import { commissionFacts, tradeFacts } from './map-trade.ts'
import { readFlexTime } from './dates.ts'
import { settlements } from './settlements.ts'
import { latestStates } from './corrections.ts'
import { attribute, executionIdentity, executionIdOf, type FlexRows, flexRows } from './rows.ts'
import type { FlexRow, FlexStatement } from './statement.ts'

const NAMES = { id: 'transactionID', type: 'element', days: ['tradeDate', 'reportDate'] }

export interface FlexOptions {
  /** The zone of times that name none, as set in the user's IBKR account. */
  readonly zone?: string
}

/**
 * The activities of one statement, each once: executions in their latest state, cash, corporate actions, option events,
 * transfers and what futures settled each day. The external id of a fill is its execution id without the correction (see executionIdentity), so the same fill has
 * the same id in TWS and in both Flex kinds. A row that cannot be read is kept as `other`. Throws broker/unreadable when dates can be read two ways.
 */
export function flexActivities(statement: FlexStatement, options: FlexOptions = {}): BrokerActivity[] {
  return flexHistory([statement], options)
}

/** The same of several statements of one account: a day's statement may correct a trade of another day, or repeat how it ended an option. */
export function flexHistory(statements: readonly FlexStatement[], { zone = EXCHANGE_ZONE }: FlexOptions = {}): BrokerActivity[] {
  const parts = statements.map(statement => ({ rows: flexRows(statement), usualDay: lastDay(statement, zone) }))
  const days = new Map(parts.flatMap(({ rows, usualDay }) => rows.trades.map(row => [row, usualDay])))
  const trades = parts.flatMap(({ rows }) => rows.trades)
  const told = new Set(trades.map(row => attribute(row, 'tradeID')).filter(id => id !== null))
  const all = reader(zone)
  return [
    ...latestStates(trades).flatMap(({ row, canceled }) =>
      all([row], days.get(row) ?? LocalDate.of('1970-01-01'), (trade, context) => tradeRow(trade, context, canceled)),
    ),
    ...parts.flatMap(({ rows, usualDay }) => otherRows(rows, told, usualDay, zone)),
    ...statements.flatMap(settlements),
  ]
}

type RowMap = (row: FlexRow, context: RowContext) => readonly ActivityFacts[]

/** Maps rows one after the other, and counts those without an id. */
function reader(zone: string, nameless = counter()): (rows: readonly FlexRow[], usualDay: LocalDate, map: RowMap) => BrokerActivity[] {
  return (rows, usualDay, map) =>
    rows.flatMap(row => {
      let id: string | undefined
      const context: RowContext = {
        zone,
        get fallbackId() {
          return (id ??= nameless(row))
        },
      }
      return readable(row, () => map(row, context)) ?? [odd(row, context, usualDay)]
    })
}

/** What a statement holds beside trades. */
function otherRows(rows: FlexRows, told: ReadonlySet<string>, usualDay: LocalDate, zone: string): BrokerActivity[] {
  const nameless = counter()
  const read = reader(zone, nameless)
  const all = (some: readonly FlexRow[], map: RowMap): BrokerActivity[] => read(some, usualDay, map)
  const events = rows.optionEvents.filter(row => !told.has(attribute(row, 'tradeID') ?? ''))
  return [
    ...all(events, (row, context) => [optionEventFacts(row, context)]),
    ...all(rows.cash, (row, context) => [cashFacts(row, context)]),
    ...all(rows.actions, (row, context) => [corporateFacts(row, context)]),
    ...all(rows.transfers, (row, context) => [transferFacts(row, context)]),
    ...rows.unclear.map(row => odd(row, { fallbackId: nameless(row) }, usualDay)),
  ]
}

/** A commission in another currency than its trade stands in a row of its own: amounts of two currencies do not add up. */
function tradeRow(row: FlexRow, context: RowContext, canceled: boolean): ActivityFacts[] {
  const trade = tradeFacts(row, context)
  const commission = commissionFacts(row, trade)
  const facts = commission === null ? [trade] : [trade, commission]
  return canceled ? facts.map(each => ({ ...each, status: 'canceled' as const })) : facts
}

/** What a row says, or null when a figure or date in it is none. */
function readable(row: FlexRow, map: () => readonly ActivityFacts[]): BrokerActivity[] | null {
  try {
    return map().map(facts => ({
      facts,
      raw: rawOf(row),
      precedence: facts.status === 'canceled' ? canceledPrecedence(stateOf(row)) : precedenceOf(stateOf(row), 'flex'),
    }))
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function odd(row: FlexRow, context: Pick<RowContext, 'fallbackId'>, usualDay: LocalDate): BrokerActivity {
  const raw = rawOf(row)
  return {
    facts: { ...oddRow(raw, NAMES, usualDay), externalId: externalIdOf(row, context) },
    raw,
    precedence: precedenceOf(stateOf(row), 'odd'),
  }
}

/** Of its execution; the first for a row that tells of none. */
function stateOf(row: FlexRow): number {
  return executionIdentity(executionIdOf(row) ?? '').state
}

/** The row as JSON text: its element and every attribute as written. */
function rawOf({ element, attributes }: FlexRow): string {
  return JSON.stringify({ element, ...attributes })
}

function counter(): (row: FlexRow) => string {
  const seen = new Map<string, number>()
  return row => {
    const digest = hash('sha256', rawOf(row)).slice(0, 32)
    const times = (seen.get(digest) ?? 0) + 1
    seen.set(digest, times)
    return `row-${digest}-${times}`
  }
}

/** The day of a row that names none: the statement's last. */
function lastDay({ toDate, fromDate, whenGenerated }: FlexStatement, zone: string): LocalDate {
  for (const text of [toDate, fromDate, whenGenerated]) {
    const time = readFlexTime(text, zone)
    if (time !== null && time !== 'ambiguous') return time.day
  }
  return LocalDate.of('1970-01-01')
}
