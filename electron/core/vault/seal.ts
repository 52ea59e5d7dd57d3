import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Random } from '../ports.ts'
import { Secret } from './secret.ts'
import type { SealedField, SecretScope } from './vault.ts'

const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16
const DERIVED_KEYS = 256

export interface KeySource {
  /** The key new seals are made with. Throws vault/locked. */
  active(): { readonly keyId: string; readonly key: Uint8Array }
  /** A key by id. Throws vault/locked when it is known but cannot be had, vault/tampered when it never existed. */
  byId(keyId: string): Uint8Array
}

export interface Sealer {
  seal(scope: SecretScope, value: Secret): SealedField
  /** Seals under a key that is not active yet. */
  sealWith(keyId: string, key: Uint8Array, scope: SecretScope, value: Secret): SealedField
  open(scope: SecretScope, sealed: SealedField): Secret
  /** Drops every derived key. */
  forget(): void
}

/**
 * AES-256-GCM under a key derived (HKDF-SHA256) for each owner, with a random 96-bit IV and a 128-bit tag. The associated
 * data names owner, field, version and key, so a seal opens in its own place only.
 */
export function createSealer({ keyring, random }: { readonly keyring: KeySource; readonly random: Random }): Sealer {
  const derived = new Map<string, KeyObject>()

  function keyFor(keyId: string, key: Uint8Array, owner: string): KeyObject {
    const name = `${keyId}|${owner}`
    const known = derived.get(name)
    if (known) return known
    if (derived.size >= DERIVED_KEYS) derived.clear()
    const made = createSecretKey(new Uint8Array(hkdfSync('sha256', key, keyId, `keelson|seal|${owner}`, 32)))
    derived.set(name, made)
    return made
  }

  function sealWith(keyId: string, key: Uint8Array, scope: SecretScope, value: Secret): SealedField {
    const iv = random.bytes(IV_BYTES)
    const cipher = createCipheriv(CIPHER, keyFor(keyId, key, scope.owner), iv, { authTagLength: TAG_BYTES })
    cipher.setAAD(identity(scope, keyId))
    const ciphertext = Buffer.concat([cipher.update(value.reveal(), 'utf8'), cipher.final()])
    return { keyId, iv, tag: cipher.getAuthTag(), ciphertext }
  }

  function open(scope: SecretScope, sealed: SealedField): Secret {
    const key = keyFor(sealed.keyId, keyring.byId(sealed.keyId), scope.owner)
    try {
      const decipher = createDecipheriv(CIPHER, key, sealed.iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(identity(scope, sealed.keyId))
      decipher.setAuthTag(sealed.tag)
      return Secret.of(decipher.update(sealed.ciphertext, undefined, 'utf8') + decipher.final('utf8'))
    } catch (cause) {
      throw new AppError('vault/tampered', { cause })
    }
  }

  return {
    seal: (scope, value) => {
      const { keyId, key } = keyring.active()
      return sealWith(keyId, key, scope, value)
    },
    sealWith,
    open,
    forget: () => derived.clear(),
  }
}

// Only the owner can hold a bar, and it is not last: no two places write the same bytes.
function identity(scope: SecretScope, keyId: string): Buffer {
  return Buffer.from(`keelson|${scope.owner}|${scope.field}|${scope.version}|${keyId}`)
}
