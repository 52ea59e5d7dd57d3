import { hash } from 'node:crypto'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'

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
  return `${f.kind}${mark(f.brokerType)}${mark(f.symbol)}${mark(f.assetClass)}${mark(f.side)}${mark(f.positionEffect)}${mark(f.quantity)}${mark(
    f.price,
  )}${mark(f.amount)}${mark(f.fees)}${mark(f.currency)}${mark(f.executedAt)}${mark(f.tradeDate)}${mark(f.orderId)}${mark(f.description)}${mark(f.status)}`
}

function mark(value: string | null): string {
  return value === null ? '\u001f\u0000' : `\u001f${value}`
}
