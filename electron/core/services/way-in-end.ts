import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { SignInReason } from '../../../shared/domain/connection.ts'

/** Why the user has to act, for a failure that means a way in is at its end; null for all others, however bad they look. */
export function endsWayIn(code: ErrorCode): SignInReason | null {
  if (code === 'auth/token-expired') return 'expired'
  return code === 'auth/sign-in-needed' || code === 'auth/bad-keys' ? 'revoked' : null
}
