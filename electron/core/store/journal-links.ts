import type { JournalSubject } from '../../../shared/contract/journal.ts'
import type { ActivityId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { fromActivityId, toActivityId } from './activity-rows.ts'
import { integer, text, textOrNull } from './cells.ts'

/** The row of history an entry belongs to, by what stays through every re-sync. */
export interface RowLink {
  /** The account's number. */
  readonly account: number
  readonly externalId: string | null
  readonly symbol: string | null
}

/** What an entry is about, as it is stored. */
export interface StoredSubject {
  readonly kind: JournalSubject['kind']
  readonly link: RowLink | null
  readonly tripId: string | null
}

/** The row an activity is; null when there is none. */
export function linkOfActivity(reader: Reader, id: ActivityId): RowLink | null {
  const row = reader.get(sql`SELECT account, external_id, symbol FROM activities WHERE id = ${fromActivityId(id)}`)
  return row ? { account: integer(row, 'account'), externalId: text(row, 'external_id'), symbol: textOrNull(row, 'symbol') } : null
}

/**
 * What an entry is about, for the outside. `activity_id` is the row that stands under its broker's id now: without one the entry is about
 * nothing that can be opened, and keeps its link for when the row comes back.
 */
export function subjectOf(row: Row): JournalSubject {
  const kind = text<JournalSubject['kind']>(row, 'subject')
  const tripId = textOrNull(row, 'trip_id')
  if (kind === 'trip' && tripId !== null) return { kind, tripId }
  if (kind === 'activity' && row['activity_id'] !== null) return { kind, activityId: toActivityId(integer(row, 'activity_id')) }
  return kind === 'day' ? { kind } : { kind: 'free' }
}

/** The notes of a connection whose history goes stay, about nothing in particular until the account is there again (see keepWords). */
export function unlinkNotes(writer: Writer, id: ConnectionId): void {
  writer.run(sql`
    UPDATE journal_entries SET account = NULL, external_id = NULL, trip_id = NULL, subject = CASE subject WHEN 'day' THEN 'day' ELSE 'free' END
    WHERE account IN (SELECT n FROM accounts WHERE connection_id = ${id})`)
}
