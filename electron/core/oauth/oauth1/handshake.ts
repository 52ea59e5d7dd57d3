import { AppError } from '../../../../shared/contract/errors.ts'
import { abortError } from '../../net/wait.ts'
import { Secret } from '../../vault/secret.ts'
import type { Revoked } from '../revoke.ts'
import type { EndpointAnswer } from '../token-endpoint.ts'
import type { TokenGrant } from '../wire.ts'
import { callSigned, type OAuth1Endpoints, signedFailure, type Signing } from './endpoint.ts'
import type { SignedToken } from './signature.ts'

interface Stop {
  readonly signal: AbortSignal
}

const MAX_TOKEN = 1024

/** The first step: a token for the user to agree to, good for five minutes. Throws auth/app-misconfigured, auth/clock-off, broker/..., net/... . */
export async function askRequestToken(endpoints: OAuth1Endpoints, signing: Signing, { signal }: Stop): Promise<SignedToken> {
  const call = { url: endpoints.profile.requestTokenUrl, extra: { oauth_callback: 'oob' }, signal }
  return readToken(endpoints, signing, await callSigned(endpoints, signing, call))
}

/** A grant that signs. */
export interface SignedGrant extends TokenGrant {
  readonly accessSecret: Secret
}

export interface VerifierOptions extends Stop {
  readonly requestToken: SignedToken
  /** The code the user copied. */
  readonly verifier: Secret
}

/** Trades the code a user copied for tokens, which name no end. The code is sent once. Throws auth/bad-code and as above. */
export async function tradeVerifier(
  endpoints: OAuth1Endpoints,
  signing: Signing,
  { requestToken, verifier, signal }: VerifierOptions,
): Promise<SignedGrant> {
  const { accessTokenUrl: url } = endpoints.profile
  const answer = await callSigned(endpoints, signing, { url, token: requestToken, extra: { oauth_verifier: verifier.reveal() }, signal })
  const { key, secret } = asBadCode(() => readToken(endpoints, signing, answer))
  return { access: key, accessSecret: secret, refresh: null, expiresInMs: null, scopes: [], receivedAt: signing.clock.now() }
}

/** Wakes an idle token up. Throws auth/sign-in-needed only when the broker says that it is over. */
export async function renewToken(endpoints: OAuth1Endpoints, signing: Signing, token: SignedToken, { signal }: Stop): Promise<void> {
  const answer = await callSigned(endpoints, signing, { url: endpoints.profile.renewUrl, token, signal })
  if (answer.status !== 200 || isPage(answer.body)) throw signedFailure(endpoints, answer, signing.clock.now())
}

/** Ends the access at the broker; a token the broker says is over has ended. `no` when it could not be asked or did not confirm. Rejects with app/canceled when stopped. */
export async function revokeSigned(endpoints: OAuth1Endpoints, signing: Signing, token: SignedToken, { signal }: Stop): Promise<Revoked> {
  const url = endpoints.profile.revokeUrl
  if (url === null) return 'not-offered'
  try {
    const answer = await callSigned(endpoints, signing, { url, token, signal })
    if (answer.status === 200 && !isPage(answer.body)) return 'yes'
    return signedFailure(endpoints, answer, signing.clock.now()).code === 'auth/sign-in-needed' ? 'yes' : 'no'
  } catch {
    const stopped = signal.aborted ? abortError(signal, endpoints.broker) : null
    if (stopped?.code === 'app/canceled') throw stopped
    return 'no'
  }
}

/** The two halves of a token in a form answer. Some servers leave the plus signs of base64 as they are, which a form reads as blanks. */
function readToken(endpoints: OAuth1Endpoints, { clock }: Signing, answer: EndpointAnswer): SignedToken {
  const form = new URLSearchParams(answer.status === 200 && !isPage(answer.body) ? answer.body.trim() : '')
  const [key, secret] = ['oauth_token', 'oauth_token_secret'].map(name => (form.get(name) ?? '').replaceAll(' ', '+'))
  if (!key || !secret || key.length > MAX_TOKEN || secret.length > MAX_TOKEN) throw signedFailure(endpoints, answer, clock.now())
  return { key: Secret.of(key), secret: Secret.of(secret) }
}

/** Here a refused token is a refused code: it was typed wrongly, used before or came too late. */
function asBadCode<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError && error.code === 'auth/sign-in-needed') {
      throw new AppError('auth/bad-code', { details: error.details, cause: error, brokerSays: error.brokerSays })
    }
    throw error
  }
}

function isPage(body: string): boolean {
  return /^\s*</.test(body)
}
