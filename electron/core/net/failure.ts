import { AppError } from '../../../shared/contract/errors.ts'
import { abortError } from './wait.ts'

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])
const OUR_FAULT = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_CHAR', 'ERR_INVALID_ARG_TYPE'])

const neverDeparted = new WeakSet<Error>()

/** Marks a failure of a call of which not a byte left: no way to the host, or nobody trusted there. */
export function markNeverLeft<E extends Error>(failure: E): E {
  neverDeparted.add(failure)
  return failure
}

/** True when the call cannot have arrived anywhere, so that trying it again cannot do anything twice. */
export function neverLeft(failure: unknown): boolean {
  return failure instanceof Error && neverDeparted.has(failure)
}

/** What a failed exchange means: the signal that stopped it, a time-out, or no way to (or back from) the host. */
export function networkError(error: unknown, signal: AbortSignal, host: string): AppError {
  if (signal.aborted) return abortError(signal, host)
  if (error instanceof AppError) return error
  const code = errorCode(error)
  if (OUR_FAULT.has(code)) return new AppError('app/internal', { cause: error })
  return new AppError(TIMEOUTS.has(code) ? 'net/timeout' : 'net/offline', { details: { host }, cause: error })
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
