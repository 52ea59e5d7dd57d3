import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { TEXT_KEY } from './activity-search.ts'
import { integer } from './cells.ts'

const WATERMARK = 'text-watermark'
const BATCH = 10_000

/**
 * Brings the text index up to date by one batch of rows in one transaction: rows changed since they were indexed, then rows
 * never indexed. Answers whether there is more to do; writes nothing when there is not.
 */
export function indexText(writer: Writer): boolean {
  const from = watermark(writer)
  const to = nextWatermark(writer, from)
  const stale = writer.get(sql`SELECT 1 AS found FROM activities_stale LIMIT 1`) !== undefined
  if (to === from && !stale) return false
  writer.tx(() => {
    if (stale) reindex(writer, from)
    if (to === from) return
    writer.run(sql`
      INSERT INTO activities_text (rowid, symbol, description) SELECT ${TEXT_KEY}, a.symbol, a.description FROM activities a
      WHERE a.id > ${from} AND a.id <= ${to} AND (a.symbol IS NOT NULL OR a.description IS NOT NULL) ORDER BY ${TEXT_KEY}`)
    writer.run(sql`INSERT OR REPLACE INTO meta (name, value) VALUES (${WATERMARK}, ${String(to)})`)
  })
  return nextWatermark(writer, to) !== to
}

/** Notes that rows were taken out: the index ends with the highest that is left, so that a number given anew is indexed anew. */
export function lowerWatermark(writer: Writer): void {
  writer.run(sql`
    UPDATE meta SET value = CAST(min(CAST(value AS INTEGER), coalesce((SELECT max(id) FROM activities), 0)) AS TEXT) WHERE name = ${WATERMARK}`)
}

function watermark(writer: Writer): number {
  const row = writer.get(sql`SELECT CAST(value AS INTEGER) AS id FROM meta WHERE name = ${WATERMARK}`)
  return row ? integer(row, 'id') : 0
}

function nextWatermark(writer: Writer, from: number): number {
  const row = writer.get(sql`SELECT max(id) AS id FROM (SELECT id FROM activities WHERE id > ${from} ORDER BY id LIMIT ${BATCH})`)
  return row && row['id'] !== null ? integer(row, 'id') : from
}

/** Takes out the old words of changed rows and puts in the new ones. Rows past the watermark come with the others. */
function reindex(writer: Writer, upTo: number): void {
  writer.run(sql`DELETE FROM activities_text WHERE rowid IN (SELECT text_key FROM activities_stale)`)
  writer.run(sql`
    INSERT INTO activities_text (rowid, symbol, description) SELECT ${TEXT_KEY}, a.symbol, a.description
    FROM activities_stale s JOIN activities a ON a.id = s.id
    WHERE a.id <= ${upTo} AND (a.symbol IS NOT NULL OR a.description IS NOT NULL) ORDER BY ${TEXT_KEY}`)
  writer.run(sql`DELETE FROM activities_stale`)
}
