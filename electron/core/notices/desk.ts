import { AppError } from '../../../shared/contract/errors.ts'
import type { FindingView } from '../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Random } from '../ports.ts'
import {
  endedNotices, endNotice, insertNotice, markShown, pruneNotices, reviveNotice, rewordNotice, standingNotices, type StoredNotice, type Wanted,
} from '../store/notices.ts'
import { openIntents } from '../store/order-intents.ts'
import { waitingRequests } from '../store/order-requests.ts'
import { orderNotices } from './order-notices.ts'
import type { Shown } from './shown.ts'
import { nextNoticeAt, type NoticeFacts, wantedNotices } from './wanted.ts'

export interface NoticeDeskDeps {
  readonly db: Db
  readonly clock: Clock
  readonly random: Pick<Random, 'uuid'>
  readonly shown: Shown
  readonly log: Log
  readonly emit: (event: NewEvent) => void
  readonly findings: () => Promise<readonly FindingView[]>
  readonly connections: () => readonly ConnectionView[]
  readonly nameOf: NoticeFacts['nameOf']
  /** Called when something stands that was not mailed yet. */
  readonly onNew: () => void
}

/** Says what is worth saying, once each. */
export interface NoticeDesk {
  /** Looks in a moment whether there is something to say; calls close together are one look. */
  changed(): void
  /** Looks at once. Resolves when everything was said. */
  look(): Promise<void>
  start(): void
  stop(): Promise<void>
}

/** What happens together is said together. */
const SETTLE_MS = 2_000
/** A reason that comes back this soon is the one that was announced before. */
const SAME_MS = 3_600_000
/** A look that failed, such as on a full disk, is taken again. */
const AGAIN_MS = 300_000
const KEEP_MS = 90 * 86_400_000
/** Deadlines are looked at anew this often even when nothing is planned: clocks are set and computers sleep. */
const LONGEST_MS = 3_600_000

export function createNoticeDesk(deps: NoticeDeskDeps): NoticeDesk {
  const { db, clock, log } = deps
  let isOn = false
  let stopTimer = (): void => undefined
  let plannedForMs = Number.POSITIVE_INFINITY
  let last: Promise<void> = Promise.resolve()
  let deadlines: ReadonlyMap<ConnectionId, Instant> = new Map()
  /** Shown and not noted yet: a disk that takes no note is no reason to show them again. */
  const unnoted = new Set<string>()

  function plan(ms: number): void {
    stopTimer()
    plannedForMs = isOn ? clock.monotonicMs() + ms : Number.POSITIVE_INFINITY
    stopTimer = isOn ? clock.after(ms, () => void look()) : () => undefined
  }

  /** A stream of changes does not put the look off for ever. */
  function soon(): void {
    if (plannedForMs > clock.monotonicMs() + SETTLE_MS) plan(SETTLE_MS)
  }

  function look(): Promise<void> {
    last = last.then(lookOnce).catch((cause: unknown) => {
      log.error('notices.failed', { cause: cause instanceof Error ? cause.message : 'unknown' })
      plan(AGAIN_MS)
    })
    return last
  }

  async function lookOnce(): Promise<void> {
    const findings = await deps.findings()
    const connections = deps.connections()
    const now = clock.now()
    sayPassed(connections, now)
    const requests = waitingRequests(db.reader, now)
    const doubts = openIntents(db.reader).filter(({ outcome }) => outcome === 'unknown')
    const wanted = [...wantedNotices({ findings, connections, nameOf: deps.nameOf }, now), ...orderNotices({ requests, doubts })]
    const fresh = settle(wanted, now)
    if (isOn) show(fresh, now)
    const standing = standingNotices(db.reader)
    const wakes = standing.flatMap(({ snoozedUntil }) => (snoozedUntil === null ? [] : [snoozedUntil]))
    const next = [nextNoticeAt(connections, now), ...wakes, ...requests.map(({ expiresAt }) => expiresAt)].flatMap(at => (at === null ? [] : [Instant.msBetween(now, at)]))
    plan(Math.max(SETTLE_MS, Math.min(LONGEST_MS, ...next)))
    // One that was too mild to be mailed may have become graver.
    if (standing.some(({ mailedAt, readAt, dismissedAt }) => mailedAt === null && readAt === null && dismissedAt === null)) deps.onNew()
  }

  /** A deadline that passes changes a connection though nothing was saved: whoever shows it reads it again. */
  function sayPassed(connections: readonly ConnectionView[], now: Instant): void {
    const connectionIds = [...deadlines].flatMap(([id, at]) => (Instant.isBefore(now, at) ? [] : [id]))
    const ahead = connections.flatMap(({ id, health: { deadline } }) => (deadline !== null && Instant.isBefore(now, deadline) ? [[id, deadline] as const] : []))
    deadlines = new Map(ahead)
    if (connectionIds.length > 0) deps.emit({ type: 'connections.changed', connectionIds })
  }

  /** Makes what stands what is wanted; answers what is to be shown: what is new, and what was snoozed until now. */
  function settle(wanted: readonly Wanted[], now: Instant): StoredNotice[] {
    const standing = new Map(standingNotices(db.reader).map(notice => [notice.topic, notice]))
    const topics = new Map(wanted.map(one => [one.topic, one]))
    const gone = [...standing.values()].filter(({ topic }) => !topics.has(topic))
    const added = [...topics.values()].filter(({ topic }) => !standing.has(topic))
    const reworded = [...topics.values()].flatMap(one => {
      const known = standing.get(one.topic)
      return known && (known.title !== one.title || known.body !== one.body || known.severity !== one.severity) ? [{ id: known.id, one }] : []
    })
    if (gone.length + added.length + reworded.length > 0) {
      const recent = new Map(endedNotices(db.reader, Instant.plus(now, -SAME_MS)).toReversed().map(({ topic, id }) => [topic, id]))
      db.writer.tx(w => {
        for (const { id } of gone) endNotice(w, id, now)
        for (const { id, one } of reworded) rewordNotice(w, id, one)
        for (const one of added) {
          const before = recent.get(one.topic)
          if (before === undefined) insertNotice(w, `ntc_${deps.random.uuid()}`, one, now)
          else reviveNotice(w, before, one)
        }
        pruneNotices(w, Instant.plus(now, -KEEP_MS))
      })
      deps.emit({ type: 'notices.changed' })
    }
    return standingNotices(db.reader).filter(notice => isToBeShown(notice, now))
  }

  function show(fresh: readonly StoredNotice[], now: Instant): void {
    const notices = fresh.filter(({ id }) => !unnoted.has(id))
    deps.shown.say(notices)
    for (const { id } of notices) unnoted.add(id)
    if (unnoted.size === 0) return
    db.writer.tx(w => {
      for (const id of unnoted) markShown(w, id, now)
    })
    unnoted.clear()
    deps.emit({ type: 'notices.changed' })
  }

  return {
    changed: soon,
    look,
    start() {
      isOn = true
      deps.shown.start()
      soon()
    },
    async stop() {
      isOn = false
      stopTimer()
      await last
    },
  }
}

/** New and neither read nor taken off the list, or snoozed until a moment that has come. */
export function isToBeShown({ shownAt, readAt, dismissedAt, snoozedUntil }: StoredNotice, now: Instant): boolean {
  if (dismissedAt !== null || readAt !== null) return false
  return snoozedUntil === null ? shownAt === null : !Instant.isBefore(now, snoozedUntil)
}

/** Throws notice/gone for one that ended meanwhile. */
export function requireStanding(stands: boolean): void {
  if (!stands) throw new AppError('notice/gone')
}
