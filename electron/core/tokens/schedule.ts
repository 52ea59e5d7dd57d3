import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../ports.ts'

// A sleeping computer and a corrected clock are noticed within the hour.
const LONGEST_MS = 3_600_000

export interface Schedule {
  /** Plans the connection anew. */
  plan(id: ConnectionId): void
  /** Plans every connection; none runs before the milliseconds drawn for it, so that many do not run at once. */
  start(soonestMs?: () => number): void
  stop(): void
}

export interface ScheduleDeps {
  readonly clock: Clock
  readonly ids: () => readonly ConnectionId[]
  /** Milliseconds until the connection wants its refresh, 0 or less when it is due; null when none is planned. */
  readonly dueInMs: (id: ConnectionId) => number | null
  /** Does it; never rejects. */
  readonly run: (id: ConnectionId) => Promise<void>
}

/** One timer for each connection with a refresh ahead; none for the others. */
export function createSchedule({ clock, ids, dueInMs, run }: ScheduleDeps): Schedule {
  const timers = new Map<ConnectionId, () => void>()
  const running = new Set<ConnectionId>()
  let on = false

  function plan(id: ConnectionId, soonestMs = 0): void {
    timers.get(id)?.()
    timers.delete(id)
    const due = on && !running.has(id) ? dueInMs(id) : null
    if (due !== null)
      timers.set(
        id,
        clock.after(Math.max(soonestMs, Math.min(due, LONGEST_MS)), () => void wake(id)),
      )
  }

  async function wake(id: ConnectionId): Promise<void> {
    timers.delete(id)
    if ((dueInMs(id) ?? 1) > 0) return plan(id)
    running.add(id)
    await run(id)
    running.delete(id)
    plan(id)
  }

  return {
    plan: id => plan(id),
    start(soonestMs = () => 0) {
      on = true
      for (const id of ids()) plan(id, soonestMs())
    },
    stop() {
      on = false
      for (const stop of timers.values()) stop()
      timers.clear()
    },
  }
}
