import type { ConnectionId } from '../../shared/domain/ids.ts'
import type { QuietHours, SyncSchedule } from '../../shared/domain/sync-schedule.ts'
import type { Instant } from '../../shared/domain/time.ts'
import { api } from './api.ts'
import { refreshSchedule } from './app.ts'
import { refreshConnections } from './connections.ts'

/** How often a connection syncs by itself; answers when it runs next. Rejects with BridgeError. */
export async function setSchedule(connectionId: ConnectionId, schedule: SyncSchedule): Promise<Instant | null> {
  const { nextAt } = await api().request('schedule.set', { connectionId, ...schedule })
  await Promise.all([refreshSchedule(), refreshConnections()])
  return nextAt
}

/** Sets the hours of each day in which nothing syncs by itself; null for none. Rejects with BridgeError. */
export async function setQuietHours(quiet: QuietHours | null): Promise<void> {
  await api().request('schedule.quiet', { quiet })
  await refreshSchedule()
}
