import { AppError } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { getConnection } from '../store/connections.ts'
import { abandonOpenRuns } from '../store/sync-runs.ts'
import { runSync, type SyncDeps as RunDeps } from './run.ts'

/** Syncing, one run a connection at a time. */
export interface Sync {
  /**
   * Syncs a connection and answers when it is done; a call during a run joins it. The run is stopped when everyone who waits
   * for it has given up. Rejects with app/canceled, or app/not-found; broker failures are in the answer.
   */
  run(connectionId: ConnectionId, options: { signal: AbortSignal }): Promise<SyncResult>
  running(connectionId: ConnectionId): boolean
  /** Calls the listener with every result, once its run is over. Answers how to stop listening. */
  onResult(listener: (result: SyncResult) => void): () => void
  /** Stops the run of a connection, if any, and waits for its end. Answers whether there was one. */
  stop(connectionId: ConnectionId): Promise<boolean>
  /** Stops every run and refuses new ones. */
  close(): Promise<void>
}

export interface SyncDeps extends RunDeps {
  /** Told how each run ended, for statistics: with its result, or with why not even that could be saved. It must not throw. */
  readonly onEnded?: ((connection: Connection, ended: SyncEnd) => void) | undefined
}

export interface SyncEnd {
  readonly result: SyncResult | null
  readonly error: unknown
  readonly ms: number
}

interface Running {
  readonly done: Promise<SyncResult>
  readonly stop: AbortController
  waiting: number
}

/** Runs that a killed process left open are closed as failed first. */
export function createSync(deps: SyncDeps): Sync {
  const active = new Map<ConnectionId, Running>()
  const listeners = new Set<(result: SyncResult) => void>()
  let closed = false
  abandonOpenRuns(deps.db.writer, deps.clock.now())

  function start(connectionId: ConnectionId): Running {
    const connection = closed ? null : getConnection(deps.db.reader, connectionId)
    if (!connection) throw new AppError(closed ? 'app/canceled' : 'app/not-found')
    const stop = new AbortController()
    const began = deps.clock.monotonicMs()
    const tell = (result: SyncResult | null, error: unknown): void =>
      deps.onEnded?.(connection, { result, error, ms: deps.clock.monotonicMs() - began })
    const done = (async () => {
      try {
        return await runSync(deps, connection, { signal: stop.signal })
      } finally {
        active.delete(connectionId)
        deps.emit({ type: 'connections.changed', connectionIds: [connectionId] })
      }
    })()
    void done.then(
      result => {
        tell(result, null)
        listeners.forEach(listener => listener(result))
      },
      (error: unknown) => tell(null, error),
    )
    const running = { done, stop, waiting: 0 }
    active.set(connectionId, running)
    return running
  }
  async function end(running: Running | undefined): Promise<boolean> {
    running?.stop.abort()
    await running?.done.catch(() => {})
    return running !== undefined
  }
  return {
    async run(connectionId, { signal }) {
      // A run that was given up is left to wind down; this caller gets one of its own.
      const ending = active.get(connectionId)
      if (ending?.stop.signal.aborted === true) await ending.done.catch(() => {})
      if (signal.aborted) throw new AppError('app/canceled')
      return join(active.get(connectionId) ?? start(connectionId), signal)
    },
    running: connectionId => active.has(connectionId),
    onResult(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: connectionId => end(active.get(connectionId)),
    async close() {
      closed = true
      await Promise.all([...active.values()].map(end))
    },
  }
}

async function join(running: Running, signal: AbortSignal): Promise<SyncResult> {
  running.waiting += 1
  const gaveUp = Promise.withResolvers<never>()
  const giveUp = (): void => {
    running.waiting -= 1
    if (running.waiting === 0) running.stop.abort()
    gaveUp.reject(new AppError('app/canceled'))
  }
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([running.done, gaveUp.promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
