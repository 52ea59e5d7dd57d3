import type { FileRow } from './format.ts'
import type { KnownRow } from './fingerprint.ts'

/**
 * What importing a row would do. Only `new` rows are added, and `unknown` ones and those in conflict when asked; nothing that is there
 * is ever changed.
 */
export const VERDICTS = ['new', 'already-there', 'conflict', 'unknown'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What was found out about a row. Its id is null while it still has to be given one by its count. */
export interface Finding {
  readonly verdict: Verdict
  readonly externalId: string | null
  /** Of a row already there: the ids of all rows of the history it was found to be, cut as they may be. Else empty. */
  readonly told: readonly string[]
  /** Whether it is the one row of `told`, and not a part or the sum of what is there. */
  readonly exact: boolean
  /** Of a conflict: whether it can stand beside what it contradicts. It cannot where that has its very id in the history. */
  readonly addable: boolean
  /** Of a conflict: the row of the history it contradicts, or the first of several. Null when the file contradicts itself. */
  readonly against: KnownRow | null
}

/** The rows of a file on the way to their verdicts, beside what the account has. */
export interface Bench {
  readonly rows: readonly FileRow[]
  readonly there: readonly KnownRow[]
  /** Rows of the account that a row of the file was found to be, or to contradict by its id. */
  readonly used: Set<KnownRow>
  readonly found: Map<FileRow, Finding>
  /** Rows nothing was found out about. */
  left(): FileRow[]
}

export function createBench(rows: readonly FileRow[], there: readonly KnownRow[]): Bench {
  const found = new Map<FileRow, Finding>()
  return { rows, there, used: new Set(), found, left: () => rows.filter(row => !found.has(row)) }
}

export function isThere(externalId: string): Finding {
  return { verdict: 'already-there', externalId, told: [externalId], exact: true, addable: false, against: null }
}

/** A row that says something else than one with its very id, in the history or, for `against` null, in its own file. */
export function contradicts(externalId: string, against: KnownRow | null): Finding {
  return { verdict: 'conflict', externalId, told: [], exact: false, addable: false, against }
}

/** The next row of a list that nothing was matched with. The list is gone through once, however often it is asked. */
export function firstFree(rows: Iterator<KnownRow> | undefined, used: ReadonlySet<KnownRow>): KnownRow | undefined {
  for (let next = rows?.next(); next !== undefined && next.done !== true; next = rows?.next()) if (!used.has(next.value)) return next.value
  return undefined
}
