import type { JournalSubject } from '../../../shared/contract/journal.ts'
import type { ActivityId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { fromActivityId, toActivityId } from './activity-rows.ts'
import { integer, text, textOrNull } from './cells.ts'
import { runName, runsOfEntries } from './noted-runs.ts'
import { tripId } from './trip-id.ts'

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
 * What entries are about, for the outside, by their numbers. A round trip is the one their lot is in now, since it has its name from what opens it. `activity_id`
 * is the row that stands under its broker's id now: without one the entry is about nothing that can be opened, and keeps its link for when the row comes back.
 */
export function subjectsOf(reader: Reader, rows: readonly Row[]): (row: Row) => JournalSubject {
  const trips = tripsOfEntries(
    reader,
    rows.filter(row => row['subject'] === 'trip').map(row => integer(row, 'n')),
  )
  return row => subjectOf(row, trips.get(integer(row, 'n')) ?? textOrNull(row, 'trip_id'))
}

function tripsOfEntries(reader: Reader, entries: readonly number[]): Map<number, string> {
  if (entries.length === 0) return new Map()
  const runs = runsOfEntries(reader, sql`e.n IN (${sql.list(entries)})`)
  const named = reader.all(sql`
    SELECT t.book, t.trip, t.key, b.account, b.symbol, b.currency FROM json_each(${JSON.stringify(runs)}) j
    CROSS JOIN ledger_trips t ON t.book = j.value ->> 'book' AND t.trip = j.value ->> 'trip' JOIN ledger_books b ON b.id = t.book`)
  const ids = new Map(
    named.map(row => [
      runName({ book: integer(row, 'book'), trip: integer(row, 'trip') }),
      tripId({ account: integer(row, 'account'), symbol: text(row, 'symbol'), currency: text(row, 'currency'), key: text(row, 'key') }),
    ]),
  )
  return new Map(runs.map(run => [run.entry, ids.get(runName(run)) ?? '']))
}

function subjectOf(row: Row, trip: string | null): JournalSubject {
  const kind = text<JournalSubject['kind']>(row, 'subject')
  if (kind === 'trip' && trip !== null) return { kind, tripId: trip }
  if (kind === 'activity' && row['activity_id'] !== null) return { kind, activityId: toActivityId(integer(row, 'activity_id')) }
  return kind === 'day' ? { kind } : { kind: 'free' }
}

/** The notes of a connection whose history goes stay, about nothing in particular until the account is there again (see keepWords). */
export function unlinkNotes(writer: Writer, id: ConnectionId): void {
  writer.run(sql`
    UPDATE journal_entries SET account = NULL, external_id = NULL, trip_id = NULL, subject = CASE subject WHEN 'day' THEN 'day' ELSE 'free' END
    WHERE account IN (SELECT n FROM accounts WHERE connection_id = ${id})`)
}
