import type { TokenLife } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { TokenGrant } from '../oauth/wire.ts'

/** The life a grant gives. The sign-in deadline is not the grant's to move: it belongs to the sign-in. */
export function grantLife(grant: TokenGrant, { signInBy, refreshable }: Pick<TokenLife, 'signInBy' | 'refreshable'>): TokenLife {
  const { receivedAt: obtainedAt, expiresInMs } = grant
  return { obtainedAt, expiresAt: expiresInMs === null ? null : Instant.plus(obtainedAt, expiresInMs), signInBy, refreshable }
}
