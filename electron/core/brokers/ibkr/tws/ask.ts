import { AppError } from '../../../../../shared/contract/errors.ts'
import { abortError } from '../../../net/wait.ts'
import type { Clock } from '../../../ports.ts'
import { isWarning, requestError } from './codes.ts'
import type { TwsMessage } from './messages.ts'
import type { TwsLink } from './session.ts'

export interface Question<T> {
  readonly link: TwsLink
  readonly clock: Pick<Clock, 'after'>
  readonly signal: AbortSignal
  /** Sends the request under a new id. */
  readonly send: (id: number) => void
  /** Takes a message in; the answer once it is whole, undefined until then. What it throws ends the question. */
  readonly take: (message: TwsMessage, id: number) => T | undefined
  /** What to send when it is over, such as the end of a subscription. */
  readonly finish?: (id: number) => void
  /** Refusals it goes on from; the default is none. */
  readonly refused?: (code: number, text: string) => T | undefined
  readonly ms?: number
  /** Messages about it that do not end it; warnings where it is not given. */
  readonly goesOn?: (code: number, text: string) => boolean
  /** It may end well although a message was lost, as one about an order may: the next one tells. */
  readonly losses?: boolean
  /** The id to use, where it is an order's. */
  readonly id?: number
}

const PATIENCE_MS = 15_000

/**
 * Sends one request and gathers its answer. Rejects with TWS's refusal, net/timeout when the answer does not come, and the
 * session's own reason when the line is lost meanwhile.
 */
export function ask<T>({
  link,
  clock,
  signal,
  send,
  take,
  finish,
  refused,
  goesOn = isWarning,
  losses = false,
  ms = PATIENCE_MS,
  id = link.nextRequestId(),
}: Question<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const stop = new AbortController()
  const fail = (error: unknown): void => {
    stop.abort()
    reject(error instanceof AppError ? error : new AppError('broker/unreadable', { details: { broker: 'TWS' }, cause: error }))
  }
  const done = (answer: T | undefined): void => {
    if (answer === undefined) return
    stop.abort()
    resolve(answer)
  }
  const stopListening = link.listen(message => {
    try {
      if (message.kind === 'failure' && message.id === id && !goesOn(message.code, message.text)) {
        const answer = refused?.(message.code, message.text)
        if (answer === undefined) fail(requestError(message.code, message.text))
        else done(answer)
      } else if (!losses && isLoss(message)) fail(new AppError('broker/unreadable', { details: { broker: 'TWS' }, cause: message.text }))
      else done(take(message, id))
    } catch (error) {
      fail(error)
    }
  })
  const stopTimer = clock.after(ms, () => fail(new AppError('net/timeout', { details: { host: 'TWS' } })))
  stop.signal.addEventListener('abort', () => {
    stopTimer()
    stopListening()
    if (!link.gone.aborted) finish?.(id)
  })
  const whenGone = (): void => fail(link.gone.reason)
  const whenAborted = (): void => fail(abortError(signal, 'TWS'))
  link.gone.addEventListener('abort', whenGone, { signal: stop.signal, once: true })
  signal.addEventListener('abort', whenAborted, { signal: stop.signal, once: true })
  if (link.gone.aborted) whenGone()
  else if (signal.aborted) whenAborted()
  else {
    try {
      send(id)
    } catch (error) {
      fail(error)
    }
  }
  return promise
}

/** A message that was shorter than it should be is not passed on: an answer without it would not be whole. */
function isLoss(message: TwsMessage): message is Extract<TwsMessage, { kind: 'failure' }> {
  return message.kind === 'failure' && message.id === -1 && message.text.startsWith('Underrun error')
}
