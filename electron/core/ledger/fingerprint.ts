import { hash } from 'node:crypto'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { EXCHANGE_ZONE, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'

/** The part of a row that two sources of one history agree on. */
export type Told = Pick<ActivityFacts, 'kind' | 'tradeDate' | 'symbol' | 'side' | 'quantity' | 'price' | 'amount' | 'executedAt'>

/**
 * A hash of what a row says happened, whoever says it: 32 hexadecimal characters. Of a trade it is the day (see `toldDay`), symbol, side, quantity,
 * price and amount; of the end of an option the day and symbol, because not every source says how many; of anything else the day,
 * symbol, quantity and amount, because sources name such rows differently. Rows of one account with the same fingerprint are told
 * apart only by their count.
 */
export function fingerprint(row: Told): string {
  const { kind, symbol, side, quantity, price, amount } = row
  const day = toldDay(row)
  if (kind === 'option-event') return digest([kind, day, symbol])
  const parts = kind === 'trade' ? ['trade', day, symbol, side, quantity, price, amount] : ['other', day, symbol, quantity, amount]
  return digest(parts)
}

/**
 * The day two sources agree on: the trade date, but of a future whose moment is known the day of that in New York, because one source
 * counts a fill of the evening to the next session and another to the calendar's day.
 */
export function toldDay({ tradeDate, symbol, executedAt }: Pick<Told, 'tradeDate' | 'symbol' | 'executedAt'>): LocalDate {
  return executedAt !== null && isFuture(symbol) ? toLocalDate(executedAt, EXCHANGE_ZONE) : tradeDate
}

/** Whether a symbol is spelled as a future or an option on one. */
export function isFuture(symbol: string | null): boolean {
  return symbol !== null && /^\.?\//.test(symbol)
}

function digest(parts: readonly (string | null)[]): string {
  return hash('sha256', parts.map(part => part ?? '\u0000').join('\u001f')).slice(0, 32)
}

const COUNTED = /^file-([0-9a-f]{32})-(\d{1,9})$/

/** The external id of the `ordinal`-th row (from 1) with a fingerprint, for rows of files that have no ids of the broker. */
export function countedId(print: string, ordinal: number): string {
  return `file-${print}-${ordinal}`
}

/** What a counted id was made of; null for any other id. */
export function readCountedId(externalId: string): { readonly print: string; readonly ordinal: number } | null {
  const [, print, ordinal] = COUNTED.exec(externalId) ?? []
  return print === undefined ? null : { print, ordinal: Number(ordinal) }
}
