import { abortError } from '../../../net/wait.ts'
import type { Clock } from '../../../ports.ts'

/** One answer that holds for all accounts of a session, read for whichever asks. */
export interface SharedReading<T> {
  /**
   * The answer for an account: another account's, where that was asked for moments ago and nothing was sent since, else a new one. An
   * account never gets the same answer twice. `read` goes on while anybody waits for it. Throws what it throws, and app/canceled.
   */
  of(account: string, read: (stop: { readonly signal: AbortSignal }) => Promise<T>, stop: { readonly signal: AbortSignal }): Promise<T>
  /** Something is sent that the answers so far do not know of. */
  outdate(): void
}

/** Nobody may ask more often than this anyway. */
const SHARED_MS = 5000

interface Reading<T> {
  readonly answer: Promise<T>
  readonly accounts: Set<string>
  readonly giveUp: AbortController
  /** Null while it is on its way. */
  doneAt: number | null
  waiting: number
}

export function createSharedReading<T>(clock: Pick<Clock, 'monotonicMs'>): SharedReading<T> {
  let last: Reading<T> | null = null

  function forget(reading: Reading<T>): void {
    if (last === reading) last = null
  }

  function begin(read: Parameters<SharedReading<T>['of']>[1]): Reading<T> {
    const giveUp = new AbortController()
    const reading: Reading<T> = { answer: read({ signal: giveUp.signal }), accounts: new Set(), giveUp, doneAt: null, waiting: 0 }
    reading.answer.then(
      () => (reading.doneAt = clock.monotonicMs()),
      () => forget(reading),
    )
    last = reading
    return reading
  }

  function isFor(account: string, { accounts, doneAt }: Reading<T>): boolean {
    return !accounts.has(account) && (doneAt === null || clock.monotonicMs() - doneAt <= SHARED_MS)
  }

  return {
    async of(account, read, { signal }) {
      if (signal.aborted) throw abortError(signal, 'Interactive Brokers')
      const reading = last !== null && isFor(account, last) ? last : begin(read)
      reading.accounts.add(account)
      reading.waiting += 1
      const gone = Promise.withResolvers<never>()
      const leave = (): void => gone.reject(abortError(signal, 'Interactive Brokers'))
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([reading.answer, gone.promise])
      } finally {
        signal.removeEventListener('abort', leave)
        reading.waiting -= 1
        if (reading.waiting === 0 && reading.doneAt === null) {
          forget(reading)
          reading.giveUp.abort()
        }
      }
    },
    outdate() {
      last = null
    },
  }
}
