import type { ActivityValues } from '../store/activities-write.ts'

/**
 * Rows on their way to another thread: all their text as one, cut at `cuts`, the numbers beside it, and a value equal to the
 * one above it not at all. A few large values cost a thread a fraction of thousands of small ones.
 */
export interface PackedRows {
  readonly width: number
  readonly text: string
  /** A cell each, row by row: where its text ends, or one of the marks. */
  readonly cuts: Uint32Array
  readonly numbers: Float64Array
}

const NULL = 0xffff_ffff
const NUMBER = 0xffff_fffe
const SAME = 0xffff_fffd

/** Packs rows of one width. Text of a row may hold any character. */
export function packRows(rows: readonly ActivityValues[]): PackedRows {
  const width = rows[0]?.length ?? 0
  const cuts = new Uint32Array(rows.length * width)
  const numbers: number[] = []
  // Joined once: text that grows by appending is a tree of pieces, and each would be carried along until it is sent.
  const parts: string[] = []
  let length = 0
  let above: ActivityValues = []
  let cell = 0
  for (const row of rows) {
    for (let column = 0; column < width; column += 1) {
      const value = row[column] ?? null
      if (value === above[column]) cuts[cell] = SAME
      else if (value === null) cuts[cell] = NULL
      else if (typeof value === 'number') {
        cuts[cell] = NUMBER
        numbers.push(value)
      } else {
        parts.push(value)
        length += value.length
        cuts[cell] = length
      }
      cell += 1
    }
    above = row
  }
  return { width, text: parts.join(''), cuts, numbers: Float64Array.from(numbers) }
}

/** The rows as they were before packing. */
export function unpackRows({ width, text, cuts, numbers }: PackedRows): ActivityValues[] {
  const rows: ActivityValues[] = []
  let above: ActivityValues = []
  let from = 0
  let next = 0
  for (let cell = 0; cell < cuts.length; cell += width) {
    const row: (string | number | null)[] = []
    for (let column = 0; column < width; column += 1) {
      const cut = cuts[cell + column] ?? NULL
      if (cut === SAME) row.push(above[column] ?? null)
      else if (cut === NULL) row.push(null)
      else if (cut === NUMBER) {
        row.push(numbers[next] ?? null)
        next += 1
      } else {
        row.push(text.slice(from, cut))
        from = cut
      }
    }
    rows.push(row)
    above = row
  }
  return rows
}
