import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'

/** Any failure of a run as one with a code. A stopped run is canceled, whatever the stop broke first. */
export function asFailure(error: unknown, signal: AbortSignal): AppError {
  if (signal.aborted) return new AppError('app/canceled', { cause: signal.reason })
  return error instanceof AppError ? error : new AppError('app/internal', { cause: error })
}

/** True when the failure is the connection's or the machine's, so that asking for the next account would only fail again. */
export function stopsConnection(code: ErrorCode): boolean {
  return /^(?:auth|vault|app|sandbox)\/|^net\/(?:offline|blocked)$/.test(code)
}

/** True when the same sync may work later, with what is at hand: nobody has to sign in again. */
export function passesByItself(code: ErrorCode): boolean {
  return /^net\/(?:offline|cut-off|timeout|asleep)$|^broker\/(?:unavailable|page|rate-limited|unreadable)$|^local\/(?!certificate)|^flex\/not-ready$/.test(
    code,
  )
}
