import { AppError, toErrorView } from '../../shared/contract/errors.ts'

/** What a command says about a failure. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly action: string
  /** What the broker itself said. */
  readonly brokerSays?: string | undefined
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

/** A failure as a person reads it: the sentence, the way out, and the broker's own words as a quotation. */
export function sentenceOf({ message, action, brokerSays }: Failure): string {
  return brokerSays === undefined ? `${message} ${action}` : `${message} ${action} The broker says: "${brokerSays}"`
}

/** A failure as a document: nothing of it is left out that a person reads. */
export function documentOf({ code, message, action, brokerSays }: Failure): Failure {
  return { code, message, action, ...(brokerSays === undefined ? {} : { brokerSays }) }
}
