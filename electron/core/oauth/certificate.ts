import { Instant } from '../../../shared/domain/time.ts'

/** A key pair for the HTTPS loopback. The key lives in memory only; the certificate is public and installed nowhere. */
export interface LoopbackCertificate {
  readonly certificatePem: string
  readonly keyPem: string
}

const HOUR_MS = 3_600_000
const VALID_MS = 6 * 24 * HOUR_MS

/**
 * A fresh P-256 certificate for 127.0.0.1, valid from an hour before `now` for `validMs`: six days without it. Its library is large and
 * loaded on first use.
 */
export async function createCertificate(now: Instant, validMs = VALID_MS): Promise<LoopbackCertificate> {
  const { generate } = await import('selfsigned')
  const from = Instant.plus(now, -HOUR_MS)
  const made = await generate([{ name: 'commonName', value: 'Keelson sign-in' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(from),
    notAfterDate: new Date(Instant.plus(from, validMs)),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  return { certificatePem: made.cert, keyPem: made.private }
}

/** One certificate for all sign-ins of a run, so that a browser asks about it once; replaced before its last day. */
export function createCertificates(): { current(now: Instant): Promise<LoopbackCertificate> } {
  let made: { readonly until: Instant; readonly certificate: Promise<LoopbackCertificate> } | null = null
  return {
    current(now) {
      if (made === null || Instant.isBefore(made.until, now)) {
        const next = { until: Instant.plus(now, VALID_MS - 25 * HOUR_MS), certificate: createCertificate(now) }
        made = next
        next.certificate.catch(() => {
          if (made === next) made = null
        })
      }
      return made.certificate
    },
  }
}
