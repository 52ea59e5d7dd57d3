import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock } from '../ports.ts'

/** The error of a call whose signal fired: a time-out when that was the reason, else app/canceled. */
export function abortError(signal: AbortSignal, host: string): AppError {
  const reason: unknown = signal.reason
  if (reason instanceof AppError) return reason
  if (reason instanceof DOMException && reason.name === 'TimeoutError')
    return new AppError('net/timeout', { details: { host }, cause: reason })
  return new AppError('app/canceled', { cause: reason })
}

/** Waits `ms` on the clock; rejects at once when the signal fires. */
export function pause(clock: Pick<Clock, 'after'>, ms: number, signal: AbortSignal, host: string): Promise<void> {
  if (signal.aborted) return Promise.reject(abortError(signal, host))
  if (ms <= 0) return Promise.resolve()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = clock.after(ms, () => {
    signal.removeEventListener('abort', onAbort)
    resolve()
  })
  function onAbort(): void {
    stop()
    reject(abortError(signal, host))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return promise
}
