import { createCipheriv, createDecipheriv } from 'node:crypto'
import { AppError } from '../../shared/contract/errors.ts'
import type { Random, SecretBox } from '../core/ports.ts'
import { storeTrouble } from './store-trouble.ts'

/** The system's password store, as far as it is needed. Both reject when it cannot be used. */
export interface Keyring {
  get(account: string): Promise<string | null>
  set(account: string, secret: string): Promise<void>
}

export const KEYRING_BACKEND = 'system-keyring'
const KEK = 32
const IV = 12
const TAG = 16
const AAD = Buffer.from('keelson|data-key|system-keyring|1')

export interface KeyringBoxDeps {
  readonly keyring: Keyring
  readonly random: Random
  /** Names this data folder's entry in the keyring. */
  readonly account: string
}

/**
 * Guards the data key with a random key kept in the system keyring (AES-256-GCM: iv, tag, ciphertext). For a folder that has such a
 * key: the keyring is asked with the first use, again after each failure, and never written. Rejects with what stands in the way.
 */
export function createKeyringBox({ keyring, random, account }: KeyringBoxDeps): SecretBox {
  let known: Buffer | null = null
  const kek = async (): Promise<Buffer> => (known ??= await readKek(keyring, account))
  return {
    protection: 'keyring',
    backend: KEYRING_BACKEND,
    notice: null,
    wrap: async key => seal(await kek(), random.bytes(IV), key),
    async unwrap(wrapped, backend) {
      if (backend !== KEYRING_BACKEND) throw new AppError('vault/backend-changed', { details: { before: backend, now: KEYRING_BACKEND } })
      if (wrapped.length !== IV + TAG + KEK) throw new AppError('vault/key-damaged')
      try {
        return open(await kek(), wrapped)
      } catch (cause) {
        // The entry may be put right while Keelson runs.
        known = null
        throw cause
      }
    },
  }
}

/** The same for a new key, with a new entry when there is none; null when the keyring cannot be used here, which is usual without a desktop session. */
export async function openKeyringBox(deps: KeyringBoxDeps): Promise<SecretBox | null> {
  const { keyring, random, account } = deps
  try {
    if (!isKek(await keyring.get(account))) await createKek(keyring, account, random)
    return createKeyringBox(deps)
  } catch {
    return null
  }
}

function seal(kek: Buffer, iv: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', kek, iv)
  cipher.setAAD(AAD)
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext])
}

function open(kek: Buffer, wrapped: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', kek, wrapped.subarray(0, IV), { authTagLength: TAG })
  decipher.setAAD(AAD)
  decipher.setAuthTag(wrapped.subarray(IV, IV + TAG))
  const head = decipher.update(wrapped.subarray(IV + TAG))
  try {
    return Buffer.concat([head, decipher.final()])
  } catch (cause) {
    throw new AppError('vault/key-changed', { cause })
  }
}

async function readKek(keyring: Keyring, account: string): Promise<Buffer> {
  let text: string | null
  try {
    text = await keyring.get(account)
  } catch (cause) {
    throw storeTrouble(cause, 'vault/store-missing')
  }
  if (text === null) throw new AppError('vault/key-missing')
  if (text === '') throw new AppError('vault/empty-answer')
  if (!isKek(text)) throw new AppError('vault/key-changed')
  return Buffer.from(text, 'base64')
}

function isKek(text: string | null): text is string {
  return text !== null && Buffer.from(text, 'base64').length === KEK
}

async function createKek(keyring: Keyring, account: string, random: Random): Promise<void> {
  const text = Buffer.from(random.bytes(KEK)).toString('base64')
  await keyring.set(account, text)
  // Some stores accept and forget: only what can be read back may guard a key.
  if ((await keyring.get(account)) !== text) throw new AppError('vault/key-missing')
}
