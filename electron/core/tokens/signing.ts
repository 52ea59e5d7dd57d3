import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Authorization, RefusedAnswer } from '../net/credentials.ts'
import type { OAuth1Endpoints } from '../oauth/oauth1/endpoint.ts'
import { renewToken, revokeSigned } from '../oauth/oauth1/handshake.ts'
import { type Remedy, remedyFor, signedAuthorization } from '../oauth/oauth1/signed-credentials.ts'
import type { SignedToken } from '../oauth/oauth1/signature.ts'
import { createTimestamps } from '../oauth/oauth1/timestamps.ts'
import type { Revoked } from '../oauth/revoke.ts'
import type { Clock, Random } from '../ports.ts'

export interface TokenSigningDeps {
  readonly clock: Clock
  /** How far this computer's clock is known to be ahead, in milliseconds. */
  readonly driftMs?: (() => number) | undefined
  readonly random: Random
  readonly oauth1?: ((connection: Place) => OAuth1Endpoints | null) | undefined
}

/** Where a sign-in belongs. */
type Place = Pick<Connection, 'broker' | 'environment'>

interface Stop {
  readonly signal: AbortSignal
}

/** What saved tokens that sign need of their broker. Throws auth/method-unavailable where the broker does not sign. */
export interface TokenSigning {
  authorization(connection: Connection, token: SignedToken, generation: number): Authorization
  /** What to do about a refused call. Throws auth/clock-off and auth/app-misconfigured. */
  remedy(connection: Connection, answer: RefusedAnswer | undefined): Remedy
  renew(connection: Connection, token: SignedToken, options: Stop): Promise<void>
  revoke(connection: Place, token: SignedToken, options: Stop): Promise<Revoked>
}

export function createTokenSigning({ clock, driftMs, random, oauth1 }: TokenSigningDeps): TokenSigning {
  const signing = { clock, random, timestamps: createTimestamps(clock, driftMs) }

  function endpoints(connection: Place): OAuth1Endpoints {
    const found = oauth1?.(connection)
    if (!found) throw new AppError('auth/method-unavailable')
    return found
  }

  return {
    authorization: (connection, token, generation) => signedAuthorization(signing, endpoints(connection).client, token, generation),
    remedy: (connection, answer) => remedyFor(answer, signing, endpoints(connection).broker),
    renew: (connection, token, options) => renewToken(endpoints(connection), signing, token, options),
    revoke: (connection, token, options) => revokeSigned(endpoints(connection), signing, token, options),
  }
}
