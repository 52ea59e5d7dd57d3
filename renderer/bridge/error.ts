import { AppError, type ErrorCode, type ErrorView, toErrorView } from '../../shared/contract/errors.ts'

/** A failed request, carrying the view the user reads. */
export class BridgeError extends Error {
  readonly view: ErrorView

  constructor(view: ErrorView) {
    super(view.message)
    this.name = 'BridgeError'
    this.view = view
  }
}

/** A failure that began on this side of the bridge. */
export function bridgeFailure(code: ErrorCode): BridgeError {
  return new BridgeError(toErrorView(new AppError(code)))
}

/** The view of anything thrown; what is not ours reads as an internal error. */
export function errorViewOf(error: unknown): ErrorView {
  if (error instanceof BridgeError) return error.view
  return bridgeFailure('app/internal').view
}

/** True when the caller itself gave up, which is no failure to show. */
export function isCanceled(error: unknown): boolean {
  return error instanceof BridgeError && error.view.code === 'app/canceled'
}
