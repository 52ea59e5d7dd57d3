import { X509Certificate } from 'node:crypto'
import type { Dispatcher } from 'undici'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { CONNECT_TIMEOUT_MS, createAgent } from './agent.ts'
import { readCertificate } from './peer-certificate.ts'

/** A program of the user's own that speaks https with a certificate nobody vouches for. */
export interface PinnedPoolOptions {
  /** `https://localhost:5000` */
  readonly origin: string
  /** Name for sentences, such as `Client Portal Gateway`. */
  readonly program: string
  /** The certificate seen first, as PEM; undefined or empty on the first use. */
  readonly certificate: string | undefined
  /** Called once with the PEM of a certificate that is trusted because it is the first. */
  readonly remember: (certificate: string) => void
}

// What verification says of a certificate it does not know, which here means: another one.
const UNKNOWN_CERTIFICATE = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
])
const WRONG_DAY = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])
const NOBODY_THERE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
])

/**
 * What opens a pool of connections that trust exactly one certificate, for createHttp's `openPool`. Without a known certificate the
 * one presented first is trusted and remembered; nothing is sent before that. Verification stays on: the pinned certificate is its
 * only root, and the one presented must equal it byte for byte. Connecting throws local/certificate-changed, local/certificate-expired,
 * local/not-running and local/not-accepted.
 */
export function pinnedPool({ origin, program, certificate, remember }: PinnedPoolOptions): () => Promise<Dispatcher> {
  let pinned = certificate
  const address = origin.replace(/^https:\/\//, '')
  const failure = (code: ErrorCode, cause: unknown): AppError => new AppError(code, { details: { program, address }, cause })

  async function pin(): Promise<string> {
    if (pinned !== undefined && pinned !== '') return pinned
    const { hostname, port } = new URL(origin)
    const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS)
    const seen = await readCertificate(hostname, Number(port || 443), { signal }).catch((error: unknown) => {
      throw failure(meaningOf(error) ?? 'local/not-accepted', error)
    })
    pinned = seen.pem
    remember(seen.pem)
    return seen.pem
  }

  return async () => {
    const pem = await pin()
    const { buildConnector } = await import('undici')
    const { fingerprint256 } = new X509Certificate(pem)
    const connect = buildConnector({
      ca: [pem],
      allowPartialTrustChain: true,
      // A resumed session would skip the comparison.
      maxCachedSessions: 0,
      timeout: CONNECT_TIMEOUT_MS,
      checkServerIdentity: (_, presented) =>
        presented.fingerprint256 === fingerprint256 ? undefined : failure('local/certificate-changed', 'another certificate'),
    })
    return createAgent((options, done) =>
      connect(options, (...[error, socket]) => {
        if (socket) return done(null, socket)
        const code = meaningOf(error)
        done(code === undefined || error instanceof AppError ? error : failure(code, error), null)
      }),
    )
  }
}

function meaningOf(error: unknown): ErrorCode | undefined {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (UNKNOWN_CERTIFICATE.has(code)) return 'local/certificate-changed'
  if (WRONG_DAY.has(code)) return 'local/certificate-expired'
  return NOBODY_THERE.has(code) ? 'local/not-running' : undefined
}
