import { AppError, toErrorView } from '../../shared/contract/errors.ts'

/** What a command says about a failure. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly action: string
}

/** A failure the core answered with, as it crossed the contract. */
export class RequestFailed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.name = 'RequestFailed'
    this.failure = failure
  }
}

/** The code, sentence and way out of anything that was thrown. */
export function describeFailure(cause: unknown): Failure {
  if (cause instanceof RequestFailed) return cause.failure
  return toErrorView(cause instanceof AppError ? cause : new AppError('app/internal', { cause }))
}
