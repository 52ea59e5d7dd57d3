import { AppError } from '../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import { pendingMarks } from '../store/ledger-dirty.ts'
import type { HistoryWriter, LedgerRun } from '../sync/writer.ts'

const FIRST_RETRY_MS = 60_000
const LAST_RETRY_MS = 3_600_000

export interface LedgerKeeperDeps {
  readonly db: Db
  readonly writer: Pick<HistoryWriter, 'lease'>
  readonly clock: Clock
  readonly log: Log
  readonly emit: (event: NewEvent) => void
}

/** Keeps lots and results current with the history. */
export interface LedgerKeeper {
  /** Computes what waits; resolves when nothing does that can be computed. It never rejects: what fails waits, is logged and tried again. */
  settle(): Promise<void>
  /** Computes in the background what an earlier run left. */
  start(): void
  /** Ends the retries and lets a step that runs finish. */
  stop(): Promise<void>
}

export function createLedgerKeeper({ db, writer, clock, log, emit }: LedgerKeeperDeps): LedgerKeeper {
  let tail: Promise<void> = Promise.resolve()
  let stopRetry = (): void => {}
  let delay = FIRST_RETRY_MS
  const stopping = new AbortController()

  async function run(): Promise<void> {
    if (stopping.signal.aborted || pendingMarks(db.reader) === 0) return
    const began = clock.monotonicMs()
    const lease = writer.lease()
    try {
      const { changed, failed } = await lease.compute({ signal: stopping.signal })
      if (changed > 0) emit({ type: 'ledger.changed' })
      tellEnd({ changed, failed }, clock.monotonicMs() - began)
    } catch (cause) {
      // Each step is committed by itself: what was written before one failed is there, and only this tells of it.
      emit({ type: 'ledger.changed' })
      throw cause
    } finally {
      await lease.release()
    }
  }
  function tellEnd({ changed, failed }: LedgerRun, ms: number): void {
    if (failed.length > 0) {
      log.warn('ledger.failed', { books: failed.length, code: failed[0] ?? null })
      retry()
      return
    }
    delay = FIRST_RETRY_MS
    log.info('ledger.computed', { changed, ms: Math.round(ms) })
  }
  function retry(): void {
    stopRetry()
    if (stopping.signal.aborted) return
    stopRetry = clock.after(delay, () => void settle())
    delay = Math.min(delay * 2, LAST_RETRY_MS)
  }
  function settle(): Promise<void> {
    tail = tail.then(run).catch((cause: unknown) => {
      log.warn('ledger.failed', { code: cause instanceof AppError ? cause.code : 'app/internal', cause })
      retry()
    })
    return tail
  }
  return {
    settle,
    start: () => void settle(),
    async stop() {
      stopping.abort()
      stopRetry()
      await tail
    },
  }
}
