import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.ts'
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
 * Reads a policy: `{"publicKey": "<Ed25519, PEM>", "gated": ["ibkr"]}`. Throws app/edition-unusable, naming the file, for anything else:
 * a build that gates brokers and cannot say how must not start as one that gates none.
 */
export function readPolicy(text: string, file: string): EditionPolicy {
  const unusable = (problem: string, cause?: unknown): AppError =>
    new AppError('app/edition-unusable', { details: { file, problem }, cause })
  const json = parsed(text)
  if (json === null) throw unusable('it is not JSON')
  const wire = PolicyWire.safeParse(json)
  if (!wire.success) throw unusable(`it must hold publicKey and gated, and nothing else (${issuesOf(wire.error)})`)
  const publicKey = keyOf(wire.data.publicKey)
  if (publicKey?.asymmetricKeyType !== 'ed25519') throw unusable('its publicKey is not an Ed25519 key in PEM')
  return { gated: wire.data.gated, publicKey, keyId: keyIdOf(publicKey) }
}

function issuesOf({ issues }: z.ZodError): string {
  return issues.map(({ path, code }) => `${path.join('.') || 'the whole'} ${code}`).join(', ')
}

function keyOf(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem)
  } catch {
    return null
  }
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
