import { AppError } from '../../../../shared/contract/errors.ts'

/**
 * Text that may be sent to TWS, whose fields end with a NUL: one inside a value would shift all fields behind it. Throws
 * order/invalid for control characters.
 */
export function plain(text: string, what: string): string {
  if (/\p{Cc}/u.test(text)) throw new AppError('order/invalid', { details: { reason: `${what} has control characters` } })
  return text
}
