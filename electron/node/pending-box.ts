import type { SecretBox } from '../core/ports.ts'

/**
 * Stands for a store that is still being looked for: a slow system must not hold up a start. It says of itself what is known
 * already, and each use waits for the store.
 */
export function createPendingBox(found: Promise<SecretBox>, protection: Exclude<SecretBox['protection'], 'memory'>): SecretBox {
  let box: SecretBox | null = null
  const settled = found.then(one => (box = one))
  // Each use reports the failure again.
  settled.catch(() => undefined)
  return {
    get protection() {
      return box?.protection ?? protection
    },
    get backend() {
      return box?.backend ?? 'unknown'
    },
    get notice() {
      return box?.notice ?? null
    },
    get shouldRewrap() {
      return box?.shouldRewrap ?? false
    },
    get isWaitedFor() {
      return box?.isWaitedFor ?? false
    },
    withPassphrase: (current, next) => box?.withPassphrase?.(current, next) ?? null,
    wrap: async key => (await settled).wrap(key),
    unwrap: async (wrapped, backend) => (await settled).unwrap(wrapped, backend),
  }
}
