import { AppError } from '../../../../shared/contract/errors.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { policyFor, signInEnd } from '../../../../shared/domain/token-policy.ts'
import { refusalOf } from '../authorize-failure.ts'
import type { Flow } from '../flow.ts'
import type { OAuth1Profile } from '../profile.ts'
import type { OAuthHttp } from '../token-endpoint.ts'
import type { Way } from '../way.ts'
import type { Signing } from './endpoint.ts'
import { askRequestToken, tradeVerifier } from './handshake.ts'
import type { SignedToken } from './signature.ts'
import { signedCredentials } from './signed-credentials.ts'
import { readVerifier, verifierPage } from './verifier.ts'

export interface VerifierWayDeps {
  readonly http: OAuthHttp
  readonly signing: Signing
  /** How far this computer's clock is known to be ahead, in milliseconds. */
  readonly driftMs?: (() => number) | undefined
}

/** The OAuth 1.0a flow without a return address: the broker's page shows a code, the user copies it. */
export function createVerifierWay({ http, signing, driftMs = () => 0 }: VerifierWayDeps, flow: Flow, profile: OAuth1Profile): Way {
  const {
    broker: { name: broker, methods },
    client,
    signal,
  } = flow
  const endpoints = { http, profile, client, broker }
  let requestToken: SignedToken | null = null

  return {
    paste: 'code',
    get authorizeUrl() {
      return requestToken ? verifierPage(profile.authorizeUrl, client.id, requestToken.key) : ''
    },
    redirectUri: '',
    listening: false,
    certificatePem: null,
    async open() {
      requestToken = await askRequestToken(endpoints, signing, { signal })
      return { result: null }
    },
    read: text => ({ kind: 'code', code: readVerifier(text, broker) }),
    async trade(answer) {
      if (answer.kind === 'error') throw refusalOf(answer.error, broker)
      if (!requestToken) throw new AppError('auth/flow-over', { details: { broker } })
      const grant = await tradeVerifier(endpoints, signing, { requestToken, verifier: answer.code, signal })
      const { access: key, accessSecret: secret, receivedAt } = grant
      // The access ends with the sign-in: waking it up does not move the day's end.
      // Which day it is, the broker's clock says.
      const signInBy = signInEnd(policyFor(methods, 'oauth').signInAgain, Instant.plus(receivedAt, -driftMs()))
      const expiresInMs = signInBy && Instant.msBetween(receivedAt, signInBy)
      return { grant: { ...grant, expiresInMs }, candidate: signedCredentials(signing, client, { key, secret }, broker), signInBy }
    },
    close: () => Promise.resolve(),
  }
}
