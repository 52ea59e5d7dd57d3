import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { licensedEntitlements, signLicence } from '../../../electron/core/entitlements/licence.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'

const keys = generateKeyPairSync('ed25519')
const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const file = '/opt/keelson/resources/entitlements.json'
const policy = JSON.stringify({ publicKey: pem, gated: ['ibkr', 'schwab'] })
const granted = { holder: 'Example Trading', brokers: ['ibkr'], until: LocalDate.of('2026-12-31') } as const
const at = (text: string) => () => Instant.parse(text)
const today = at('2026-11-21T12:00:00Z')
const entitled = (licence: string | null, now = today) => licensedEntitlements({ policy, file, licence, now })

describe('an edition that gates brokers', () => {
  test('leaves the others alone, with and without a licence', () => {
    expect(entitled(null).missing('alpaca')).toBe('')
    expect(entitled('garbage').missing('tastytrade')).toBe('')
  })

  test('includes what its licence grants, through its last day and not after', () => {
    const licence = signLicence(granted, keys)
    expect(entitled(licence).missing('ibkr')).toBe('')
    expect(entitled(licence, at('2026-12-31T23:59:59Z')).missing('ibkr')).toBe('')
    expect(entitled(licence, at('2027-01-01T00:00:00Z')).missing('ibkr')).toBe('The licence ended on 2026-12-31.')
    expect(entitled(signLicence({ ...granted, until: null }, keys), at('2099-01-01T00:00:00Z')).missing('ibkr')).toBe('')
    expect(entitled(licence).missing('schwab')).toBe('The licence covers other brokers only.')
  })

  test('says what to do without a licence', () => {
    expect(entitled(null).missing('ibkr')).toMatch(/save the one you got as licence\.key/)
  })

  test('takes no licence that was changed: another broker, another day, another signature', () => {
    const [id, payload, signature] = signLicence(granted, keys).split('.')
    const later = Buffer.from(JSON.stringify({ ...granted, until: '2099-01-01' })).toString('base64url')
    const flipped = `${signature?.startsWith('A') ? 'B' : 'A'}${signature?.slice(1)}`
    for (const forged of [`${id}.${later}.${signature}`, `${id}.${payload}.${flipped}`, `${id}.${payload}.AAAA`]) {
      expect(entitled(forged).missing('ibkr')).toBe('The licence was changed after it was issued, so it does not count.')
    }
  })

  test("takes no licence of another distributor, even one that names this edition's key", () => {
    const other = generateKeyPairSync('ed25519')
    const foreign = signLicence(granted, other)
    expect(entitled(foreign).missing('ibkr')).toBe('The licence was issued for another edition.')
    const renamed = [signLicence(granted, keys).split('.')[0], ...foreign.split('.').slice(1)].join('.')
    expect(entitled(renamed).missing('ibkr')).toMatch(/was changed/)
  })

  test('takes no file that is no licence', () => {
    for (const text of ['', 'licence', 'a.b', 'a.b.c.d']) expect(entitled(text).missing('ibkr')).toMatch(/is not a licence/)
  })

  test('does not start with a policy it cannot read', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const problems = ['', '{}', JSON.stringify({ publicKey: pem, gated: ['fidelity'] }), JSON.stringify({ publicKey: rsa, gated: [] })].map(
      broken => {
        try {
          return licensedEntitlements({ policy: broken, file, licence: null, now: today })
        } catch (error) {
          return error instanceof AppError ? `${error.code} ${error.message}` : error
        }
      },
    )
    const sentence = (problem: string) =>
      `app/edition-unusable The edition file ${file} cannot be used: ${problem}. Keelson does not start without it.`
    const fields = 'it must hold publicKey and gated, and nothing else'
    expect(problems).toEqual([
      sentence('it is not JSON'),
      sentence(`${fields} (publicKey invalid_type, gated invalid_type)`),
      sentence(`${fields} (gated.0 invalid_value)`),
      sentence('its publicKey is not an Ed25519 key in PEM'),
    ])
  })
})
