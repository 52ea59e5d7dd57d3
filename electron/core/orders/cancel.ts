import { AppError } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { insertIntent, type Intent } from '../store/order-intents.ts'
import { type AppraiseDeps, routeFacts } from './appraise.ts'
import { hashOf } from './canonical.ts'
import { routeDoubt } from './environment-check.ts'
import { canceledAttempt, failedCancel } from './outcome.ts'
import { changed, recordFact } from './record.ts'
import { settle } from './submit.ts'
import type { OrderVenue, Venues } from './venues.ts'

export interface Cancel {
  /**
   * Takes an order back, under the kill switch and with trading switched off too: that only lowers what can be lost. Two calls for the same
   * order are one. Throws what keeps the sign-in itself from it, such as order/scope-missing.
   */
  (accountId: AccountId, externalId: string): Promise<Intent>
  /** Waits for the answers of what was sent. */
  close(): Promise<void>
}

/** The one and only caller of `cancelOrder`. */
export function createCancel(
  deps: AppraiseDeps,
  { venues, onOutcome }: { readonly venues: Venues; readonly onOutcome: (intent: Intent) => void },
): Cancel {
  const { core, switches } = deps
  const { db, clock, random, between } = core
  const underWay = new Map<string, Promise<Intent>>()
  const closing = new AbortController()

  async function go(accountId: AccountId, externalId: string): Promise<Intent> {
    const venue = await venues.forOrders(accountId)
    const obstacle = switches.obstacle(venue.connection)
    if (obstacle) throw obstacle
    const reason = routeDoubt(routeFacts(deps, venue, venue.connection.environment))
    if (reason !== null) throw new AppError('order/stopped-environment', { details: { environment: venue.connection.environment, reason } })
    const intent = await write(venue, externalId)
    const attempt = await venue.trading
      .cancelOrder(venue.account.brokerKey, externalId, { signal: closing.signal })
      .then(canceledAttempt, (error: unknown) => failedCancel(externalId, error))
    const settled = await settle(core, intent, attempt).catch((cause: unknown) => {
      core.log.error('orders.outcome-not-kept', { intentId: intent.id, outcome: attempt.outcome, cause })
      return { ...intent, outcome: 'unknown' as const }
    })
    onOutcome(settled)
    changed(core)
    return settled
  }

  function write({ account, connection }: OrderVenue, target: string): Promise<Intent> {
    const at = clock.now()
    const base = {
      id: `int_${random.uuid()}`,
      accountId: account.id,
      connectionId: connection.id,
      environment: connection.environment,
      kind: 'cancel' as const,
      clientOrderId: random.uuid(),
      draft: null,
      ticket: null,
      hash: hashOf({ account: account.id, cancel: target }),
      target,
      createdAt: at,
      sentAt: at,
    }
    return between(() =>
      db.writer.tx(w => {
        insertIntent(w, base)
        recordFact(core, w, {
          accountId: account.id,
          externalId: target,
          intentId: base.id,
          at,
          kind: 'intent',
          audited: 'order.cancel',
          sentence: 'Canceling it.',
          facts: { orderId: target },
        })
        return { ...base, outcome: 'sending', externalId: null, status: null, error: null, settledAt: null, looks: 0, nextLookAt: null }
      }),
    )
  }

  const cancel = (accountId: AccountId, externalId: string): Promise<Intent> => {
    const key = `${accountId} ${externalId}`
    const going = underWay.get(key) ?? go(accountId, externalId).finally(() => underWay.delete(key))
    underWay.set(key, going)
    return going
  }
  return Object.assign(cancel, {
    async close() {
      closing.abort(new AppError('app/canceled'))
      await Promise.allSettled(underWay.values())
    },
  })
}
