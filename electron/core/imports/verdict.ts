import { type Bench, contradicts, createBench, type Finding, firstFree, isThere, type Verdict } from './bench.ts'
import { settleDoubts } from './doubts.ts'
import { doubtFileIds, findByFileIds } from './file-ids.ts'
import { freeIds, type KnownRow, printOf, printOfKnown } from './fingerprint.ts'
import type { FileRow, FormatId } from './format.ts'
import { readCountedId } from '../ledger/fingerprint.ts'

export interface JudgedRow extends Finding {
  readonly row: FileRow
  /** Its id in the history: of the row it was found to be, or the one it gets. */
  readonly externalId: string
}

export interface JudgeOptions {
  readonly format: FormatId
  /** True when the file's ids are those the broker's own interface gives its rows: then an id decides alone. */
  readonly ownIds: boolean
  /** Every row the account has on the days of the file, and those of any day that have an id of it. */
  readonly there: readonly KnownRow[]
}

/**
 * A verdict for each row of a file, in its order. Rows with the broker's ids are found by them. Of all others the n-th row of the
 * file with a fingerprint is the n-th the account has with it, whoever told it first: so importing twice adds nothing, and identical
 * genuine rows survive. What is then left is held against what the account has and the file does not tell: rows with the same id, and
 * those of the same day; see settleDoubts.
 */
export function judge(rows: readonly FileRow[], { format, ownIds, there }: JudgeOptions): JudgedRow[] {
  const bench = createBench(rows, there)
  if (ownIds) findByBrokerIds(bench, format)
  findByFileIds(bench)
  findByPrint(bench, ownIds)
  doubtFileIds(bench)
  // Where an id decides alone, only sources without such ids may tell the same row under another one.
  const isOther = ({ source }: KnownRow): boolean => !ownIds || (source !== null && source !== format)
  doubtFigures(
    bench,
    there.filter(row => !bench.used.has(row) && counts(row) && isOther(row)),
    format,
  )
  return named(bench)
}

function counts({ status }: Pick<KnownRow, 'status'>): boolean {
  return status !== 'canceled'
}

function findByBrokerIds({ rows, there, used, found }: Bench, format: FormatId): void {
  const known = new Map(there.map(row => [row.externalId, row]))
  for (const row of rows) {
    const other = row.ownId === null ? undefined : known.get(row.ownId)
    if (!other) continue
    used.add(other)
    found.set(row, saysTheSame(row, other, format) ? isThere(other.externalId) : contradicts(other.externalId, other))
  }
}

/**
 * Words for a row may differ between sources, and its day with the zone they count in; what it moved and paid, and whether it counts,
 * may not. Two files of one kind agree on the day and the symbol as well.
 */
function saysTheSame({ facts }: FileRow, found: KnownRow, format: FormatId): boolean {
  if (counts(facts) !== counts(found)) return false
  if (found.source === format && (facts.tradeDate !== found.tradeDate || facts.symbol !== found.symbol)) return false
  return facts.quantity === found.quantity && facts.price === found.price && facts.amount === found.amount && facts.side === found.side
}

function findByPrint({ rows, there, used, found, left }: Bench, ownIds: boolean): void {
  const known = Map.groupBy(
    there.filter(row => !used.has(row)),
    printOfKnown,
  )
  const given = new Map<string, string>()
  if (ownIds) for (const row of rows) if (row.ownId !== null && found.has(row)) given.set(row.ownId, printOf(row))
  for (const [print, group] of Map.groupBy(left(), printOf)) {
    const same = (known.get(print) ?? []).toSorted((a, b) => rankOf(a) - rankOf(b))
    // A row with an id of the broker is another row than one with another such id, however alike; one told by a file without ids it may be.
    const [all, byFiles] = [same.values(), same.filter(row => row.externalId.startsWith('file-')).values()]
    for (const row of group) {
      const id = ownIds ? row.ownId : null
      const before = id === null ? undefined : given.get(id)
      if (id !== null && before !== undefined) {
        found.set(row, before === print ? isThere(id) : contradicts(id, null))
        continue
      }
      const match = firstFree(id === null ? all : byFiles, used)
      if (match) used.add(match)
      if (id !== null) given.set(id, print)
      const verdict: Verdict = row.known ? 'new' : 'unknown'
      found.set(row, match ? isThere(match.externalId) : { verdict, externalId: id, told: [], exact: false, addable: false, against: null })
    }
  }
}

/** The broker's rows are matched first, then those of files by their ordinals: so what several files tell is the same rows. */
function rankOf({ source, externalId }: KnownRow): number {
  return source === null ? -1 : (readCountedId(externalId)?.ordinal ?? 0)
}

function doubtFigures({ rows, found }: Bench, others: readonly KnownRow[], format: FormatId): void {
  const open = rows.filter(row => found.get(row)?.verdict === 'new' && counts(row.facts))
  for (const [row, { verdict, told, against }] of settleDoubts(open, others, format)) {
    const there = verdict === 'already-there'
    const externalId = there ? (told[0] ?? null) : (found.get(row)?.externalId ?? null)
    found.set(row, { verdict, externalId, told: there ? told : [], exact: false, addable: !there, against })
  }
}

/** Rows that need an id get one by their count: first those that are added, so that what is left out leaves no gap. */
function named({ rows, there, found }: Bench): JudgedRow[] {
  const ids = new Map<FileRow, string>()
  const known = Map.groupBy(there, printOfKnown)
  const rank = (row: FileRow): number => ADDED_FIRST.indexOf(found.get(row)?.verdict ?? 'conflict')
  const unnamed = rows.filter(row => found.get(row)?.externalId === null).toSorted((a, b) => rank(a) - rank(b))
  for (const [print, group] of Map.groupBy(unnamed, printOf)) {
    const nextId = freeIds(print, known.get(print) ?? [])
    for (const row of group) ids.set(row, nextId())
  }
  return rows.flatMap(row => {
    const finding = found.get(row)
    return finding ? { row, ...finding, externalId: finding.externalId ?? ids.get(row) ?? '' } : []
  })
}

const ADDED_FIRST: readonly Verdict[] = ['new', 'unknown', 'conflict']
