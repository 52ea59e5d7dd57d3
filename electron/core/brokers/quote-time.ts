import type { Quote } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'

type Prices = Pick<Quote, 'bid' | 'ask' | 'last'>
type Times = NonNullable<Quote['times']>

/** The times of a quote, where its broker dates bid and ask apart from the last price. */
export const quoteTimes = (prices: Prices, times: Times): Pick<Quote, 'asOf' | 'times'> => ({ asOf: quoteTime(prices, times), times })

/**
 * How old a quote is: as old as its bid and ask. Where one of them is missing the last price stands in for it, and the older of the two
 * times counts. Null where the time of a price that counts is not known: it may be of whenever.
 */
export function quoteTime({ bid, ask, last }: Prices, { quoted, traded }: Times): Instant | null {
  if ((bid !== null && ask !== null) || last === null) return quoted
  if (bid === null && ask === null) return traded
  return quoted === null || traded === null ? null : Instant.earliest(quoted, traded)
}
