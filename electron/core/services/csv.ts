import type { Activity } from '../../../shared/domain/activity.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'

const COLUMNS = [
  'tradeDate', 'executedAt', 'kind', 'symbol', 'side', 'quantity', 'price', 'amount', 'fees', 'currency', 'accountId', 'connectionId',
  'orderId', 'externalId', 'description', 'status', 'asOf', 'fetchedAt',
] as const satisfies readonly (keyof Activity)[]

/** Behind the columns there have always been, so that what reads those goes on. */
const LATER_COLUMNS = ['positionEffect', 'assetClass'] as const satisfies readonly (keyof Activity)[]
const HOME_COLUMNS = ['broker', 'environment', 'accountName', 'accountNumber'] as const satisfies readonly (keyof AccountHome)[]

/** Where an account is, in a user's words. */
export interface AccountHome {
  readonly broker: string
  readonly environment: string
  readonly accountName: string
  /** Masked but for its end. */
  readonly accountNumber: string
}

interface CsvOptions {
  readonly header: boolean
  /** Null for an account nobody knows any more. */
  readonly homeOf: (id: AccountId) => AccountHome | null
}

const NUMERIC: ReadonlySet<string> = new Set(['quantity', 'price', 'amount', 'fees'])
const FORMULA = /^[=+\-@\t\r]/

/**
 * Rows as RFC 4180 CSV, with the home of each row's account at its end: CRLF, quotes where needed, decimals and instants as stored. Text that a spreadsheet would run as a
 * formula gets a leading apostrophe; numbers are left alone.
 */
export function csvText(rows: readonly Activity[], { header, homeOf }: CsvOptions): string {
  const lines = rows.map(row => {
    const home = homeOf(row.accountId)
    const own = [...COLUMNS, ...LATER_COLUMNS].map(column => cell(row[column], NUMERIC.has(column)))
    return [...own, ...HOME_COLUMNS.map(column => cell(home?.[column] ?? null, false))].join(',')
  })
  if (header) lines.unshift([...COLUMNS, ...LATER_COLUMNS, ...HOME_COLUMNS].join(','))
  return lines.map(line => `${line}\r\n`).join('')
}

/** One cell of RFC 4180 CSV; text that a spreadsheet would run gets a leading apostrophe. */
export function cell(value: string | null, numeric: boolean): string {
  if (value === null) return ''
  const safe = !numeric && FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
