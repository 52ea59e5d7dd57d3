import type { FileRow, FormatId } from './format.ts'
import { freeIds, type KnownRow, printOf, printOfKnown } from './fingerprint.ts'
import { settleDoubts } from './doubts.ts'
import { readCountedId } from '../ledger/fingerprint.ts'

/** What importing a row would do. Only `new` rows, and `unknown` ones when asked, are added; nothing that is there is ever changed. */
export const VERDICTS = ['new', 'already-there', 'conflict', 'unknown'] as const
export type Verdict = (typeof VERDICTS)[number]

export interface JudgedRow {
  readonly row: FileRow
  readonly verdict: Verdict
  /** Its id in the history: of the row it was found to be, or the one it gets. */
  readonly externalId: string
  /** Of a row already there: the ids of all rows of the history it was found to be, cut as they may be. Else empty. */
  readonly told: readonly string[]
}

export interface JudgeOptions {
  readonly format: FormatId
  /** True when the file's ids are those the broker's own interface gives its rows: then an id decides alone. */
  readonly ownIds: boolean
  /** Every row the account has on the days of the file. */
  readonly there: readonly KnownRow[]
}

/**
 * A verdict for each row of a file, in its order. Rows with the broker's ids are found by them. Of all others the n-th row of the
 * file with a fingerprint is the n-th the account has with it, whoever told it first: so importing twice adds nothing, and identical
 * genuine rows survive. What is then left is compared with what other sources left unmatched; see settleDoubts.
 */
export function judge(rows: readonly FileRow[], options: JudgeOptions): JudgedRow[] {
  const judged = new Map<FileRow, JudgedRow>()
  const used = new Set<KnownRow>()
  const put: Put = (row, verdict, externalId, told = [externalId]) =>
    void judged.set(row, { row, verdict, externalId, told: verdict === 'already-there' ? told : [] })
  if (options.ownIds) judgeById(rows, options.there, used, put)
  judgeByPrint(
    rows.filter(row => !judged.has(row)),
    options,
    used,
    put,
  )
  const open = [...judged.values()].filter(({ verdict, row }) => verdict === 'new' && counts(row.facts))
  const others = options.there.filter(row => !used.has(row) && counts(row) && row.source !== options.format)
  const settled = settleDoubts(
    open.map(({ row }) => row),
    options.ownIds ? others.filter(row => row.source !== null) : others,
  )
  for (const [row, { verdict, told }] of settled) put(row, verdict, judged.get(row)?.externalId ?? '', told)
  return rows.flatMap(row => judged.get(row) ?? [])
}

function counts({ status }: Pick<KnownRow, 'status'>): boolean {
  return status !== 'canceled'
}

type Put = (row: FileRow, verdict: Verdict, externalId: string, told?: readonly string[]) => void

function judgeById(rows: readonly FileRow[], there: readonly KnownRow[], used: Set<KnownRow>, put: Put): void {
  const known = new Map(there.map(row => [row.externalId, row]))
  for (const row of rows) {
    const found = row.ownId === null ? undefined : known.get(row.ownId)
    if (!found || row.ownId === null) continue
    used.add(found)
    put(row, saysTheSame(row, found) ? 'already-there' : 'conflict', row.ownId)
  }
}

/** Words for a row may differ between sources; what it moved and paid, and whether it counts, may not. */
function saysTheSame({ facts }: FileRow, found: KnownRow): boolean {
  if (counts(facts) !== counts(found)) return false
  return facts.quantity === found.quantity && facts.price === found.price && facts.amount === found.amount && facts.side === found.side
}

function judgeByPrint(rows: readonly FileRow[], { there: all, ownIds }: JudgeOptions, used: Set<KnownRow>, put: Put): void {
  const known = groupBy(
    all.filter(row => !used.has(row)),
    printOfKnown,
  )
  const given = new Map<string, string>()
  // A row with an id of the broker is another row than one with another such id, however alike; one told by a file without ids it may be.
  const take = (rows: Iterator<KnownRow>): KnownRow | undefined => firstFree(rows, used)
  for (const [print, group] of groupBy(rows, printOf)) {
    const there = (known.get(print) ?? []).toSorted((a, b) => rankOf(a) - rankOf(b))
    const [found, byFiles] = [there.values(), there.filter(row => row.externalId.startsWith('file-')).values()]
    const nextId = freeIds(print, there)
    for (const row of group) {
      const id = ownIds ? row.ownId : null
      const before = id === null ? undefined : given.get(id)
      if (id !== null && before !== undefined) {
        put(row, before === print ? 'already-there' : 'conflict', id)
        continue
      }
      const match = take(id === null ? found : byFiles)
      if (match) used.add(match)
      if (id !== null) given.set(id, print)
      put(row, match ? 'already-there' : row.known ? 'new' : 'unknown', match?.externalId ?? id ?? nextId())
    }
  }
}

/** The broker's rows are matched first, then those of files by their ordinals: so what several files tell is the same rows. */
function rankOf({ source, externalId }: KnownRow): number {
  return source === null ? -1 : (readCountedId(externalId)?.ordinal ?? 0)
}

/** The next row of a list that nothing was matched with. The list is gone through once, however often it is asked. */
function firstFree(rows: Iterator<KnownRow>, used: ReadonlySet<KnownRow>): KnownRow | undefined {
  for (let next = rows.next(); next.done !== true; next = rows.next()) if (!used.has(next.value)) return next.value
  return undefined
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const name = key(value)
    const group = groups.get(name)
    if (group) group.push(value)
    else groups.set(name, [value])
  }
  return groups
}
