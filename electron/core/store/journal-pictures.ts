import type { JournalEntry } from '../../../shared/contract/journal.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { bytes, integer, micros, text } from './cells.ts'

export type PictureView = JournalEntry['attachments'][number]

export interface NewPicture {
  readonly id: string
  /** The entry's id. */
  readonly entryId: string
  readonly name: string
  readonly type: PictureView['type']
  readonly bytes: Uint8Array
  readonly at: Instant
}

export function insertPicture(writer: Writer, picture: NewPicture): void {
  writer.run(sql`
    INSERT INTO journal_pictures (id, entry, name, type, bytes, created_at)
    SELECT ${picture.id}, n, ${picture.name}, ${picture.type}, ${picture.bytes}, ${micros(picture.at)} FROM journal_entries WHERE id = ${picture.entryId}`)
}

/** Answers whether there was one. */
export function removePicture(writer: Writer, id: string): boolean {
  return writer.run(sql`DELETE FROM journal_pictures WHERE id = ${id}`).changes > 0
}

/** One picture as it was given; null when there is none. */
export function getPicture(reader: Reader, id: string): { readonly type: string; readonly bytes: Uint8Array } | null {
  const row = reader.get(sql`SELECT type, bytes FROM journal_pictures WHERE id = ${id}`)
  return row ? { type: text(row, 'type'), bytes: bytes(row, 'bytes') } : null
}

/** The pictures of some entries, by the entries' numbers, in the order they came; without their bytes. */
export function picturesOf(reader: Reader, numbers: readonly number[]): Map<number, PictureView[]> {
  const rows = reader.all(
    sql`SELECT entry, id, name, type, length(bytes) AS size FROM journal_pictures WHERE entry IN (${sql.list(numbers)}) ORDER BY entry, rowid`,
  )
  const found = new Map<number, PictureView[]>()
  for (const row of rows) {
    const entry = integer(row, 'entry')
    const view = { id: text(row, 'id'), name: text(row, 'name'), type: text<PictureView['type']>(row, 'type'), bytes: integer(row, 'size') }
    found.set(entry, [...(found.get(entry) ?? []), view])
  }
  return found
}
