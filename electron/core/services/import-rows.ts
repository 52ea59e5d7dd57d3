import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/open.ts'
import { FORMAT_IDS, type FileFormat, type FileRow, type FormatId } from '../imports/format.ts'
import type { KnownRow } from '../imports/fingerprint.ts'
import { type JudgedRow, judge } from '../imports/verdict.ts'
import { isFuture } from '../ledger/fingerprint.ts'
import { activityValues } from '../ledger/values.ts'
import { upsertActivities } from '../store/activities-write.ts'
import { cancelTrades } from '../store/canceled-trades.ts'
import {
  comparableRows,
  insertImport,
  markImported,
  markTold,
  rowsWithIds,
  type StoredImport,
  type ToldRow,
  toldUnder,
} from '../store/imports.ts'
import { countsOf } from './import-views.ts'

/** Where the rows of a file go: an account of a broker; null for one that is still to be made. */
export interface Destination {
  readonly accountId: AccountId | null
  readonly broker: BrokerId
}

/** The rows of a file, judged against what the account has now. */
export function judgeFile(reader: Reader, { accountId, broker }: Destination, format: FileFormat, rows: readonly FileRow[]): JudgedRow[] {
  const ownIds = format.idsOf.includes(broker)
  return judge(rows, { format: format.id, ownIds, there: accountId === null ? [] : rowsFor(reader, accountId, format.id, rows, ownIds) })
}

/** A future filled on the evening before a weekend of holidays belongs to a session this many days later at most. */
const SESSION_DAYS = 5

/** What the account has on the days of a file, and on any day under one of its ids. */
function rowsFor(reader: Reader, accountId: AccountId, format: FormatId, rows: readonly FileRow[], ownIds: boolean): KnownRow[] {
  const days = rows.map(({ facts }) => facts.tradeDate).sort()
  const [from, to] = [days[0], days.at(-1)]
  if (from === undefined || to === undefined) return []
  const spare = rows.some(({ facts }) => isFuture(facts.symbol)) ? SESSION_DAYS : 0
  const ids = [...new Set(rows.map(row => row.ownId).filter(id => id !== null))]
  const told = ids.length === 0 ? [] : toldUnder(reader, accountId, format, ids)
  const fileIds = new Map<number, Set<string>>()
  for (const { row, ownId } of told) fileIds.set(row.id, (fileIds.get(row.id) ?? new Set()).add(ownId))
  const found = [
    ...comparableRows(reader, accountId, LocalDate.plusDays(from, -spare), LocalDate.plusDays(to, spare)),
    ...(ownIds ? rowsWithIds(reader, accountId, ids) : []),
    ...told.map(({ row }) => row),
  ]
  // Each row once, however it was found.
  return [...new Map(found.map(row => [row.id, row])).values()].map(row => ({
    ...row,
    source: formatOf(row.source),
    fileIds: [...(fileIds.get(row.id) ?? [])],
  }))
}

/** A format this version does not know any more still says that the row came with a file. */
function formatOf(source: string | null): FormatId | null {
  return source === null ? null : (FORMAT_IDS.find(id => id === source) ?? 'ofx')
}

export type ImportHead = Omit<StoredImport, 'undoneAt' | 'undoable' | 'rows' | 'added' | 'report'>

/** What is added beside the new rows. */
export interface Included {
  readonly unknown: boolean
  /** Rows in conflict whose place nothing takes: they stand beside what they contradict. */
  readonly conflicts: boolean
}

/**
 * Adds the new rows of a judged file, and those in doubt when asked, under their import, which also holds what it found there of other
 * imports. Answers how many. Call it inside a transaction.
 */
export function addRows(writer: Writer, head: ImportHead, judged: readonly JudgedRow[], included: Included): number {
  const { id, accountId, createdAt: at } = head
  const added = judged.filter(row => isAdded(row, included))
  const stamps = { asOf: at, fetchedAt: at }
  const values = added.map(({ row, externalId }) =>
    activityValues(accountId, { facts: { ...row.facts, externalId }, raw: row.raw }, stamps),
  )
  upsertActivities(writer, values)
  cancelTrades(writer, accountId, values)
  insertImport(writer, { ...head, rows: judged.length, added: added.length, report: JSON.stringify(countsOf(judged)) })
  markImported(
    writer,
    accountId,
    id,
    added.map(({ externalId }) => externalId),
  )
  markTold(writer, accountId, id, [...added.map(({ row, externalId }) => ({ externalId, ownId: row.ownId })), ...toldBy(judged)])
  return added.length
}

function isAdded({ verdict, addable }: JudgedRow, { unknown, conflicts }: Included): boolean {
  return verdict === 'new' || (unknown && verdict === 'unknown') || (conflicts && verdict === 'conflict' && addable)
}

/** Rows found there, each under the id of the row that says the same. Rows of one place share their list. */
function toldBy(judged: readonly JudgedRow[]): ToldRow[] {
  const same = judged.filter(({ exact }) => exact).map(({ row, externalId }) => ({ externalId, ownId: row.ownId }))
  const lists = new Set(judged.filter(({ exact }) => !exact).map(({ told }) => told))
  return [...same, ...[...lists].flat().map(externalId => ({ externalId, ownId: null }))]
}
