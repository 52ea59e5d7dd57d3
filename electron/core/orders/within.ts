import { AppError } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../ports.ts'

interface Stop {
  readonly signal: AbortSignal
}

/**
 * Reads something, for so long at most, also where what is asked listens to no signal. Throws what reading throws, app/canceled once
 * nobody waits for it any more, and net/timeout.
 */
export async function within<T>(
  { clock, ms, signal }: Stop & { readonly clock: Pick<Clock, 'after'>; readonly ms: number },
  read: (stop: Stop) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw new AppError('app/canceled')
  const late = new AbortController()
  const enough = Promise.withResolvers<never>()
  const stopTimer = clock.after(ms, () => {
    const error = new AppError('net/timeout', { details: { host: 'The broker' } })
    late.abort(error)
    enough.reject(error)
  })
  const cancel = (): void => enough.reject(new AppError('app/canceled'))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([read({ signal: AbortSignal.any([signal, late.signal]) }), enough.promise])
  } finally {
    stopTimer()
    signal.removeEventListener('abort', cancel)
  }
}

/** Accounts that did not answer a moment ago: a review waits for them once, and not again when its order is sent. */
export interface Silence {
  noteSilent(id: AccountId): void
  noteAnswer(id: AccountId): void
  isSilent(id: AccountId): boolean
}

export function createSilence(clock: Pick<Clock, 'monotonicMs'>, ms: number): Silence {
  const since = new Map<AccountId, number>()
  return {
    noteSilent: id => void since.set(id, clock.monotonicMs()),
    noteAnswer: id => void since.delete(id),
    isSilent(id) {
      const at = since.get(id)
      return at !== undefined && clock.monotonicMs() - at <= ms
    },
  }
}
