import type { FlexRow, FlexStatement } from './statement.ts'

/** The rows of a statement that say something happened, each once: summaries, orders and lots repeat what executions say. */
export interface FlexRows {
  readonly trades: readonly FlexRow[]
  readonly cash: readonly FlexRow[]
  readonly actions: readonly FlexRow[]
  /** Exercises, assignments and expirations that no trade row tells. */
  readonly optionEvents: readonly FlexRow[]
  readonly transfers: readonly FlexRow[]
  /** Rows that may be trades but name no level and no id: nothing says whether they repeat others. */
  readonly unclear: readonly FlexRow[]
}

/** What is wrong with the query behind a statement, as far as it shows. */
export type FlexFault = 'orders-without-executions' | 'trades-without-ids'

/** An execution id without its last part, and that part: `0000e0d5.6a100001.01.02` is the second state of `0000e0d5.6a100001.01`. */
export interface ExecutionIdentity {
  readonly id: string
  readonly state: number
}

const STATED = /^(.+\..+\..+)\.(\d{1,4})$/

/**
 * Who an execution is, whatever its correction: the same in Flex, TWS (`execId`) and the web API (`execution_id`). An id of
 * another form is kept whole, in its first state.
 */
export function executionIdentity(executionId: string): ExecutionIdentity {
  const [, id, state] = STATED.exec(executionId.trim()) ?? []
  return id === undefined ? { id: executionId.trim(), state: 1 } : { id, state: Number(state) }
}

/** The first of these attributes that is not blank. */
export function attribute(row: FlexRow, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = row.attributes[name]?.trim() ?? ''
    if (value !== '') return value
  }
  return null
}

export function executionIdOf(row: FlexRow): string | null {
  return attribute(row, 'ibExecID', 'execID')
}

/** Sorts out the rows of a statement. */
export function flexRows(statement: FlexStatement): FlexRows {
  const fills = [...rowsOf(statement, 'Trades', 'Trade'), ...rowsOf(statement, 'TradeConfirms', 'TradeConfirm')]
  const trades = fills.filter(isExecution)
  const told = new Set(trades.map(row => attribute(row, 'tradeID')).filter(id => id !== null))
  return {
    trades,
    cash: rowsOf(statement, 'CashTransactions', 'CashTransaction').filter(isDetail),
    actions: rowsOf(statement, 'CorporateActions', 'CorporateAction').filter(isDetail),
    optionEvents: rowsOf(statement, 'OptionEAE', 'OptionEAE').filter(row => isDetail(row) && !told.has(attribute(row, 'tradeID') ?? '')),
    transfers: rowsOf(statement, 'Transfers', 'Transfer').filter(isDetail),
    unclear: fills.filter(row => attribute(row, 'levelOfDetail') === null && !isExecution(row)),
  }
}

/** What to tell the user to change in the query; null when nothing is wrong. Orders are never taken for fills. */
export function flexFault(statement: FlexStatement): FlexFault | null {
  const { trades, unclear } = flexRows(statement)
  if (trades.length > 0) return null
  if (unclear.length > 0) return 'trades-without-ids'
  const orders = [...rowsOf(statement, 'Trades', 'Order'), ...rowsOf(statement, 'TradeConfirms', 'Order')]
  const leveled = [...rowsOf(statement, 'Trades', 'Trade'), ...rowsOf(statement, 'TradeConfirms', 'TradeConfirm')]
  return orders.length > 0 || leveled.some(row => level(row) === 'ORDER') ? 'orders-without-executions' : null
}

/** The lines of the Statement of Funds. They repeat most of what other sections tell. */
export function linesOf(statement: FlexStatement): FlexRow[] {
  return rowsOf(statement, 'StmtFunds', 'StatementOfFundsLine')
}

function rowsOf(statement: FlexStatement, section: string, element: string): FlexRow[] {
  return (statement.sections.get(section) ?? []).filter(row => row.element === element)
}

function isExecution(row: FlexRow): boolean {
  const stated = level(row)
  return stated === null ? executionIdOf(row) !== null || attribute(row, 'tradeID') !== null : stated === 'EXECUTION'
}

/** Sections without executions come as DETAIL, or as SUMMARY rows that repeat them. */
function isDetail(row: FlexRow): boolean {
  const stated = level(row)
  return stated === null || stated === 'DETAIL'
}

function level(row: FlexRow): string | null {
  return attribute(row, 'levelOfDetail')?.toUpperCase() ?? null
}
