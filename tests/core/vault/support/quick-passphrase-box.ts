import { createHash } from 'node:crypto'
import { AppError } from '../../../../shared/contract/errors.ts'
import type { SecretBox } from '../../../../electron/core/ports.ts'
import { testBox } from '../../../support/fake-ports.ts'

/**
 * Guards with a passphrase as the real box does, without its third of a second for each guess: for what asks dozens of times when the
 * vault writes what, not how dear a guess is.
 */
export function quickPassphraseBox(passphrase: string): SecretBox {
  const { wrap, unwrap, ...box } = testBox()
  let proven = passphrase
  const digest = (): Buffer => createHash('sha256').update(proven).digest()
  return {
    ...box,
    isWaitedFor: true,
    wrap: async key => Buffer.concat([digest(), await wrap(key)]),
    async unwrap(wrapped, backend) {
      const mark = digest()
      if (!mark.equals(wrapped.subarray(0, mark.length))) throw new AppError('vault/wrong-passphrase')
      return unwrap(wrapped.subarray(mark.length), backend)
    },
    withPassphrase(current, next) {
      if (current !== proven) throw new AppError('vault/wrong-passphrase')
      return { box: quickPassphraseBox(next), adopt: () => void (proven = next) }
    },
  }
}
