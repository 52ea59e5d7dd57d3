import { createCipheriv, createDecipheriv } from 'node:crypto'
import { AppError } from '../../shared/contract/errors.ts'
import type { Random, SecretBox } from '../core/ports.ts'

/** The system's password store, as far as it is needed. Both reject when it cannot be used. */
export interface Keyring {
  get(account: string): Promise<string | null>
  set(account: string, secret: string): Promise<void>
}

export const KEYRING_BACKEND = 'system-keyring'
const SERVICE = 'Keelson'
const KEK = 32
const IV = 12
const TAG = 16
const NO_ENTRY = 'The system keyring no longer has the key of this data folder.'
const AAD = Buffer.from('keelson|data-key|system-keyring|1')

/** The system keyring through its native module, which is loaded with the first use and may be missing on this platform. */
export function createSystemKeyring(): Keyring {
  const entry = async (account: string) => {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    // Without this the module falls back to the kernel's keyring, which forgets everything at the next start of the machine.
    return new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } })
  }
  return {
    get: async account => (await (await entry(account)).getPassword()) ?? null,
    set: async (account, secret) => (await entry(account)).setPassword(secret),
  }
}

export interface KeyringBoxDeps {
  readonly keyring: Keyring
  readonly random: Random
  /** Names this data folder's entry in the keyring. */
  readonly account: string
  /** Whether a missing entry may be made; a folder that already has a wrapped key must find its own. */
  readonly create: boolean
}

/**
 * Guards the data key with a random key kept in the system keyring (AES-256-GCM: iv, tag, ciphertext).
 * Answers null when the keyring cannot be used here, which is usual on a machine without a desktop session.
 */
export async function openKeyringBox({ keyring, random, account, create }: KeyringBoxDeps): Promise<SecretBox | null> {
  let kek: Buffer | null
  try {
    kek = readKek(await keyring.get(account)) ?? (create ? await createKek(keyring, account, random) : null)
  } catch {
    return null
  }

  return {
    protection: 'keyring',
    backend: KEYRING_BACKEND,
    notice: kek === null ? NO_ENTRY : null,
    async wrap(key) {
      if (kek === null) throw new AppError('vault/locked')
      const iv = random.bytes(IV)
      const cipher = createCipheriv('aes-256-gcm', kek, iv)
      cipher.setAAD(AAD)
      const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), ciphertext])
    },
    async unwrap(wrapped, backend) {
      if (backend !== KEYRING_BACKEND || kek === null || wrapped.length <= IV + TAG) throw new AppError('vault/locked')
      try {
        const decipher = createDecipheriv('aes-256-gcm', kek, wrapped.subarray(0, IV), { authTagLength: TAG })
        decipher.setAAD(AAD)
        decipher.setAuthTag(wrapped.subarray(IV, IV + TAG))
        return Buffer.concat([decipher.update(wrapped.subarray(IV + TAG)), decipher.final()])
      } catch (cause) {
        throw new AppError('vault/locked', { cause })
      }
    },
  }
}

function readKek(text: string | null): Buffer | null {
  if (text === null) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === KEK ? bytes : null
}

async function createKek(keyring: Keyring, account: string, random: Random): Promise<Buffer> {
  const kek = Buffer.from(random.bytes(KEK))
  await keyring.set(account, kek.toString('base64'))
  // Some stores accept and forget: only what can be read back may guard a key.
  const kept = readKek(await keyring.get(account))
  if (kept === null || !kept.equals(kek)) throw new AppError('vault/locked')
  return kek
}
