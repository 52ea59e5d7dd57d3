import { createCipheriv, createDecipheriv, createHash, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../shared/contract/errors.ts'
import type { Random, SecretBox } from '../core/ports.ts'

/** Gives the passphrase; a prompt may be asked again after a wrong one. */
export interface PassphraseSource {
  ask(): Promise<string>
  /** How often a wrong passphrase may be followed by another question. */
  readonly tries: number
}

export const PASSPHRASE_BACKEND = 'scrypt-n17'

// RFC 7914 parameters: 128 MiB and about a third of a second for each guess.
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 192 * 1024 * 1024 }
const FORMAT = 1
const SALT = 16
const IV = 12
const TAG = 16
const KEY = 32
const AAD = Buffer.from('keelson|data-key|scrypt-n17|1')

/**
 * Guards the data key with a passphrase: scrypt with a salt of its own for each wrap, then AES-256-GCM.
 * The bytes are format (1), salt (16), iv (12), tag (16), ciphertext. `unwrap` rejects with vault/wrong-passphrase, and with
 * vault/key-damaged or vault/backend-changed for bytes it did not wrap.
 */
export function createPassphraseBox({ source, random }: { source: PassphraseSource; random: Random }): SecretBox {
  let proven: string | null = null
  let fresh: Derived | null = null

  /** What was wrapped is opened at once to see that it can be: deriving its key again would make whoever waits for it wait twice. */
  async function keyFor(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
    const known = fresh
    fresh = null
    return known?.passphrase === passphrase && Buffer.compare(known.salt, salt) === 0 ? known.key : deriveKey(passphrase, salt)
  }

  async function unwrap(wrapped: Uint8Array, backend: string): Promise<Uint8Array> {
    if (backend !== PASSPHRASE_BACKEND) throw new AppError('vault/backend-changed', { details: { before: backend, now: 'a passphrase' } })
    if (wrapped[0] !== FORMAT || wrapped.length !== 1 + SALT + IV + TAG + KEY) throw new AppError('vault/key-damaged')
    // Once a passphrase is known to be right, a key it does not open is of another one, and asking again would not help.
    for (let left = proven === null ? source.tries : 1; ; left -= 1) {
      const passphrase = proven ?? (await source.ask())
      const key = await openWith(wrapped, salt => keyFor(passphrase, salt))
      if (key) {
        proven = passphrase
        return key
      }
      if (left <= 1) throw new AppError('vault/wrong-passphrase')
    }
  }

  return {
    protection: 'passphrase',
    backend: PASSPHRASE_BACKEND,
    notice: null,
    // It reckons here, or asks a person: no store that may never answer.
    isWaitedFor: true,
    unwrap,
    withPassphrase(current, next) {
      if (proven === null || !isSame(proven, current)) throw new AppError('vault/wrong-passphrase')
      const source = { ask: () => Promise.resolve(next), tries: 1 }
      return { box: createPassphraseBox({ source, random }), adopt: () => void (proven = next) }
    },
    async wrap(key) {
      proven ??= await source.ask()
      const salt = random.bytes(SALT)
      const iv = random.bytes(IV)
      const derived = await deriveKey(proven, salt)
      fresh = { passphrase: proven, salt, key: derived }
      const cipher = createCipheriv('aes-256-gcm', derived, iv)
      cipher.setAAD(AAD)
      const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
      return Buffer.concat([Buffer.of(FORMAT), salt, iv, cipher.getAuthTag(), ciphertext])
    },
  }
}

/** What a passphrase and a salt come to. */
interface Derived {
  readonly passphrase: string
  readonly salt: Uint8Array
  readonly key: Uint8Array
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text.normalize('NFC')).digest()
  return timingSafeEqual(digest(one), digest(other))
}

async function openWith(wrapped: Uint8Array, keyFor: (salt: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array | null> {
  const part = (from: number, length?: number): Uint8Array => wrapped.subarray(from, length === undefined ? undefined : from + length)
  const decipher = createDecipheriv('aes-256-gcm', await keyFor(part(1, SALT)), part(1 + SALT, IV), { authTagLength: TAG })
  decipher.setAAD(AAD)
  decipher.setAuthTag(part(1 + SALT + IV, TAG))
  const head = decipher.update(part(1 + SALT + IV + TAG))
  try {
    return Buffer.concat([head, decipher.final()])
  } catch {
    return null
  }
}

/** The asynchronous scrypt runs on the thread pool, so requests go on meanwhile. */
function deriveKey(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
