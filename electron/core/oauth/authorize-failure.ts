import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'

// RFC 6749 section 4.1.2.1.
const MEANINGS: ReadonlyMap<string, ErrorCode> = new Map([
  ['access_denied', 'auth/denied'],
  ['temporarily_unavailable', 'broker/unavailable'],
  ['server_error', 'broker/unavailable'],
  ['invalid_request', 'auth/app-misconfigured'],
  ['unauthorized_client', 'auth/app-misconfigured'],
  ['unsupported_response_type', 'auth/app-misconfigured'],
  ['invalid_scope', 'auth/app-misconfigured'],
])

/** What an error word on the redirect means. Unknown words count as a refusal; the word itself goes nowhere. */
export function refusalOf(error: string, broker: string): AppError {
  return new AppError(MEANINGS.get(error) ?? 'broker/refused', { details: { broker } })
}
