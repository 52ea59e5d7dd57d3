import { AppError } from '../../../shared/contract/errors.ts'
import { policyFor, signInEnd } from '../../../shared/domain/token-policy.ts'
import type { Log } from '../log/log.ts'
import type { Credentials } from '../net/credentials.ts'
import type { Clock, Random } from '../ports.ts'
import type { Secret } from '../vault/secret.ts'
import { authorizeAddress } from './authorize.ts'
import { refusalOf } from './authorize-failure.ts'
import type { createCertificates } from './certificate.ts'
import type { Discovery } from './discovery.ts'
import { exchangeCode } from './exchange.ts'
import type { Flow } from './flow.ts'
import { type Loopback, openLoopback } from './loopback.ts'
import { readPaste } from './paste.ts'
import type { OAuthProfile } from './profile.ts'
import { LOOPBACK_HOST } from './sockets.ts'
import type { OAuthHttp } from './token-endpoint.ts'
import type { Way } from './way.ts'

export interface RedirectWayDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly http: OAuthHttp
  readonly certificates: ReturnType<typeof createCertificates>
  readonly discovery: Discovery
}

/** The OAuth 2.0 code flow: the browser returns to a listener on the loopback, or the user pastes where it went. */
export function createRedirectWay(
  { clock, random, log, http, certificates, discovery }: RedirectWayDeps,
  flow: Flow,
  stated: OAuthProfile,
): Way {
  const { broker, client, attempt, signal } = flow
  let profile = stated
  let loopback: Loopback | null = null
  let [redirectUri, authorizeUrl] = ['', '']
  let opening: Promise<void> = Promise.resolve()

  async function listen(): Promise<void> {
    const { scheme, port, path } = profile.redirect
    try {
      const certificate = scheme === 'https' ? await certificates.current(clock.now()) : undefined
      const { redirect } = profile
      loopback = await openLoopback({ redirect, state: attempt.state, clock, random, signal, ...(certificate ? { certificate } : {}) })
      redirectUri = loopback.redirectUri
    } catch (error) {
      // Only a fixed port leaves an address the broker knows, so that pasting can finish.
      if (!(error instanceof AppError) || error.code !== 'auth/port-taken' || port === null) throw error
      log.warn('sign-in.port-taken', { broker: broker.id, port })
      redirectUri = `${scheme}://${LOOPBACK_HOST}:${port}${path}`
    }
  }

  return {
    paste: 'address',
    get authorizeUrl() {
      return authorizeUrl
    },
    get redirectUri() {
      return redirectUri
    },
    get listening() {
      return loopback !== null
    },
    get certificatePem() {
      return loopback?.certificatePem ?? null
    },
    async open() {
      opening = discovery.resolve({ http, profile: stated, broker: broker.name }, { signal }).then(found => {
        profile = found
        return listen()
      })
      await opening
      authorizeUrl = authorizeAddress({ profile, clientId: client.id, redirectUri, scopes: flow.scopes, attempt })
      return { result: loopback?.result ?? null }
    },
    read: text => readPaste(text, { redirectUri, state: attempt.state, broker: broker.name }),
    async trade(answer) {
      if (answer.kind === 'error') throw refusalOf(answer.error, broker.name)
      const endpoints = { http, profile, client, broker: broker.name }
      const grant = await exchangeCode(endpoints, { code: answer.code, attempt, redirectUri, now: () => clock.now(), signal })
      const { signInAgain } = policyFor(broker.methods, 'oauth')
      return { grant, candidate: bearer(grant.access), signInBy: signInEnd(signInAgain, grant.receivedAt) }
    },
    async close() {
      await opening.catch(() => undefined)
      await loopback?.close()
    },
  }
}

/** Credentials for trying a fresh sign-in before it is saved. */
function bearer(access: Secret): Credentials {
  const authorization = { headers: { authorization: `Bearer ${access.reveal()}` }, generation: 0 }
  return { authorize: () => Promise.resolve(authorization), renew: () => Promise.resolve(null) }
}
