import type { QuoteView } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Quote } from '../../../shared/domain/order.ts'
import type { Instant } from '../../../shared/domain/time.ts'

const PLACES = 2

/** A quote as it is shown: with its change since the close before, where both are known. */
export function quoteView({ symbol, bid, ask, last, previousClose, currency, delayed, asOf }: Quote, fetchedAt: Instant): QuoteView {
  const change = last === null || previousClose === null ? null : Dec.sub(last, previousClose)
  return {
    symbol,
    bid,
    ask,
    last,
    previousClose,
    change,
    changePercent: change === null || previousClose === null ? null : percentOf(change, previousClose),
    currency,
    delayed,
    asOf,
    fetchedAt,
  }
}

/** `part` of a positive `whole` in percent, rounded half away from zero at 2 decimals; null when there is no positive whole. */
function percentOf(part: Dec, whole: Dec): Dec | null {
  return Dec.isZero(whole) || Dec.isNegative(whole) ? null : Dec.divide(Dec.mul(part, Dec.of('100')), whole, PLACES)
}
