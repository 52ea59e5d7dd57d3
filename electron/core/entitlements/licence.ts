import { sign, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { BROKER_IDS, type BrokerId } from '../../../shared/domain/broker.ts'
import { type Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Entitlements } from '../ports.ts'
import { type EditionPolicy, keyIdOf, readPolicy } from './policy.ts'

/** What a licence grants, to whom, and until which day (included, UTC); null for no end. */
export interface Licence {
  readonly holder: string
  readonly brokers: readonly BrokerId[]
  readonly until: LocalDate | null
}

export interface LicensedOptions {
  /** The text of the build's edition file. */
  readonly policy: string
  /** Where that file is, for sentences. */
  readonly file: string
  /** The text of the licence file; null when there is none. */
  readonly licence: string | null
  readonly now: () => Instant
}

const LicenceWire = z.strictObject({
  holder: z.string(),
  brokers: z.array(z.enum(BROKER_IDS)),
  until: z.custom<LocalDate>(value => typeof value === 'string' && LocalDate.is(value)).nullable(),
})

/**
 * The entitlements of a distributor's edition, checked offline: a licence is `<key id>.<payload>.<signature>`, the payload JSON in
 * base64url, the signature Ed25519 over the text before it. Throws app/edition-unusable for a policy that is none.
 */
export function licensedEntitlements({ policy, file, licence, now }: LicensedOptions): Entitlements {
  const edition = readPolicy(policy, file)
  const read =
    licence === null
      ? 'No licence is installed: save the one you got as licence.key in the data folder and restart Keelson.'
      : readLicence(edition, licence)
  return {
    missing(broker) {
      if (!edition.gated.includes(broker)) return ''
      if (typeof read === 'string') return read
      if (read.until !== null && toLocalDate(now(), 'UTC') > read.until) return `The licence ended on ${read.until}.`
      return read.brokers.includes(broker) ? '' : 'The licence covers other brokers only.'
    },
  }
}

/** Signs a licence, for the distributor's own tools and for tests. */
export function signLicence(
  { holder, brokers, until }: Licence,
  keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
): string {
  const payload = Buffer.from(JSON.stringify({ holder, brokers, until })).toString('base64url')
  const signed = `${keyIdOf(keys.publicKey)}.${payload}`
  return `${signed}.${sign(null, Buffer.from(signed), keys.privateKey).toString('base64url')}`
}

/** The licence, or the sentence that says why it does not count. */
function readLicence({ keyId, publicKey }: EditionPolicy, text: string): Licence | string {
  const [signer = '', payload = '', signature = '', ...more] = text.trim().split('.')
  if (signature === '' || more.length > 0) return 'The licence file is not a licence. Copy it again, whole.'
  if (signer !== keyId) return 'The licence was issued for another edition.'
  const holds = verify(null, Buffer.from(`${signer}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
  const wire = holds ? LicenceWire.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())) : null
  return wire?.success ? wire.data : 'The licence was changed after it was issued, so it does not count.'
}
