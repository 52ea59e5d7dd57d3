import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type * as Electron from 'electron'
import { app } from './app.ts'
import { life } from './life.ts'
import { options, type StorageBackend, type StorageState } from './options.ts'
import { strict } from './strict.ts'

/** Chromium's mark of who holds the key: `v10` stands for the one written in its own source. */
const PREFIX: Readonly<Record<StorageBackend, string>> = {
  gnome_libsecret: 'v11',
  kwallet5: 'v11',
  kwallet6: 'v11',
  portal: 'v12',
  basic_text: 'v10',
}
/** Chromium's hard-coded key protects nobody: the same everywhere. */
const HARD_CODED = Buffer.alloc(32, 'peanuts')
const IV_BYTES = 12
const TAG_BYTES = 16
const PREFIX_BYTES = 3

/** How the computer's key store stands now. Tests change it while the app runs. */
export const store = {
  backend: options.storage?.backend ?? ('gnome_libsecret' satisfies StorageBackend as StorageBackend),
  state: options.storage?.state ?? ('open' satisfies StorageState as StorageState),
  /** As after a rotation: what is opened should be sealed anew. */
  shouldReEncrypt: false,
  calls: [] as string[],
}

/** The key lies beside the app's data, one for each store, so that a second start opens what the first sealed. */
function keyOf(prefix: string): Buffer {
  if (prefix === 'v10') return HARD_CODED
  const file = path.join(app.getPath('userData'), `key-store-${prefix}`)
  mkdirSync(path.dirname(file), { recursive: true })
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  return readFileSync(file)
}

function sealed(text: string): Buffer {
  const prefix = PREFIX[store.backend]
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyOf(prefix), iv)
  return Buffer.concat([Buffer.from(prefix), iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

function opened(encrypted: Buffer): string {
  if (encrypted.length === 0) return ''
  const prefix = encrypted.subarray(0, PREFIX_BYTES).toString('latin1')
  if (prefix !== PREFIX[store.backend] && prefix !== 'v10')
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.')
  const from = PREFIX_BYTES + IV_BYTES
  const decipher = createDecipheriv('aes-256-gcm', keyOf(prefix), encrypted.subarray(PREFIX_BYTES, from))
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(from, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.')
  }
}

const WORDS: Readonly<Partial<Record<StorageState, string>>> = {
  missing: 'safeStorage is not available',
  locked: 'the keyring is locked',
  denied: 'the prompt was dismissed',
  busy: 'safeStorage is temporarily unavailable. Please try again.',
}

/** Answers as the store stands: at once, with its refusal, or never. */
async function inStore<T>(what: string, work: () => T): Promise<T> {
  if (!life.isReady) throw new Error('safeStorage cannot be used before app is ready')
  store.calls.push(what)
  const words = WORDS[store.state]
  if (words !== undefined) throw new Error(words)
  if (store.state === 'slow') await untilOpen()
  return work()
}

async function untilOpen(): Promise<void> {
  while (store.state === 'slow') await new Promise(resolve => setTimeout(resolve, 20))
}

/** The asynchronous calls alone: the others are deprecated and stand in the main thread's way. */
export const safeStorage = strict('safeStorage', {
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    if (store.state === 'slow') await untilOpen()
    return life.isReady && store.state !== 'missing'
  },
  encryptStringAsync: (text: string): Promise<Buffer> => inStore('encrypt', () => sealed(text)),
  decryptStringAsync: (encrypted: Buffer): Promise<Electron.DecryptStringAsyncReturnValue> =>
    inStore('decrypt', () => ({ result: opened(encrypted), shouldReEncrypt: store.shouldReEncrypt })),
  /** Linux only in Electron; what the desktop asked for, which says nothing of a portal. */
  getSelectedStorageBackend: () => (!life.isReady ? 'unknown' : store.backend === 'portal' ? 'gnome_libsecret' : store.backend),
}) satisfies Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>
