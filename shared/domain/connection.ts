import type { BrokerId, Environment, Method } from './broker.ts'
import type { ConnectionId } from './ids.ts'
import { Instant } from './time.ts'

/** Why a sign-in is needed. */
export type SignInReason = 'expired' | 'revoked' | 'lost' | 'vault-locked' | 'memory-only'

/** Where a connection stands; nonsense cannot be built. */
export type ConnectionState =
  | { readonly kind: 'connected' }
  | { readonly kind: 'needs-sign-in'; readonly because: SignInReason; readonly since: Instant }

export interface Connection {
  readonly id: ConnectionId
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly state: ConnectionState
  readonly createdAt: Instant
  readonly consentedAt: Instant | null
  readonly scopes: readonly string[]
}

/** The life of a sign-in. `expiresAt` is the access token's end; `signInBy` is when the user must sign in again. */
export interface TokenLife {
  readonly obtainedAt: Instant
  readonly expiresAt: Instant | null
  readonly signInBy: Instant | null
  readonly refreshable: boolean
}

export const TOKEN_BADGES = ['expired', 'under-1h', 'under-24h', 'over-24h', 'no-expiry'] as const
export type TokenBadge = (typeof TOKEN_BADGES)[number]

/** The moment the user has to act: the sign-in deadline, or the access token's end when nothing can renew it. */
export function tokenDeadline(token: TokenLife): Instant | null {
  return token.signInBy ?? (token.refreshable ? null : token.expiresAt)
}

/** The badge of a sign-in at a moment. A token Keelson renews by itself does not count down; one behind a locked vault has not ended. */
export function tokenBadge(token: TokenLife, state: ConnectionState, now: Instant): TokenBadge {
  if (state.kind === 'needs-sign-in' && state.because !== 'vault-locked') return 'expired'
  const deadline = tokenDeadline(token)
  if (deadline === null) return 'no-expiry'
  const left = Instant.msBetween(now, deadline)
  if (left <= 0) return 'expired'
  if (left < 3_600_000) return 'under-1h'
  return left < 86_400_000 ? 'under-24h' : 'over-24h'
}
