import type { Intent } from '../store/order-intents.ts'
import type { OrderRequest } from '../store/order-requests.ts'
import type { Wanted } from '../store/notices.ts'

/** Orders that wait for their user. */
export interface OrderWaits {
  readonly requests: readonly Pick<OrderRequest, 'id' | 'from'>[]
  readonly doubts: readonly Pick<Intent, 'id'>[]
}

/** What is said of them. A notice may be mailed, so it tells neither symbol nor figure. */
export function orderNotices({ requests, doubts }: OrderWaits): Wanted[] {
  const asked = requests.map(({ id, from }): Wanted => ({
    topic: `order-request:${id}`,
    kind: 'order',
    severity: 'warning',
    connectionId: null,
    code: null,
    title: 'A program asks for an order',
    body: `${plainName(from)} asks to send one. It waits for your review for a short while; nothing is sent without it.`,
    action: { kind: 'open-orders', label: 'Review' },
  }))
  const unknown = doubts.map(({ id }): Wanted => ({
    topic: `order-unknown:${id}`,
    kind: 'order',
    severity: 'danger',
    connectionId: null,
    code: 'order/unknown',
    title: 'What became of an order is not known',
    body: 'It went out, and no answer says whether it arrived. Keelson looks for it and never sends it again; look at the broker before you send another.',
    action: { kind: 'open-orders', label: 'Look at it' },
  }))
  return [...unknown, ...asked]
}

/** A program names itself: what could hide or turn text around is taken out. */
function plainName(from: string): string {
  return from.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
