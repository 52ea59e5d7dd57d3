import type { NewEvent } from '../../../shared/contract/events.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../ports.ts'
import type { WriteCounts } from './protocol.ts'

const QUIET_MS = 1000

export interface Announcer {
  /** Call after a commit, with all rows read so far. */
  committed(fetched: number, counts: WriteCounts): void
  /** Tells what was held back. */
  finish(fetched: number): void
}

export interface AnnouncerDeps {
  readonly emit: (event: NewEvent) => void
  readonly clock: Clock
  readonly connectionId: ConnectionId
  readonly accountId: AccountId
}

/** Tells of an account's commits: the first change at once, later ones at most every second, the last always. */
export function createAnnouncer({ emit, clock, connectionId, accountId }: AnnouncerDeps): Announcer {
  let toldAt = Number.NEGATIVE_INFINITY
  let heldBack = false

  const tellChange = (): void => {
    heldBack = false
    toldAt = clock.monotonicMs()
    emit({ type: 'activities.changed', connectionId, accountIds: [accountId] })
  }
  return {
    committed(fetched, counts) {
      emit({ type: 'sync.progress', connectionId, accountId, fetched })
      if (counts.new + counts.updated === 0) return
      if (clock.monotonicMs() - toldAt >= QUIET_MS) tellChange()
      else heldBack = true
    },
    finish(fetched) {
      emit({ type: 'sync.progress', connectionId, accountId, fetched })
      if (heldBack) tellChange()
    },
  }
}
