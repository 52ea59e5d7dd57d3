import { AppError } from '../../../../shared/contract/errors.ts'
import type { Authorization, Credentials, RefusedAnswer } from '../../net/credentials.ts'
import { meaningOf, readOAuthProblem } from '../../net/oauth-problem.ts'
import type { OAuthClient } from '../token-endpoint.ts'
import { mayRepeat, signedHeaders, type Signing } from './endpoint.ts'
import type { SignedToken } from './signature.ts'

/** An authorization that signs each try by itself. */
export function signedAuthorization(signing: Signing, client: OAuthClient, token: SignedToken, generation: number): Authorization {
  return { headers: {}, sign: request => signedHeaders(signing, client, request, { token }), generation, renewable: true }
}

/** What to do about a refused signature. */
export type Remedy = 'repeat' | 'renew' | 'sign-in'

/**
 * Reads a refusal of a signed call: `repeat` it signed anew, `renew` an idle token, or `sign-in` when the token is over. Throws
 * auth/clock-off and auth/app-misconfigured, which no token mends.
 */
export function remedyFor(refused: RefusedAnswer | undefined, { timestamps }: Signing, broker: string): Remedy {
  const problem = refused ? readOAuthProblem(refused) : null
  if (!problem) return 'renew'
  if (mayRepeat(problem, timestamps)) return 'repeat'
  const code = meaningOf(problem)
  if (code === 'auth/clock-off' || code === 'auth/app-misconfigured') throw new AppError(code, { details: { broker } })
  return problem.word === 'token_rejected' || problem.word === 'token_revoked' ? 'sign-in' : 'renew'
}

/** The credentials of a sign-in that is tried before it is saved. */
export function signedCredentials(signing: Signing, client: OAuthClient, token: SignedToken, broker: string): Credentials {
  const authorization = signedAuthorization(signing, client, token, 0)
  return {
    authorize: () => Promise.resolve(authorization),
    async renew({ answer }) {
      return remedyFor(answer, signing, broker) === 'repeat' ? authorization : null
    },
  }
}
