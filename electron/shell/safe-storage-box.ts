import { crc32 } from 'node:zlib'
import { AppError } from '../../shared/contract/errors.ts'
import type { SecretBox } from '../core/ports.ts'
import type { OsStore } from '../node/choose-box.ts'
import { storeTrouble } from '../node/store-trouble.ts'

/** The part of Electron's safeStorage that is used: the asynchronous calls, which may wait for the user. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  encryptStringAsync(text: string): Promise<Buffer>
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt?: boolean }>
  /** Linux only; it names what the desktop asked for, which need not be what is used. */
  getSelectedStorageBackend?(): string
}

/**
 * Chromium's prefix for text sealed with a key that is written in its own source. On Linux it falls back to it silently when
 * it finds no keyring, and its report of the chosen keyring describes another part of it, so the prefix is what counts.
 */
const HARD_CODED_KEY = 'v10'
const PORTAL_KEY = 'v12'
/** Marks our own frame around what the store gave: this, its CRC-32, then its bytes. Folders made before have the bytes alone. */
const FRAME = Buffer.from('KS1')
const FRAME_BYTES = FRAME.length + 4
const PREFIX_BYTES = 3

/** Guards the data key with the system's store through Electron. Rejects with what stands in the way. */
export function createSafeStorageStore(storage: SafeStorage, platform: NodeJS.Platform): OsStore {
  const isLinux = platform === 'linux'
  const prefixOf = (sealed: Uint8Array): string => Buffer.from(sealed.subarray(0, PREFIX_BYTES)).toString('latin1')
  const isWeak = (sealed: Uint8Array): boolean => isLinux && prefixOf(sealed) === HARD_CODED_KEY
  const nameOf = (prefix: string): string =>
    isLinux ? `safe-storage-linux/${storage.getSelectedStorageBackend?.() ?? 'unknown'}/${prefix}` : `safe-storage-${platform}`
  let [prefix, isStale] = ['', false]

  async function seal(text: string): Promise<Buffer> {
    if (!(await storage.isAsyncEncryptionAvailable())) throw new AppError('vault/store-missing')
    const sealed = await storage.encryptStringAsync(text)
    if (isWeak(sealed)) throw new AppError('vault/store-weak')
    prefix = prefixOf(sealed)
    return sealed
  }

  /** Why something sealed before does not open: only a store of the same kind can have its key. */
  async function whyNot(cause: unknown, sealed: Uint8Array, backend: string): Promise<AppError> {
    const trouble = storeTrouble(cause, 'vault/key-changed')
    if (trouble.code !== 'vault/key-changed') return trouble
    const probe = await seal('probe').then(() => null, (refused: unknown) => storeTrouble(refused, 'vault/key-changed'))
    if (probe && probe.code !== 'vault/key-changed') return probe
    const [before, now] = [shownStore(backend, prefixOf(sealed)), shownStore(nameOf(prefix), prefix)]
    const isSame = before === now || before === UNNAMED
    return isSame ? trouble : new AppError('vault/backend-changed', { details: { before, now }, cause })
  }

  async function open(sealed: Uint8Array, backend: string): Promise<Uint8Array> {
    if (isWeak(sealed)) throw new AppError('vault/store-weak')
    try {
      if (!(await storage.isAsyncEncryptionAvailable())) throw new AppError('vault/store-missing')
      const { result, shouldReEncrypt = false } = await storage.decryptStringAsync(Buffer.from(sealed))
      // Electron opens an empty text "successfully", as an empty one.
      if (result === '') throw new AppError('vault/empty-answer')
      prefix = prefixOf(sealed)
      isStale = shouldReEncrypt
      return Buffer.from(result, 'base64')
    } catch (cause) {
      throw await whyNot(cause, sealed, backend)
    }
  }

  const box: SecretBox = {
    protection: 'os',
    get backend() {
      return nameOf(prefix)
    },
    notice: null,
    get shouldRewrap() {
      return isStale
    },
    async wrap(key) {
      const wrapped = framed(await seal(Buffer.from(key).toString('base64')))
      isStale = false
      return wrapped
    },
    unwrap: async (wrapped, backend) => open(unframed(wrapped), backend),
  }
  return { box, keeps: () => seal('probe').then(() => true, () => false) }
}

function framed(sealed: Buffer): Buffer {
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(sealed))
  return Buffer.concat([FRAME, check, sealed])
}

/** What the store gave, whole. Throws vault/key-damaged. */
function unframed(wrapped: Uint8Array): Buffer {
  const bytes = Buffer.from(wrapped)
  const isFramed = bytes.subarray(0, FRAME.length).equals(FRAME)
  const sealed = isFramed ? bytes.subarray(FRAME_BYTES) : bytes
  const isWhole = isFramed ? bytes.length > FRAME_BYTES && bytes.readUInt32BE(FRAME.length) === crc32(sealed) : bytes.length > PREFIX_BYTES
  if (!isWhole) throw new AppError('vault/key-damaged')
  return sealed
}

const UNNAMED = 'a keyring'
const SHOWN: Readonly<Record<string, string>> = {
  gnome_libsecret: 'GNOME Keyring', kwallet: 'KWallet', kwallet5: 'KWallet 5', kwallet6: 'KWallet 6',
  'safe-storage-darwin': 'the macOS Keychain', 'safe-storage-win32': 'Windows',
}

/** A store's name as people know it. Only the prefix tells the portal. Older folders do not name their store. */
function shownStore(backend: string, prefix: string): string {
  return prefix === PORTAL_KEY ? 'the desktop portal' : (SHOWN[backend.split('/')[1] ?? backend] ?? UNNAMED)
}
