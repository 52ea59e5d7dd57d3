import type { Activity } from '../../../shared/domain/activity.ts'

const COLUMNS = [
  'tradeDate', 'executedAt', 'kind', 'symbol', 'side', 'quantity', 'price', 'amount', 'fees', 'currency', 'accountId', 'connectionId',
  'orderId', 'externalId', 'description', 'status', 'asOf', 'fetchedAt',
] as const satisfies readonly (keyof Activity)[]

const NUMERIC: ReadonlySet<string> = new Set(['quantity', 'price', 'amount', 'fees'])
const FORMULA = /^[=+\-@\t\r]/

/**
 * Rows as RFC 4180 CSV: CRLF, quotes where needed, decimals and instants as stored. Text that a spreadsheet would run as a
 * formula gets a leading apostrophe; numbers are left alone.
 */
export function csvText(rows: readonly Activity[], { header }: { readonly header: boolean }): string {
  const lines = rows.map(row => COLUMNS.map(column => cell(row[column], NUMERIC.has(column))).join(','))
  if (header) lines.unshift(COLUMNS.join(','))
  return lines.map(line => `${line}\r\n`).join('')
}

function cell(value: string | null, numeric: boolean): string {
  if (value === null) return ''
  const safe = !numeric && FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
