import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import { setSyncPaused } from '../store/settings.ts'
import type { Scheduler } from '../sync/scheduler.ts'
import type { Sync } from '../sync/sync.ts'

export interface SyncingDeps {
  readonly db: Db
  readonly sync: Sync
  readonly scheduler: Scheduler
}

/** Syncing by hand, pausing it, and when it comes next. */
export function createSyncing({ db, sync, scheduler }: SyncingDeps): Pick<Handlers, 'sync.run' | 'sync.pause' | 'sync.schedule'> {
  return {
    'sync.run': ({ connectionId }, { signal }) => sync.run(connectionId, { signal }),
    'sync.pause'({ paused }) {
      setSyncPaused(db.writer, paused)
      scheduler.pause(paused)
      return { paused }
    },
    'sync.schedule': () => ({ paused: scheduler.paused(), nextAt: scheduler.nextAt() }),
  }
}
