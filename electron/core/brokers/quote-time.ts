import type { Quote } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'

/** When bid and ask were quoted, and when it traded last; null where nobody says. */
interface Times {
  readonly quoted: Instant | null
  readonly traded: Instant | null
}

/**
 * How old a quote is: as old as its bid and ask. Where one of them is missing the last price stands in for it, and the older of the two
 * times counts. Null where the time of a price that counts is not known: it may be of whenever.
 */
export function quoteTime({ bid, ask, last }: Pick<Quote, 'bid' | 'ask' | 'last'>, { quoted, traded }: Times): Instant | null {
  if ((bid !== null && ask !== null) || last === null) return quoted
  if (bid === null && ask === null) return traded
  return quoted === null || traded === null ? null : Instant.earliest(quoted, traded)
}
