import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createCertificate, createCertificates } from '../../../electron/core/oauth/certificate.ts'
import { Instant } from '../../../shared/domain/time.ts'

const now = Instant.parse('2026-11-20T12:00:00Z')
const DAY_MS = 86_400_000

describe('the loopback certificate', () => {
  test('is P-256, for 127.0.0.1 only, no authority, and lasts less than a week', async () => {
    const { certificatePem } = await createCertificate(now)
    const certificate = new X509Certificate(certificatePem)
    expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
    expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1')
    expect(certificate.ca).toBe(false)
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThanOrEqual(7 * DAY_MS)
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Instant.toEpochMs(now))
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Instant.toEpochMs(now) + DAY_MS)
  })

  test('has a key that belongs to it and is new each time', async () => {
    const [a, b] = await Promise.all([createCertificate(now), createCertificate(now)])
    expect(new X509Certificate(a.certificatePem).fingerprint256).not.toBe(new X509Certificate(b.certificatePem).fingerprint256)
    expect(a.keyPem).not.toBe(b.keyPem)
    expect(new X509Certificate(a.certificatePem).checkPrivateKey((await import('node:crypto')).createPrivateKey(a.keyPem))).toBe(true)
  })

  test('stays the same through a run, until a day is left', async () => {
    const certificates = createCertificates()
    const first = await certificates.current(now)
    expect(await certificates.current(Instant.plus(now, 4 * DAY_MS))).toBe(first)
    expect(await certificates.current(Instant.plus(now, 5 * DAY_MS))).not.toBe(first)
  })
})
