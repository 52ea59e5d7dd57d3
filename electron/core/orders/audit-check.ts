import type { KeyObject } from 'node:crypto'
import type { Reader } from '../db/connection.ts'
import { type AuditRow, auditRowsAfter, lastAuditRowOf, strayAuditRows } from '../store/audit-log.ts'
import { CHAIN_BEGAN, digestOf, macOf, OUT_OF_STEP, readBody, sameBytes } from './audit-chain.ts'

export interface AuditProblem {
  /** Where it is; null when it is no row's. */
  readonly row: number | null
  readonly sentence: string
}

export interface CheckedRows {
  readonly rows: number
  readonly problem: AuditProblem | null
}

/** A few milliseconds of work; then everything else has its turn. */
const SLICE = 2_000

/** Reckons every row anew. The first thing wrong ends it. `pause` is called between slices. */
export async function checkRows(reader: Reader, key: KeyObject, pause: () => Promise<void>): Promise<CheckedRows> {
  const began = lastAuditRowOf(reader, [CHAIN_BEGAN])
  const strays = strayAuditRows(reader)
  const checker = rowChecker(key, began?.seq ?? 1, strays)
  for (;;) {
    const slice = auditRowsAfter(reader, checker.last(), SLICE)
    for (const row of slice) {
      const problem = checker.trouble(row)
      if (problem !== null) return { rows: checker.rows(), problem }
    }
    if (slice.length < SLICE) return { rows: checker.rows() + strays.length, problem: began && standing(reader, began) }
    await pause()
  }
}

interface RowChecker {
  /** How many rows were found in order, and the number of the last of them. */
  rows(): number
  last(): number
  trouble(row: AuditRow): AuditProblem | null
}

function rowChecker(key: KeyObject, beganAt: number, strays: readonly AuditRow[]): RowChecker {
  const digest = digestOf()
  let rows = 0
  let last = 0
  let before: Uint8Array | null = null

  /** Of the row a chain begins with: it stands on everything before it, those without a number included. */
  function troubleOfFirst(row: AuditRow): AuditProblem | null {
    const bare = digest.value()
    strays.forEach(digest.add)
    if (isSealed(row, digest.value())) return null
    if (isSealed(row, bare)) return { row: null, sentence: strayWords(strays.length) }
    return {
      row: row.seq,
      sentence: row.seq > 1 ? `Row ${row.seq} or one before it was changed since the log was begun anew there.` : otherWords(row),
    }
  }

  const isSealed = (row: AuditRow, on: Uint8Array): boolean => sameBytes(macOf(key, on, row), row.mac)

  /** What is before the chain is frozen as it was, with all its gaps; nothing of it is looked at by itself. */
  function troubleOf(row: AuditRow): AuditProblem | null {
    if (row.seq < beganAt) {
      digest.add(row)
      return null
    }
    if (row.seq !== last + 1) return { row: last + 1, sentence: `Row ${last + 1} is missing.` }
    if (row.damage !== undefined)
      return { row: row.seq, sentence: `Row ${row.seq} cannot be read: a cell of it is of another kind than Keelson writes.` }
    const problem = before === null ? troubleOfFirst(row) : isSealed(row, before) ? null : { row: row.seq, sentence: otherWords(row) }
    before = row.mac
    return problem
  }

  return {
    rows: () => rows,
    last: () => last,
    trouble(row) {
      const problem = troubleOf(row)
      if (problem !== null) return problem
      rows += 1
      last = row.seq
      return null
    },
  }
}

function otherWords({ seq }: AuditRow): string {
  return `Row ${seq} is not as it was written: it was changed, moved or put in.`
}

function strayWords(count: number): string {
  return count === 1
    ? 'A row has no number of the log: it was put in, or its number was changed.'
    : `${count} rows have no number of the log: they were put in, or their numbers were changed.`
}

/** What the log itself says is wrong with it, as long as nobody has accepted it. */
function standing(reader: Reader, began: AuditRow): AuditProblem | null {
  const mark = lastAuditRowOf(reader, [OUT_OF_STEP])
  if (mark !== null && mark.seq > began.seq) return { row: mark.seq, sentence: readBody(mark.body).sentence }
  const { sentence, facts } = readBody(began.body)
  return facts['reason'] === 'key-lost' ? { row: began.seq, sentence } : null
}
