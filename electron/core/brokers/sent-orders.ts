import { AppError } from '../../../shared/contract/errors.ts'
import type { OrderDraft, PlacedOrder } from '../../../shared/domain/order.ts'
import type { BrokerSession } from './adapter.ts'
import { invalidOrder } from './order-draft.ts'

export interface SentOrders {
  /**
   * Sends a draft once. The same draft again is only looked for: what `find` finds is the answer, nothing found is order/unknown.
   * An attempt that took nothing (any error but order/unknown) leaves the draft free to be sent. Throws order/invalid for another
   * draft with an id used before.
   */
  once(account: string, draft: OrderDraft, steps: Steps): Promise<PlacedOrder>
}

interface Steps {
  send(): Promise<PlacedOrder>
  /** `known` is the broker's id where it answered one. */
  find(known: string | null): Promise<PlacedOrder | undefined>
}

interface Attempt {
  readonly terms: string
  known: string | null
}

/** The drafts that were sent through a connection, for brokers that would take the same one twice. Forgotten when the app ends. */
export function createSentOrders({ keep }: Pick<BrokerSession, 'keep'>, broker: string): SentOrders {
  const { attempts } = keep('sent orders', () => ({ attempts: new Map<string, Attempt>(), close: () => Promise.resolve() }))
  const unknown = (cause: unknown) => new AppError('order/unknown', { details: { broker }, cause })

  async function lookAgain({ known }: Attempt, { find }: Steps): Promise<PlacedOrder> {
    const order = await find(known).catch((cause: unknown) => {
      throw unknown(cause)
    })
    if (order === undefined) throw unknown('sent before, and not found')
    if (order.status === 'rejected') throw new AppError('order/rejected', { details: { broker } })
    return order
  }

  return {
    async once(account, draft, steps) {
      const key = `${account} ${draft.clientOrderId}`
      const terms = JSON.stringify(Object.entries(draft).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      const before = attempts.get(key)
      if (before && before.terms !== terms) throw invalidOrder('its own id was used for another order')
      if (before) return lookAgain(before, steps)
      const attempt: Attempt = { terms, known: null }
      attempts.set(key, attempt)
      try {
        const placed = await steps.send()
        attempt.known = placed.externalId
        return placed
      } catch (error) {
        if (error instanceof AppError && error.code !== 'order/unknown') attempts.delete(key)
        throw error
      }
    },
  }
}
