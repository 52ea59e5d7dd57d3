import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { BROKER_IDS, type BrokerId } from '../../../shared/domain/broker.ts'

/** What a distributor's build says of itself: the brokers a licence is needed for, and the key that signs licences. */
export interface EditionPolicy {
  readonly gated: readonly BrokerId[]
  readonly publicKey: KeyObject
  /** Names the key inside licences. */
  readonly keyId: string
}

const PolicyWire = z.strictObject({ publicKey: z.string(), gated: z.array(z.enum(BROKER_IDS)) })

/**
 * Reads a policy: `{"publicKey": "<Ed25519, PEM>", "gated": ["ibkr"]}`. Throws TypeError for anything else: a build that gates brokers
 * and cannot say how must not start as one that gates none.
 */
export function readPolicy(text: string): EditionPolicy {
  const wire = PolicyWire.safeParse(parsed(text))
  if (!wire.success) throw new TypeError('the edition file is not a policy')
  const publicKey = createPublicKey(wire.data.publicKey)
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('the edition key is not an Ed25519 key')
  return { gated: wire.data.gated, publicKey, keyId: keyIdOf(publicKey) }
}

/** The first 16 hex digits of the SHA-256 of a public key (SPKI, DER). */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
