import type { SecretBox } from '../core/ports.ts'

export interface ReopenedBoxDeps {
  /** The store that guards this folder's key, as found at the start. */
  readonly first: SecretBox
  /** Finds it again: a keyring may have been unlocked meanwhile, and a passphrase may be asked for once more. */
  readonly again: () => SecretBox
  /** The store for a new key when this one never opened, since then it may be gone for good. */
  readonly fresh: () => Promise<SecretBox>
}

/**
 * The store of a folder that has a key already. Until it has opened once, each try finds the store anew, and a new key goes where
 * `fresh` says; from then on it is that store.
 */
export function createReopenedBox({ first, again, fresh }: ReopenedBoxDeps): SecretBox {
  let box = first
  let isTried = false
  let isProven = false
  return {
    get protection() {
      return box.protection
    },
    get backend() {
      return box.backend
    },
    get notice() {
      return box.notice
    },
    get shouldRewrap() {
      return box.shouldRewrap ?? false
    },
    get isWaitedFor() {
      return box.isWaitedFor ?? false
    },
    withPassphrase: (current, next) => box.withPassphrase?.(current, next) ?? null,
    async unwrap(wrapped, backend) {
      if (isTried && !isProven) box = again()
      isTried = true
      const key = await box.unwrap(wrapped, backend)
      isProven = true
      return key
    },
    async wrap(key) {
      const next = isProven ? box : await fresh()
      const wrapped = await next.wrap(key)
      box = next
      isProven = true
      return wrapped
    },
  }
}
