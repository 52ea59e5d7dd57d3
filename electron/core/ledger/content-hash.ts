import { hash } from 'node:crypto'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'

const NONE = '\u0000'

/**
 * A short hash of what a row states, the same for the same facts on every machine and in every version: 22 characters,
 * 132 bits of SHA-256. The raw row stays out, so a field a broker adds tomorrow rewrites nothing. No field may hold the
 * separators (control characters U+001F and U+0000), which no broker's text does; if one did, it would only cost a rewrite.
 */
export function contentHash(facts: ActivityFacts): string {
  return hash('sha256', canonicalFacts(facts), 'base64').slice(0, 22)
}

/** The facts as one line of text; null and empty text differ. The order is part of the format: append, never reorder. */
function canonicalFacts(f: ActivityFacts): string {
  return [
    f.kind,
    f.brokerType,
    f.symbol ?? NONE,
    f.assetClass ?? NONE,
    f.side ?? NONE,
    f.positionEffect ?? NONE,
    f.quantity ?? NONE,
    f.price ?? NONE,
    f.amount ?? NONE,
    f.fees,
    f.currency,
    f.executedAt ?? NONE,
    f.tradeDate,
    f.orderId ?? NONE,
    f.description ?? NONE,
    f.status,
  ].join('\u001f')
}
