import { AppError } from '../../shared/contract/errors.ts'

type StoreCode = 'vault/store-busy' | 'vault/store-denied' | 'vault/store-locked' | 'vault/store-missing' | 'vault/key-changed'

/**
 * What the system's stores say, by what it means. Electron says only that a store is temporarily unavailable; the Secret Service,
 * the macOS Keychain and Windows' Credential Manager name their reason.
 */
const WORDS: readonly (readonly [RegExp, StoreCode])[] = [
  [/temporarily unavailable|did not receive a reply|timed? ?out/i, 'vault/store-busy'],
  [/dismissed|denied|declined|cancell?ed|not permitted|passphrase you entered is not correct/i, 'vault/store-denied'],
  [/\blocked\b|interaction is not allowed/i, 'vault/store-locked'],
  [/not provided by any|autolaunch|no dbus session|no secret service|service ?unknown|cannot find (?:module|native)/i, 'vault/store-missing'],
]

/** Why a store did not give the key, by its own words; `otherwise` when they say nothing known. */
export function storeTrouble(cause: unknown, otherwise: StoreCode): AppError {
  if (cause instanceof AppError) return cause
  const words = textOf(cause)
  return new AppError(WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? otherwise, { cause })
}

/** A failure's words with those of its causes. */
function textOf(cause: unknown, depth = 0): string {
  if (!(cause instanceof Error) || depth > 4) return typeof cause === 'string' ? cause : ''
  return `${cause.message}\n${textOf(cause.cause, depth + 1)}`
}
