import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { fingerprint, readCountedId, toldDay } from '../ledger/fingerprint.ts'
import { removeActivities } from './activities-remove.ts'
import { type ActivityValues, whatRow } from './activities-write.ts'
import { carryWords } from './carried-words.ts'
import { comparableRows, hasImports } from './imports.ts'

/**
 * Makes way for rows the broker sent, in the transaction that saved them. An imported row with the same id is the broker's from now
 * on. Of imported rows without such an id the n-th with a fingerprint goes once the broker has told n with it; what files told of it is
 * then known of the broker's, and what the user said about it is said of the broker's. Answers how many went.
 */
export function settleImports(writer: Writer, accountId: AccountId, rows: readonly ActivityValues[]): number {
  if (rows.length === 0 || !hasImports(writer, accountId)) return 0
  const sent = rows.map(whatRow)
  writer.run(sql`
    UPDATE activities SET import_id = NULL WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) AND import_id IS NOT NULL
    AND external_id IN (SELECT value FROM json_each(${JSON.stringify(sent.map(row => row.externalId))}))`)
  const days = new Set(sent.flatMap(row => [row.tradeDate, toldDay(row)]))
  const [from, to] = ends(days)
  const there = comparableRows(writer, accountId, from, to).filter(row => days.has(row.tradeDate))
  const told = Map.groupBy(
    there.filter(row => row.source === null),
    fingerprint,
  )
  const gone = there.flatMap(row => {
    const counted = row.source === null ? null : readCountedId(row.externalId)
    const taker = counted === null ? undefined : told.get(counted.print)?.[counted.ordinal - 1]
    return taker ? [{ id: row.id, taker: taker.id }] : []
  })
  carryWords(writer, gone)
  for (const { id, taker } of gone) writer.run(sql`UPDATE OR IGNORE import_rows SET activity_id = ${taker} WHERE activity_id = ${id}`)
  removeActivities(
    writer,
    gone.map(row => row.id),
  )
  return gone.length
}

function ends(days: ReadonlySet<LocalDate>): [from: LocalDate, to: LocalDate] {
  const sorted = [...days].sort()
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) throw new TypeError('no days')
  return [first, last]
}
