import type { NewEvent } from '../../../shared/contract/events.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Notify, ShownNotice } from '../ports.ts'
import { standingNotices, type StoredNotice } from '../store/notices.ts'

export interface ShownDeps {
  readonly db: Db
  readonly clock: Clock
  readonly notify: Notify
  readonly log: Log
  /** True while the app lock is closed. */
  readonly isLocked: () => boolean
}

/** What the system shows of the notices, outside any window. */
export interface Shown {
  /** Shows notices: several at once as one. */
  say(notices: readonly StoredNotice[]): void
  /** Puts right what an earlier run left. */
  start(): void
  /** Does what an event asks for. */
  heard(event: NewEvent): void
}

/** Whoever sits there while the app lock is closed may be anybody. */
const LOCKED = { title: 'Keelson needs you', body: 'Unlock Keelson to see what for.', action: null } as const

export function createShown({ db, clock, notify, log, isLocked }: ShownDeps): Shown {
  // Some systems keep what an earlier run has shown.
  const hanging = new Set(unread().flatMap(({ id, shownAt }) => (shownAt === null ? [] : [id])))
  /** Of this run, since the app lock closed last: what a button of one did is told under the same id, also when the notice has gone. */
  const told = new Set<string>()
  let counted: number | null = null

  function unread(): StoredNotice[] {
    const now = clock.now()
    return standingNotices(db.reader).filter(notice => isUnread(notice, now))
  }

  function outside(what: string, call: () => void): void {
    try {
      call()
    } catch (cause) {
      log.warn('notices.outside-failed', { what, cause: cause instanceof Error ? cause.message : 'unknown' })
    }
  }

  function withdraw(ids: readonly string[]): void {
    if (ids.length === 0) return
    for (const id of ids) hanging.delete(id)
    outside('withdraw', () => notify.withdraw?.(ids))
  }

  /** Takes away what was read or has no reason any more, and puts the number of unread ones right. */
  function follow(): void {
    const now = unread().map(({ id }) => id)
    withdraw([...hanging].filter(id => !now.includes(id)))
    if (now.length === counted) return
    counted = now.length
    outside('count', () => notify.count?.(now.length))
  }

  /** They name brokers. What they are about stays unread, and stands in the window once it is open. */
  function hide(): void {
    if (!isLocked()) return
    withdraw([...new Set([...hanging, ...told])])
    told.clear()
  }

  return {
    say(notices) {
      const [first] = notices
      if (!first) return
      const ids = notices.map(({ id }) => id)
      for (const id of ids) {
        hanging.add(id)
        told.add(id)
      }
      outside('show', () => notify.show({ ids, ...(isLocked() ? LOCKED : wordsOf(first, notices)) }))
      log.info('notices.shown', { count: notices.length, kind: first.kind })
    },
    start() {
      follow()
      hide()
    },
    heard({ type }) {
      if (type === 'notices.changed') follow()
      if (type === 'lock.changed') hide()
    },
  }
}

/** Whether a notice waits to be read: one that is snoozed or taken off the list does not. */
export function isUnread({ endedAt, dismissedAt, readAt, snoozedUntil }: StoredNotice, now: Instant): boolean {
  return endedAt === null && dismissedAt === null && readAt === null && (snoozedUntil === null || !Instant.isBefore(now, snoozedUntil))
}

function wordsOf(first: StoredNotice, notices: readonly StoredNotice[]): Omit<ShownNotice, 'ids'> {
  const { title, body, action, connectionId } = first
  if (notices.length === 1) return { title, body, action: { ...action, connectionId } }
  return { title: `Keelson: ${notices.length} things need you`, body: notices.map(notice => notice.title).join('\n'), action: null }
}
