import { AppError } from '../../../../../shared/contract/errors.ts'
import { lastLook } from '../../../net/last-look.ts'
import { ask } from './ask.ts'
import { isCanceled, isRefusal, isWarning, orderError } from './codes.ts'
import type { TwsMessage } from './messages.ts'
import type { ReadDeps } from './reads.ts'
import type { TwsLink } from './session.ts'

export interface Sending<T> {
  /** Throws when nothing was sent. */
  readonly send: () => void
  /** The outcome, once a message tells it. */
  readonly done: (message: TwsMessage) => T | undefined
  /** Whether a message says that it goes no further; after words that say nothing certain it may be refused or only held. */
  readonly stalled?: (message: TwsMessage) => boolean
  /** What a message refuses, where one does. */
  readonly over?: (message: TwsMessage) => AppError | undefined
  /** What the usual answer to a cancellation means here; a refusal where it is not given. */
  readonly canceled?: T
}

/**
 * What became of something sent once. Refusals are order errors with TWS's words. Words that say nothing certain are kept until the
 * order's own status tells. A line lost or an answer that does not come after it was sent is order/unknown: it may well have arrived.
 */
export async function outcomeOf<T>(
  { clock }: ReadDeps,
  link: TwsLink,
  orderId: number,
  { signal }: { readonly signal: AbortSignal },
  { send, done, stalled, over, canceled }: Sending<T>,
): Promise<T> {
  let sent = false
  let refusal: AppError | undefined
  let doubt: AppError | undefined
  try {
    return await ask<T>({
      link,
      clock,
      signal,
      id: orderId,
      send: () => {
        lastLook(signal)
        signal.throwIfAborted()
        send()
        sent = true
      },
      take(message) {
        if (message.kind === 'failure' && message.id === orderId) {
          if (!isWarning(message.code, message.text)) doubt = orderError(message.code, message.text)
          return undefined
        }
        if (doubt && stalled?.(message)) throw doubt
        const outcome = done(message)
        if (outcome === undefined) refusal = over?.(message)
        if (refusal) throw refusal
        return outcome
      },
      losses: true,
      goesOn: (code, text) => isWarning(code, text) || !(isRefusal(code) || (isCanceled(code) && canceled !== undefined)),
      refused(code, text) {
        if (isCanceled(code) && canceled !== undefined) return canceled
        refusal = orderError(code, text)
        return undefined
      },
    })
  } catch (error) {
    if (refusal) throw refusal
    if (!sent) throw error
    const said = doubt?.brokerSays
    const says = said === undefined ? {} : { brokerSays: said }
    throw new AppError('order/unknown', { details: { broker: 'Interactive Brokers' }, cause: error, ...says })
  }
}
