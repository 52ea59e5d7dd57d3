import { AppError } from '../../../shared/contract/errors.ts'
import type { Secret } from './secret.ts'

/** Whose secret it is. Bound into the seal, so a row moved elsewhere does not open. */
export interface SecretScope {
  /** A connection id, `<connection id>/<method>` for what was typed into a form, `app:<broker>` for the user's own app keys, or `audit`. */
  readonly owner: string
  readonly field: 'access' | 'access-secret' | 'refresh' | 'form' | 'api-key-id' | 'api-key-secret' | 'client-id' | 'client-secret' | 'smtp-password' | 'audit-key'
  /** Grows with each new value, so an older row put back does not open. */
  readonly version: number
}

/** AES-256-GCM output with what is needed to open it again. */
export interface SealedField {
  readonly keyId: string
  readonly iv: Uint8Array
  readonly tag: Uint8Array
  readonly ciphertext: Uint8Array
}

export interface VaultStatus {
  readonly state: 'open' | 'locked'
  readonly protection: 'keyring' | 'passphrase' | 'os' | 'memory'
  readonly notice: string | null
}

/**
 * Seals and opens secrets with the data key, synchronously: a rotated token is on disk in the tick it arrives in.
 * `seal` throws vault/locked; `open` throws vault/locked, or vault/tampered for a row that was moved or changed.
 */
export interface Vault {
  status(): VaultStatus
  seal(scope: SecretScope, value: Secret): SealedField
  open(scope: SecretScope, sealed: SealedField): Secret
  /** True when this key can no longer be had (memory-only run that ended, changed keyring). */
  isLost(keyId: string): boolean
}

/** Throws vault/locked while nothing can be sealed, so that nobody is sent through a sign-in that could not be kept. */
export function requireOpen(vault: Pick<Vault, 'status'>): void {
  if (vault.status().state === 'locked') throw new AppError('vault/locked')
}
