import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Reader, Writer } from '../db/open.ts'
import { FORMAT_IDS, type FileFormat, type FileRow, type FormatId } from '../imports/format.ts'
import { type JudgedRow, judge } from '../imports/verdict.ts'
import { activityValues } from '../ledger/values.ts'
import { upsertActivities } from '../store/activities-write.ts'
import { comparableRows, insertImport, markImported, markTold, type StoredImport } from '../store/imports.ts'
import { countsOf } from './import-views.ts'

/** Where the rows of a file go: an account of a broker; null for one that is still to be made. */
export interface Destination {
  readonly accountId: AccountId | null
  readonly broker: BrokerId
}

/** The rows of a file, judged against what the account has now. */
export function judgeFile(reader: Reader, { accountId, broker }: Destination, format: FileFormat, rows: readonly FileRow[]): JudgedRow[] {
  const days = rows.map(({ facts }) => facts.tradeDate).sort()
  const [from, to] = [days[0], days.at(-1)]
  const there = accountId === null || from === undefined || to === undefined ? [] : comparableRows(reader, accountId, from, to)
  return judge(rows, {
    format: format.id,
    ownIds: format.idsOf.includes(broker),
    there: there.map(row => ({ ...row, source: formatOf(row.source) })),
  })
}

/** A format this version does not know any more still says that the row came with a file. */
function formatOf(source: string | null): FormatId | null {
  return source === null ? null : (FORMAT_IDS.find(id => id === source) ?? 'ofx')
}

export type ImportHead = Omit<StoredImport, 'undoneAt' | 'rows' | 'added' | 'report'>

/** Adds the new rows of a judged file, and those nobody can read when asked, under their import, which also holds what it found there of other imports. Call it inside a transaction. */
export function addRows(writer: Writer, head: ImportHead, judged: readonly JudgedRow[], withUnknown: boolean): number {
  const { id, accountId, createdAt: at } = head
  const added = judged.filter(({ verdict }) => verdict === 'new' || (withUnknown && verdict === 'unknown'))
  const stamps = { asOf: at, fetchedAt: at }
  upsertActivities(
    writer,
    added.map(({ row, externalId }) => activityValues(accountId, { facts: { ...row.facts, externalId }, raw: row.raw }, stamps)),
  )
  insertImport(writer, { ...head, rows: judged.length, added: added.length, report: JSON.stringify(countsOf(judged)) })
  const ids = added.map(({ externalId }) => externalId)
  markImported(writer, accountId, id, ids)
  // Rows of one place share their list.
  const lists = new Set(judged.map(({ told }) => told))
  markTold(writer, accountId, id, new Set([ids, ...lists].flat()))
  return added.length
}
