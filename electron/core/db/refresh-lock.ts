import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../ports.ts'
import { sqliteCode, translate } from './failure.ts'
import { openLock } from './folder-lock.ts'
import { privateFolder } from './private-files.ts'

export interface RefreshLockOptions {
  readonly signal: AbortSignal
  readonly clock: Clock
}

const FIRST_POLL_MS = 15
const SLOWEST_POLL_MS = 50
/** A holder that is stopped keeps its lock; after this long the user is told instead of waiting for ever. */
const PATIENCE_MS = 60_000

/** The last one in line for each lock of this process. */
const lines = new Map<string, Promise<void>>()

/**
 * Runs `fn` while no one else, in this process or another, refreshes the same connection. The kernel holds the lock and
 * drops it when its holder dies. Rejects with app/canceled when the signal stops the wait, and app/busy after a minute.
 */
export async function withRefreshLock<T>(
  dir: string,
  connectionId: ConnectionId,
  { signal, clock }: RefreshLockOptions,
  fn: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw canceled(signal)
  const file = join(dir, `refresh-${connectionId.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.lock`)
  let running = false
  const begin = (): Promise<T> => {
    running = true
    return fn()
  }
  const turn = (lines.get(file) ?? Promise.resolve()).then(() => holding(dir, file, { signal, clock }, begin))
  const over = turn.then(
    () => undefined,
    () => undefined,
  )
  lines.set(file, over)
  void over.then(() => {
    if (lines.get(file) === over) lines.delete(file)
  })
  // Whoever waits in line leaves at once when stopped; once `fn` runs, its own signal decides.
  return new Promise<T>((resolve, reject) => {
    const leave = (): void => {
      if (!running) reject(canceled(signal))
    }
    signal.addEventListener('abort', leave, { once: true })
    void over.then(() => signal.removeEventListener('abort', leave))
    turn.then(resolve, reject)
  })
}

async function holding<T>(dir: string, file: string, { signal, clock }: RefreshLockOptions, fn: () => Promise<T>): Promise<T> {
  if (signal.aborted) throw canceled(signal)
  privateFolder(dir)
  const lock = openLock(file, 0)
  try {
    await take(lock, { signal, clock })
    try {
      return await fn()
    } finally {
      // COMMIT of an empty transaction can meet SQLITE_BUSY; ROLLBACK cannot.
      lock.exec('ROLLBACK')
    }
  } finally {
    lock.close()
  }
}

async function take(lock: Database.Database, { signal, clock }: RefreshLockOptions): Promise<void> {
  const start = clock.monotonicMs()
  for (let wait = FIRST_POLL_MS; !tryTake(lock); wait = Math.min(wait * 1.5, SLOWEST_POLL_MS)) {
    if (clock.monotonicMs() - start > PATIENCE_MS) throw new AppError('app/busy')
    await pause(wait, { signal, clock })
  }
}

function tryTake(lock: Database.Database): boolean {
  try {
    lock.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) return false
    // Even a lock wants a little room on the disk.
    return translate(() => {
      throw error
    })
  }
}

function pause(ms: number, { signal, clock }: RefreshLockOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(canceled(signal))
    const onAbort = (): void => {
      stop()
      reject(canceled(signal))
    }
    const stop = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

function canceled(signal: AbortSignal): AppError {
  return new AppError('app/canceled', { cause: signal.reason })
}
