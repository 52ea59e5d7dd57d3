import { hash } from 'node:crypto'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'

/** The part of a row that two sources of one history agree on. */
export type Told = Pick<ActivityFacts, 'kind' | 'tradeDate' | 'symbol' | 'side' | 'quantity' | 'price' | 'amount'>

/**
 * A hash of what a row says happened, whoever says it: 32 hexadecimal characters. Of a trade it is the day, symbol, side, quantity,
 * price and amount; of the end of an option the day and symbol, because not every source says how many; of anything else the day,
 * symbol, quantity and amount, because sources name such rows differently. Rows of one account with the same fingerprint are told
 * apart only by their count.
 */
export function fingerprint({ kind, tradeDate, symbol, side, quantity, price, amount }: Told): string {
  if (kind === 'option-event') return digest([kind, tradeDate, symbol])
  const parts =
    kind === 'trade' ? ['trade', tradeDate, symbol, side, quantity, price, amount] : ['other', tradeDate, symbol, quantity, amount]
  return digest(parts)
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
