import { AppError } from '../../../shared/contract/errors.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import { getConnection } from '../store/connections.ts'
import { setSyncPaused } from '../store/settings.ts'
import { readQuietHours, saveQuietHours, saveSchedule } from '../store/sync-schedules.ts'
import type { Scheduler } from '../sync/scheduler.ts'
import type { Sync } from '../sync/sync.ts'

export interface SyncingDeps {
  readonly db: Db
  readonly sync: Sync
  readonly scheduler: Scheduler
  readonly events: Events
}

type SyncingHandlers = Pick<Handlers, 'sync.run' | 'sync.pause' | 'sync.schedule' | 'schedule.set' | 'schedule.quiet'>

/** Syncing by hand, pausing it, when it comes by itself, and when it must not. */
export function createSyncing({ db, sync, scheduler, events }: SyncingDeps): SyncingHandlers {
  return {
    'sync.run': ({ connectionId }, { signal }) => sync.run(connectionId, { signal }),
    'sync.pause'({ paused }) {
      setSyncPaused(db.writer, paused)
      scheduler.pause(paused)
      return { paused }
    },
    'sync.schedule': () => ({ paused: scheduler.paused(), nextAt: scheduler.nextAt(), quiet: readQuietHours(db.reader) }),
    'schedule.set'({ connectionId, every, marketHours }) {
      const connection = getConnection(db.reader, connectionId)
      if (!connection) throw new AppError('app/not-found')
      saveSchedule(db.writer, connection.id, { every, marketHours })
      scheduler.replan()
      events.emit({ type: 'connections.changed', connectionIds: [connection.id] })
      return { nextAt: scheduler.nextAt(connection.id) }
    },
    'schedule.quiet'({ quiet }) {
      saveQuietHours(db.writer, quiet)
      scheduler.replan()
      events.emit({ type: 'schedule.changed' })
      return { quiet }
    },
  }
}
