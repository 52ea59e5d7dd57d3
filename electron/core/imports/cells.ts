import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { CsvRow } from './csv.ts'
import { unreadable } from './format.ts'

const NONE = new Set(['', '-', '--', 'n/a', 'N/A'])
const MONEY = /^([+-]?)\(?\$?([+-]?)([\d,]*\.?\d+|[\d,]+\.)\)?$/

/**
 * A figure as US brokers write it: `$1,234.50`, `-$2`, `(2.00)`, `+100`, `.5`; null for none (empty, `--`). Throws
 * import/unreadable with the row's line and the column for anything else.
 */
export function figure(row: CsvRow, ...columns: readonly string[]): Dec | null {
  const column = columns.find(name => !NONE.has(row.cell(name))) ?? ''
  return column === '' ? null : readFigure(row.cell(column), () => unreadable(row.line, column, 'not a number'))
}

export function readFigure(text: string, refuse: () => Error): Dec {
  const trimmed = text.trim()
  const [, outer = '', inner = '', digits = ''] = MONEY.exec(trimmed) ?? []
  const isFigure = digits !== '' && digits.length <= MOST_DIGITS && (outer === '' || inner === '') && grouped(digits)
  if (!isFigure || trimmed.startsWith('(') !== trimmed.endsWith(')')) throw refuse()
  const value = Dec.of(digits.replaceAll(',', ''))
  return [outer, inner].includes('-') || trimmed.startsWith('(') ? Dec.neg(value) : value
}

/** Commas stand before groups of three digits, or there are none: `1,5` may mean one and a half and is refused. */
function grouped(digits: string): boolean {
  return !digits.includes(',') || /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(digits)
}

/** No broker writes a figure longer than this; a longer one is no figure of an account. */
const MOST_DIGITS = 32

const US_DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})$/

/** A day as US brokers write it, month first: `3/12/26`, `03/12/2026`, also `2026-03-12`. Null for anything else. */
export function usDay(text: string): LocalDate | null {
  if (LocalDate.is(text)) return text
  const [, month, day, year] = US_DAY.exec(text) ?? []
  if (month === undefined || day === undefined || year === undefined) return null
  const written = `${year.length === 2 ? wholeYear(year) : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return LocalDate.is(written) ? written : null
}

/** The year two digits stand for: 70 to 99 are of the last century, which the oldest histories reach into. */
function wholeYear(digits: string): string {
  return Number(digits) >= 70 ? `19${digits}` : `20${digits}`
}

/** The day in a column. Throws import/unreadable where there is none. */
export function dayIn(row: CsvRow, column: string): LocalDate {
  const day = usDay(row.cell(column))
  if (day === null) throw unreadable(row.line, column, 'not a date')
  return day
}

/** Text of a cell; null for none. */
export function wordsIn(row: CsvRow, column: string): string | null {
  const text = row.cell(column)
  return NONE.has(text) ? null : text
}

/** What a row pays as a cost: its amount turned round when negative. */
export function costOf(amount: Dec | null): Dec {
  return amount !== null && Dec.isNegative(amount) ? Dec.neg(amount) : Dec.zero
}
