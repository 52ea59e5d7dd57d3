import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import type { WriteBatch, WriteCounts } from './protocol.ts'
import { startThread, type WriterThread } from './thread.ts'

/** Frames of the write-ahead log (4 KiB each) before SQLite folds them in by itself; raised while much is written. */
const RELAXED_CHECKPOINT = 16_000
const USUAL_CHECKPOINT = 1000
const IDLE_MS = 60_000
const NOTHING: WriteCounts = { new: 0, updated: 0, unchanged: 0 }

/** Bulk writes, off the thread that answers the user interface. */
export interface HistoryWriter {
  /** Keeps the thread ready and checkpoints rare until released. The last release folds the log in. */
  lease(): Lease
  /** Runs a small write of this thread while the writer thread is in no transaction, with or without a lease. */
  between<T>(run: () => T): Promise<T>
  close(): Promise<void>
}

export interface Lease {
  /** Commits rows and how far they bring the history, in one transaction of the writer thread. */
  write(batch: WriteBatch): Promise<WriteCounts>
  /** Runs a small write of this thread while the writer thread is in no transaction, so that neither waits for the other. */
  between<T>(run: () => T): Promise<T>
  /** Fills the text index with what was loaded since it was filled last. */
  index(): Promise<void>
  /** Computes what waits in the ledger, in steps that leave room for other writes. A signal ends it after the step under way. */
  compute(options?: { readonly signal?: AbortSignal }): Promise<LedgerRun>
  release(): Promise<void>
}

/** What computing the ledger came to. */
export interface LedgerRun {
  /** Books and days written. */
  readonly changed: number
  /** Instruments that could not be computed, by the code of why; they wait for the next time. */
  readonly failed: readonly ErrorCode[]
}

export interface WriterDeps {
  readonly db: Db
  readonly file: string
  readonly script: URL
  readonly clock: Clock
}

/** The writer starts its thread with the first lease and ends it a minute after the last one. */
export function createWriter({ db, file, script, clock }: WriterDeps): HistoryWriter {
  let thread: WriterThread | undefined
  let leases = 0
  let tail: Promise<unknown> = Promise.resolve()
  let stopIdle = (): void => {}

  const inTurn = <T>(run: () => T | Promise<T>): Promise<T> => {
    const turn = tail.then(run)
    tail = turn.then(ignore, ignore)
    return turn
  }
  const ready = (): WriterThread => {
    if (thread?.alive !== true) {
      thread = startThread(script, file)
      void thread.ask({ kind: 'load' }).catch(ignore)
    }
    return thread
  }
  const settle = async (): Promise<void> => {
    if (leases > 0) return
    try {
      if (thread?.alive === true) await thread.ask({ kind: 'settle' })
    } finally {
      setCheckpoint(db, USUAL_CHECKPOINT)
    }
    stopIdle = clock.after(IDLE_MS, () => void inTurn(retire))
  }
  const retire = async (): Promise<void> => {
    if (leases > 0) return
    const idle = thread
    thread = undefined
    await idle?.stop().catch(ignore)
  }
  const compute: Lease['compute'] = async ({ signal } = {}) => {
    let changed = 0
    const failed: ErrorCode[] = []
    for (;;) {
      const { more, ledger } = await inTurn(() => ready().ask({ kind: 'ledger', at: clock.now() }))
      changed += ledger?.changed ?? 0
      failed.push(...(ledger?.failed ?? []))
      if (!more || signal?.aborted === true) return { changed, failed }
    }
  }
  const leaseOf = (): Lease => {
    let held = true
    return {
      write: batch => inTurn(async () => (await ready().ask({ kind: 'write', batch })).counts ?? NOTHING),
      between: run => inTurn(run),
      async index() {
        let more = true
        while (more) more = await inTurn(async () => (await ready().ask({ kind: 'index' })).more)
      },
      compute,
      async release() {
        if (!held) return
        held = false
        leases -= 1
        await inTurn(settle)
      },
    }
  }
  return {
    lease() {
      stopIdle()
      leases += 1
      setCheckpoint(db, RELAXED_CHECKPOINT)
      const running = thread
      if (running?.alive === true) void running.ask({ kind: 'load' }).catch(ignore)
      else ready()
      return leaseOf()
    },
    between: run => inTurn(run),
    close() {
      stopIdle()
      leases = 0
      return inTurn(retire)
    },
  }
}

/** Both connections follow: otherwise a small commit of this thread would fold in what the other one wrote. */
function setCheckpoint(db: Db, frames: number): void {
  db.raw.pragma(`wal_autocheckpoint = ${frames}`)
}

function ignore(): void {}
