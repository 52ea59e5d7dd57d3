import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import { forgetSome, forgettings } from '../store/delete-history.ts'
import type { HistoryWriter } from '../sync/writer.ts'

export interface ForgettingDeps {
  readonly db: Db
  readonly log: Log
  readonly writer: Pick<HistoryWriter, 'between'>
}

/** Deletes histories that were begun to be forgotten, little by little: a long one must not hold up everything else. */
export interface Forgetting {
  /** Resolves when none is left. Rejects with app/disk-full and the like; what is left then goes with the next call or start. */
  finish(): Promise<void>
  /** Finishes what an earlier run left, in the background. */
  start(): void
  /** Stops after the rows that are being deleted; the next start goes on. */
  stop(): Promise<void>
}

export function createForgetting({ db, log, writer }: ForgettingDeps): Forgetting {
  let isStopped = false
  let last: Promise<void> = Promise.resolve()

  async function forget(): Promise<void> {
    for (const id of forgettings(db.reader)) {
      let hasMore = true
      while (hasMore && !isStopped) {
        hasMore = await writer.between(() => forgetSome(db.writer, id))
        await new Promise(resolve => setImmediate(resolve))
      }
      if (!hasMore) log.info('history.forgotten', { connectionId: id })
    }
  }

  function finish(): Promise<void> {
    const next = last.then(forget)
    last = next.catch((cause: unknown) => log.warn('history.not-forgotten', { cause }))
    return next
  }

  return {
    finish,
    start: () => void finish().catch(() => undefined),
    async stop() {
      isStopped = true
      await last
    },
  }
}
