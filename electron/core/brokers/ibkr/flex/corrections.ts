import { attribute, executionIdentity, executionIdOf } from './rows.ts'
import type { FlexRow } from './statement.ts'

/** A trade row in its latest state. `canceled` when it no longer counts. */
export interface LatestState {
  readonly row: FlexRow
  readonly canceled: boolean
}

/**
 * Trade rows without the states that later ones replaced. A cancellation and the trade it names both stop counting; one whose trade
 * is in an earlier statement counts as the opposite trade, so that what is held stays right.
 */
export function latestStates(trades: readonly FlexRow[]): LatestState[] {
  const latest = new Map<string, FlexRow>()
  const rows = trades.flatMap((row): FlexRow[] => {
    const execution = executionIdOf(row)
    if (execution === null) return [row]
    const { id } = executionIdentity(execution)
    const before = latest.get(id)
    if (!before || comesAfter(row, before)) latest.set(id, row)
    return before ? [] : [row]
  })
  const current = rows.map(row => latest.get(identityOf(row)) ?? row)
  const canceledIds = new Set(current.filter(isCancel).map(row => attribute(row, 'origTradeID')))
  const tradeIds = new Set(trades.filter(row => !isCancel(row)).map(row => attribute(row, 'tradeID')))
  return current.map(row => ({
    row,
    canceled: isCancel(row) ? cancelsHere(row, trades, tradeIds) : canceledIds.has(attribute(row, 'tradeID') ?? ''),
  }))
}

/** Whether a row takes back an earlier trade: by its type, its side (`BUY (Ca.)`) or its note code. */
export function isCancel(row: FlexRow): boolean {
  return (
    attribute(row, 'transactionType') === 'TradeCancel' ||
    /\(Ca\.?\)/i.test(attribute(row, 'buySell') ?? '') ||
    (attribute(row, 'notes', 'code') ?? '').split(';').some(code => code.trim() === 'Ca')
  )
}

function cancelsHere(row: FlexRow, trades: readonly FlexRow[], tradeIds: ReadonlySet<string | null>): boolean {
  // A later state of an execution takes the place of the earlier one, in whatever statement that was.
  if (stateOf(row) > 1) return true
  const original = attribute(row, 'origTradeID')
  if (original !== null && tradeIds.has(original)) return true
  const identity = identityOf(row)
  return identity !== '' && trades.some(other => !isCancel(other) && identityOf(other) === identity)
}

function comesAfter(row: FlexRow, before: FlexRow): boolean {
  const [state, earlier] = [stateOf(row), stateOf(before)]
  return state === earlier ? isCancel(row) || !isCancel(before) : state > earlier
}

function identityOf(row: FlexRow): string {
  const execution = executionIdOf(row)
  return execution === null ? '' : executionIdentity(execution).id
}

function stateOf(row: FlexRow): number {
  return executionIdentity(executionIdOf(row) ?? '').state
}
