import { AppError, type ErrorCode } from '../../shared/contract/errors.ts'
import type { SecretBox } from '../core/ports.ts'

const MEMORY_NOTICE = 'No keyring and no passphrase: sign-ins last until Keelson closes. Set KEELSON_PASSPHRASE to keep them.'
/** Where a desktop has a store: what keeps it from being used can be mended. */
export const DESKTOP_NOTICE =
  'The key store of this desktop is locked, missing or too weak, so sign-ins last until Keelson closes. Unlock or set one up, then start Keelson again.'

/** Guards nothing: the data key lives in memory and ends with the process, and the user is told. */
export function createMemoryBox(notice: string = MEMORY_NOTICE): SecretBox {
  return {
    protection: 'memory',
    backend: 'memory',
    notice,
    wrap: () => Promise.reject(new AppError('vault/locked')),
    unwrap: () => Promise.reject(new AppError('vault/locked')),
  }
}

/** Stands for a store that holds this folder's key but cannot be used here: history stays readable, sign-ins wait. */
export function createLockedBox(protection: Exclude<SecretBox['protection'], 'memory'>, backend: string, why: ErrorCode): SecretBox {
  return {
    protection,
    backend,
    notice: null,
    wrap: () => Promise.reject(new AppError(why)),
    unwrap: () => Promise.reject(new AppError(why)),
  }
}
