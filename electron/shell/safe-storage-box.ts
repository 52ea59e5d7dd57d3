import { AppError } from '../../shared/contract/errors.ts'
import type { SecretBox } from '../core/ports.ts'

/** The part of Electron's safeStorage that is used: the asynchronous calls, which may wait for the user. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>
  encryptStringAsync(text: string): Promise<Buffer>
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string }>
}

/**
 * Chromium's prefix for text sealed with a key that is written in its own source. On Linux it falls back to it silently when
 * it finds no keyring, and its report of the chosen keyring describes another part of it, so the prefix is what counts.
 */
const HARD_CODED_KEY = 'v10'

/** Guards the data key with the system's store through Electron; null when there is none, or none that keeps a secret. */
export async function openSafeStorageBox(storage: SafeStorage, platform: NodeJS.Platform): Promise<SecretBox | null> {
  const isWeak = (sealed: Uint8Array): boolean =>
    platform === 'linux' && Buffer.from(sealed.subarray(0, 3)).toString('latin1') === HARD_CODED_KEY
  const seal = async (text: string): Promise<Buffer> => {
    const sealed = await storage.encryptStringAsync(text)
    if (isWeak(sealed)) throw new AppError('vault/locked')
    return sealed
  }
  try {
    if (!(await storage.isAsyncEncryptionAvailable())) return null
    await seal('probe')
  } catch {
    return null
  }

  return {
    protection: 'os',
    backend: `safe-storage-${platform}`,
    notice: null,
    wrap: key => seal(Buffer.from(key).toString('base64')),
    async unwrap(wrapped) {
      if (isWeak(wrapped)) throw new AppError('vault/locked')
      try {
        const { result } = await storage.decryptStringAsync(Buffer.from(wrapped))
        return Buffer.from(result, 'base64')
      } catch (cause) {
        throw new AppError('vault/locked', { cause })
      }
    },
  }
}
