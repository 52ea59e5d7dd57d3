import { AppError } from '../../../../../shared/contract/errors.ts'
import type { BrokerActivity } from '../../adapter.ts'
import { flexHistory } from './map.ts'
import { flexFault } from './rows.ts'
import type { FlexStatement } from './statement.ts'

/** Sections that say what happened: `accountHistory` reads all there is to know from them. */
export const HISTORY_SECTIONS: ReadonlySet<string> = new Set([
  'Trades',
  'TradeConfirms',
  'CashTransactions',
  'CorporateActions',
  'OptionEAE',
  'Transfers',
  'StmtFunds',
])

/** The activities of the statements of one account. Throws flex/misconfigured for a query without executions, and what `flexHistory` throws. */
export function accountHistory(statements: readonly FlexStatement[]): BrokerActivity[] {
  for (const statement of statements) {
    const fault = flexFault(statement)
    if (fault === null) continue
    const what = fault === 'trades-without-ids' ? 'trades without ids' : 'orders, but no executions'
    throw new AppError('flex/misconfigured', { details: { what } })
  }
  return flexHistory(statements)
}
