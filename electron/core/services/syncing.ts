import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import { setSyncPaused } from '../store/settings.ts'
import type { Scheduler } from '../sync/scheduler.ts'
import type { Sync } from '../sync/sync.ts'
import type { Connection } from '../../../shared/domain/connection.ts'

export interface SyncingDeps {
  readonly db: Db
  readonly sync: Sync
  readonly scheduler: Scheduler
  /** Makes sure the simulator of a sandbox connection runs. */
  readonly ensureSandbox: () => Promise<void>
  readonly connections: () => readonly Connection[]
}

/** Syncing by hand, pausing it, and when it comes next. */
export function createSyncing({ db, sync, scheduler, ensureSandbox, connections }: SyncingDeps): Pick<Handlers, 'sync.run' | 'sync.pause' | 'sync.schedule'> {
  return {
    async 'sync.run'({ connectionId }, { signal }) {
      if (connections().some(({ id, environment }) => id === connectionId && environment === 'sandbox')) await ensureSandbox()
      return sync.run(connectionId, { signal })
    },
    'sync.pause'({ paused }) {
      setSyncPaused(db.writer, paused)
      scheduler.pause(paused)
      return { paused }
    },
    'sync.schedule': () => ({ paused: scheduler.paused(), nextAt: scheduler.nextAt() }),
  }
}
