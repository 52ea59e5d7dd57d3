import { isOpen, marketOf, sessionOf } from '../../../shared/domain/market-calendar.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, instantAt, toLocalDate } from '../../../shared/domain/time.ts'
import type { OrderFacts } from './order-facts.ts'

/** Extended trading of US stocks: from 4:00 to 20:00 New York time, to 17:00 on half days. Source: NYSE Arca and Nasdaq, trading sessions. */
const EXTENDED_OPEN = '04:00:00'
const EXTENDED_CLOSE = '20:00:00'
const EARLY_EXTENDED_CLOSE = '17:00:00'

/** What the market of an asset does at a moment. */
export function sessionAt(assetClass: AssetClass, at: Instant): OrderFacts['session'] {
  const market = marketOf([assetClass])
  if (isOpen(market, at)) return 'open'
  return (assetClass === 'equity' || assetClass === 'fund') && isExtended(at) ? 'extended' : 'closed'
}

function isExtended(at: Instant): boolean {
  const day = toLocalDate(at, EXCHANGE_ZONE)
  const session = sessionOf(day)
  if (!session) return false
  const from = instantAt(day, EXTENDED_OPEN, EXCHANGE_ZONE)
  const to = instantAt(day, session.half ? EARLY_EXTENDED_CLOSE : EXTENDED_CLOSE, EXCHANGE_ZONE)
  return !Instant.isBefore(at, from) && Instant.isBefore(at, to)
}
