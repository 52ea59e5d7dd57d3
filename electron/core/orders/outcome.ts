import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { OrderStatus, PlacedOrder } from '../../../shared/domain/order.ts'
import { isOpen } from '../brokers/order-status.ts'
import type { Outcome } from '../store/order-intents.ts'

/** What became of one attempt, before anybody looked for it. */
export interface Attempt {
  readonly outcome: Exclude<Outcome, 'sending'>
  readonly placed: PlacedOrder | null
  readonly error: AppError | null
}

/** Refusals that came back from the broker, or from the adapter before anything was sent. */
const NOT_SENT: readonly string[] = [
  'net/',
  'auth/',
  'vault/',
  'local/',
  'flex/',
  'sandbox/',
  'app/canceled',
  'app/locked',
  'order/invalid',
  'order/not-offered',
  'order/read-only',
  'order/stopped-',
  'order/too-late',
]
const REFUSED: readonly ErrorCode[] = [
  'order/rejected',
  'order/not-open',
  'order/not-found',
  'broker/rate-limited',
  'broker/scope-missing',
  'broker/account-gone',
  'broker/unavailable',
]

/** An answer is what it says. `rejected` in it is a refusal. */
export function answered(placed: PlacedOrder): Attempt {
  return { outcome: placed.status === 'rejected' ? 'rejected' : 'confirmed', placed, error: null }
}

const ENDED: Readonly<Partial<Record<OrderStatus, string>>> = {
  filled: 'it was filled before',
  expired: 'it ran out before',
  rejected: 'the broker had refused it before',
  replaced: 'another order had taken its place before',
}

/** What an order stands at once it was to be taken back: one that ended in another way than that was not canceled. */
export function canceledAttempt(placed: PlacedOrder): Attempt {
  const { status } = placed
  if (status === 'canceled' || isOpen(status)) return { outcome: 'confirmed', placed, error: null }
  return { outcome: 'rejected', placed, error: endedBefore(placed) }
}

/** A change that found an order at its end. The order it was for says so, under its old number. */
export function lateChange(target: Pick<PlacedOrder, 'status' | 'statusText'>): Attempt {
  return { outcome: 'rejected', placed: null, error: endedBefore(target) }
}

function endedBefore({ status, statusText }: Pick<PlacedOrder, 'status' | 'statusText'>): AppError {
  return new AppError('order/not-open', { details: { status: ENDED[status] ?? statusText }, brokerSays: statusText })
}

/** What is noted of a cancellation that found its order canceled. */
export const CANCELED_BEFORE = 'canceled before'

/** A failure to take an order back. That it was canceled before is what its user wanted. */
export function failedCancel(externalId: string, error: unknown): Attempt {
  const isDone = error instanceof AppError && error.code === 'order/not-open'
  if (!isDone || !/^(api)?cancell?ed$/i.test(String(error.details['status']))) return failed(error)
  return { outcome: 'confirmed', placed: { externalId, status: 'canceled', statusText: CANCELED_BEFORE }, error: null }
}

/**
 * A failure is a refusal, or something that never left, only where its code says so for certain. Everything else, errors of our own
 * included, leaves it open: the order may exist.
 */
export function failed(error: unknown): Attempt {
  if (error instanceof AppError) {
    if (REFUSED.includes(error.code)) return { outcome: error.code === 'order/rejected' ? 'rejected' : 'not-sent', placed: null, error }
    if (NOT_SENT.some(prefix => error.code.startsWith(prefix))) return { outcome: 'not-sent', placed: null, error }
    return {
      outcome: 'unknown',
      placed: null,
      error: error.code === 'order/unknown' ? error : new AppError('order/unknown', { cause: error }),
    }
  }
  return { outcome: 'unknown', placed: null, error: new AppError('order/unknown', { cause: error }) }
}
