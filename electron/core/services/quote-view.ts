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
  if (Dec.isZero(whole) || Dec.isNegative(whole)) return null
  const scale = Math.max(Dec.decimals(part), Dec.decimals(whole))
  const divisor = unscaled(whole, scale)
  const hundredths = unscaled(Dec.abs(part), scale) * 10n ** BigInt(PLACES + 2)
  const digits = (2n * hundredths + divisor) / (2n * divisor)
  return Dec.ofDigits(String(digits), Dec.isNegative(part), PLACES)
}

function unscaled(value: Dec, scale: number): bigint {
  const [whole = '0', fraction = ''] = value.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}
