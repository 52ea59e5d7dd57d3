import type { KeyObject } from 'node:crypto'
import type { Reader } from '../db/connection.ts'
import { type AuditHead, auditRowAt, lastAuditRow, readAuditHead } from '../store/audit-log.ts'
import type { AuditAnchor } from './audit-anchor.ts'
import { hexOf, isStamped } from './audit-chain.ts'

/**
 * Whether the log reaches as far as it is known to have reached; null when it does, else a sentence. What is known comes from the file
 * beside the database, which a database that was put back or cut does not have, and from the database itself. Without the key only
 * what they say is looked at, not whether Keelson wrote it.
 */
export function outOfStep(reader: Reader, anchor: AuditAnchor, key: KeyObject | null): string | null {
  const last = lastAuditRow(reader)
  const anchored = anchor.read()
  if (last === null && typeof anchored === 'string') return emptied(reader, key)
  if (anchored === 'missing') {
    return 'The file audit-head beside the database is gone, so rows may be missing from the end of the log: the database was brought here without it, or somebody deleted it.'
  }
  if (anchored === 'unreadable') return 'The file audit-head beside the database cannot be read: it was changed or is damaged.'
  return against(reader, anchored, last?.seq ?? 0) ?? stamps(reader, anchored, key)
}

/** Key, rows and what the database says of them are written in one transaction: where there is one of them there were all. */
function emptied(reader: Reader, key: KeyObject | null): string | null {
  const own = readAuditHead(reader)
  if (own !== null) return `The database says that its log reaches row ${own.rows}, and it ends at row 0: all its rows were taken away.`
  return key === null ? null : 'The log is empty, but its key is there, and not one of its rows: they were taken away.'
}

function against(reader: Reader, { rows, mac }: AuditHead, reached: number): string | null {
  if (rows > reached) {
    return `The log reached row ${rows} and now ends at row ${reached}: an older copy of the database was put back, or rows were taken away from the end.`
  }
  const there = hexOf(auditRowAt(reader, rows)?.mac ?? new Uint8Array())
  return there === mac
    ? null
    : `Row ${rows} is not the one that was written: the database is another one than before, or the row was changed.`
}

function stamps(reader: Reader, anchored: AuditHead, key: KeyObject | null): string | null {
  const own = readAuditHead(reader)
  const last = lastAuditRow(reader)
  if (own === null) return last && 'The database no longer says how far its log reaches: somebody took that away.'
  if (own.rows > (last?.seq ?? 0))
    return `The database says that its log reaches row ${own.rows}, and it ends at row ${last?.seq ?? 0}: rows were taken away from the end.`
  if (key === null) return null
  if (!isStamped(key, anchored))
    return 'The file audit-head beside the database was not written with the key of this log: it was changed, or belongs to another one.'
  return isStamped(key, own) ? null : 'What the database says of how far its log reaches was changed.'
}
