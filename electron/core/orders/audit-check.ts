import type { KeyObject } from 'node:crypto'
import type { Reader } from '../db/connection.ts'
import { type AuditRow, auditRowsAfter, lastAuditRowOf } from '../store/audit-log.ts'
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
  const begun = readable(() => lastAuditRowOf(reader, [CHAIN_BEGAN]))
  if (begun === null) return unreadable(0)
  const began = begun.value
  const checker = rowChecker(key, began?.seq ?? 1)
  for (;;) {
    const slice = readable(() => auditRowsAfter(reader, checker.rows(), SLICE))
    if (slice === null) return unreadable(checker.rows())
    for (const row of slice.value) {
      const sentence = checker.trouble(row)
      if (sentence !== null) return { rows: checker.rows(), problem: { row: checker.rows() + 1, sentence } }
    }
    if (slice.value.length < SLICE) return { rows: checker.rows(), problem: began && standing(reader, began) }
    await pause()
  }
}

function rowChecker(key: KeyObject, beganAt: number): { rows(): number; trouble(row: AuditRow): string | null } {
  const digest = digestOf()
  let rows = 0
  let before: Uint8Array | null = null
  return {
    rows: () => rows,
    trouble(row) {
      if (row.seq !== rows + 1) return `Row ${rows + 1} is missing.`
      if (row.seq < beganAt) digest.add(row)
      else {
        if (!sameBytes(macOf(key, before ?? digest.value(), row), row.mac)) {
          return before === null && row.seq > 1
            ? `Row ${row.seq} or one before it was changed since the log was begun anew there.`
            : `Row ${row.seq} is not as it was written: it was changed, moved or put in.`
        }
        before = row.mac
      }
      rows = row.seq
      return null
    },
  }
}

function unreadable(rows: number): CheckedRows {
  return { rows, problem: { row: rows + 1, sentence: `Row ${rows + 1} or one after it cannot be read.` } }
}

/** What was read of the log; null where a cell is of another type than ours: then the table itself was made anew. */
export function readable<T>(read: () => T): { readonly value: T } | null {
  try {
    return { value: read() }
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** What the log itself says is wrong with it, as long as nobody has accepted it. */
function standing(reader: Reader, began: AuditRow): AuditProblem | null {
  const mark = lastAuditRowOf(reader, [OUT_OF_STEP])
  if (mark !== null && mark.seq > began.seq) return { row: mark.seq, sentence: readBody(mark.body).sentence }
  const { sentence, facts } = readBody(began.body)
  return facts['reason'] === 'key-lost' ? { row: began.seq, sentence } : null
}
