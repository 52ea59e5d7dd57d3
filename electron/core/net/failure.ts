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

const answering = new WeakSet<Error>()

/** Marks a failure that came in the middle of an answer: the host was reached and began to tell. */
export function markCutOff(failure: unknown): unknown {
  if (failure instanceof Error) answering.add(failure)
  return failure
}

/** What a failed exchange means: the signal that stopped it, a time-out, an answer that broke off, or no way to the host. */
export function networkError(error: unknown, signal: AbortSignal, host: string): AppError {
  if (signal.aborted) return abortError(signal, host)
  if (error instanceof AppError) return error
  const code = errorCode(error)
  if (OUR_FAULT.has(code)) return new AppError('app/internal', { cause: error })
  const broken = error instanceof Error && answering.has(error) ? 'net/cut-off' : 'net/offline'
  return new AppError(TIMEOUTS.has(code) ? 'net/timeout' : broken, { details: { host }, cause: error })
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
