import type { NoticeActionKind, NoticeKind } from '../../../shared/contract/notices.ts'
import type { Severity } from '../../../shared/domain/connection-health.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, json, micros, microsOrNull, text, textOrNull } from './cells.ts'

/** Something worth saying. The same topic is not said twice while its reason stands. */
export interface Wanted {
  readonly topic: string
  readonly kind: NoticeKind
  readonly severity: Severity
  readonly connectionId: ConnectionId | null
  readonly code: string | null
  readonly title: string
  readonly body: string
  readonly action: { readonly kind: NoticeActionKind; readonly label: string }
}

export interface StoredNotice extends Wanted {
  readonly id: string
  readonly createdAt: Instant
  /** When the system's own notification was shown last. */
  readonly shownAt: Instant | null
  readonly mailedAt: Instant | null
  readonly readAt: Instant | null
  readonly snoozedUntil: Instant | null
  readonly dismissedAt: Instant | null
  readonly endedAt: Instant | null
}

/** Every notice whose reason stands, newest first. */
export function standingNotices(reader: Reader): StoredNotice[] {
  return reader.all(sql`SELECT * FROM notices WHERE ended_at IS NULL ORDER BY created_at DESC, rowid DESC`).map(toNotice)
}

/** Those that ended after a moment, newest first, 500 at most. */
export function endedNotices(reader: Reader, after: Instant): StoredNotice[] {
  return reader.all(sql`SELECT * FROM notices WHERE ended_at > ${micros(after)} ORDER BY created_at DESC, rowid DESC LIMIT 500`).map(toNotice)
}

export function insertNotice(writer: Writer, id: string, { topic, kind, severity, connectionId, code, title, body, action }: Wanted, at: Instant): void {
  writer.run(sql`
    INSERT INTO notices (id, topic, kind, severity, connection_id, code, title, body, action, created_at)
    VALUES (${id}, ${topic}, ${kind}, ${severity}, ${connectionId}, ${code}, ${title}, ${body}, ${JSON.stringify(action)}, ${micros(at)})`)
}

/** Puts newer words on a notice that stands, such as after its connection was renamed. */
export function rewordNotice(writer: Writer, id: string, { severity, code, title, body, action }: Wanted): void {
  writer.run(sql`
    UPDATE notices SET severity = ${severity}, code = ${code}, title = ${title}, body = ${body}, action = ${JSON.stringify(action)} WHERE id = ${id}`)
}

export function endNotice(writer: Writer, id: string, at: Instant): void {
  writer.run(sql`UPDATE notices SET ended_at = ${micros(at)} WHERE id = ${id} AND ended_at IS NULL`)
}

/** Takes a notice up again whose reason came back soon after it went: it was said already. */
export function reviveNotice(writer: Writer, id: string, wanted: Wanted): void {
  writer.run(sql`UPDATE notices SET ended_at = NULL WHERE id = ${id}`)
  rewordNotice(writer, id, wanted)
}

export function markShown(writer: Writer, id: string, at: Instant): void {
  writer.run(sql`UPDATE notices SET shown_at = ${micros(at)}, snoozed_until = NULL WHERE id = ${id}`)
}

export function markMailed(writer: Writer, id: string, at: Instant): void {
  writer.run(sql`UPDATE notices SET mailed_at = ${micros(at)} WHERE id = ${id}`)
}

export function markRead(writer: Writer, id: string, at: Instant): void {
  writer.run(sql`UPDATE notices SET read_at = ${micros(at)} WHERE id = ${id} AND read_at IS NULL`)
}

/** A snoozed notice counts as unread again once it wakes. Answers whether it stands. */
export function snoozeNotice(writer: Writer, id: string, until: Instant | null): boolean {
  return writer.run(sql`UPDATE notices SET snoozed_until = ${microsOrNull(until)}, read_at = NULL WHERE id = ${id} AND ended_at IS NULL`).changes === 1
}

export function dismissNotice(writer: Writer, id: string, at: Instant): boolean {
  return writer.run(sql`UPDATE notices SET dismissed_at = ${micros(at)} WHERE id = ${id} AND ended_at IS NULL`).changes === 1
}

/** Forgets what ended before a moment. */
export function pruneNotices(writer: Writer, before: Instant): void {
  writer.run(sql`DELETE FROM notices WHERE ended_at < ${micros(before)}`)
}

function toNotice(row: Row): StoredNotice {
  return {
    id: text(row, 'id'),
    topic: text(row, 'topic'),
    kind: text<NoticeKind>(row, 'kind'),
    severity: text<Severity>(row, 'severity'),
    connectionId: textOrNull<ConnectionId>(row, 'connection_id'),
    code: textOrNull(row, 'code'),
    title: text(row, 'title'),
    body: text(row, 'body'),
    action: json<Wanted['action']>(row, 'action'),
    createdAt: instant(row, 'created_at'),
    shownAt: instantOrNull(row, 'shown_at'),
    mailedAt: instantOrNull(row, 'mailed_at'),
    readAt: instantOrNull(row, 'read_at'),
    snoozedUntil: instantOrNull(row, 'snoozed_until'),
    dismissedAt: instantOrNull(row, 'dismissed_at'),
    endedAt: instantOrNull(row, 'ended_at'),
  }
}
