import { AppError } from '../../../../../shared/contract/errors.ts'
import { ask } from './ask.ts'
import { isCanceled, isWarning, orderError } from './codes.ts'
import type { TwsMessage } from './messages.ts'
import type { ReadDeps } from './reads.ts'
import type { TwsLink } from './session.ts'

export interface Sending<T> {
  /** Throws when nothing was sent. */
  readonly send: () => void
  /** The outcome, once a message tells it. */
  readonly done: (message: TwsMessage) => T | undefined
  /** What the usual answer to a cancellation means here; a refusal where it is not given. */
  readonly canceled?: T
}

/**
 * What became of something sent once. Refusals are order errors with TWS's words; a line lost or an answer that does not come after
 * it was sent is order/unknown: it may well have arrived.
 */
export async function outcomeOf<T>(
  { clock }: ReadDeps,
  link: TwsLink,
  orderId: number,
  { signal }: { readonly signal: AbortSignal },
  { send, done, canceled }: Sending<T>,
): Promise<T> {
  let sent = false
  let refusal: AppError | undefined
  try {
    return await ask<T>({
      link,
      clock,
      signal,
      id: orderId,
      send: () => {
        send()
        sent = true
      },
      take(message) {
        if (message.kind === 'failure' && message.id === orderId && isWarning(message.code, message.text)) return undefined
        return done(message)
      },
      refused(code, text) {
        if (isCanceled(code) && canceled !== undefined) return canceled
        refusal = orderError(code, text)
        return undefined
      },
    })
  } catch (error) {
    if (refusal) throw refusal
    if (!sent) throw error
    throw new AppError('order/unknown', { details: { broker: 'Interactive Brokers' }, cause: error })
  }
}
