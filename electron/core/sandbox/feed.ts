import { firstFrom } from './bulk.ts'
import type { Bulk } from './bulk.ts'

/** A row of a history: when, of what type, and its finished JSON text. */
export interface FeedRow {
  readonly id: string
  readonly at: number
  readonly type: string
  readonly symbol: string | null
  readonly text: string
}

/** How a broker writes and names the made-on-demand fills of a large history. */
export interface BulkForm {
  row(number: number): FeedRow
  /** The number behind an id, or undefined when it is not one of them. */
  numberOf(id: string): number | undefined
}

/** A history in order of time, oldest first, that need not exist in memory. */
export interface Feed {
  readonly size: number
  rowAt(index: number): FeedRow
  /** The first index at or after a moment. */
  from(ms: number): number
  indexOf(id: string): number | undefined
}

/** Merges written rows with made-on-demand ones. Cost of a look-up: a few binary searches, whatever the size. */
export function createFeed(written: readonly FeedRow[], bulk: Bulk, form: BulkForm): Feed {
  const rows = [...written].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const places = rows.map((row, number) => number + bulk.before(row.at))
  const byId = new Map(rows.map((row, number) => [row.id, places[number] ?? 0]))
  const size = rows.length + bulk.count
  let last = 0
  // Pages read neighbours, so the answer is mostly the one before.
  const writtenBefore = (index: number): number => {
    const fits = (last === 0 || (places[last - 1] ?? 0) < index) && (last === places.length || (places[last] ?? 0) >= index)
    if (!fits) last = firstFrom(places.length, number => (places[number] ?? 0) >= index)
    return last
  }
  return {
    size,
    rowAt(index) {
      const number = writtenBefore(index)
      const row = rows[number]
      return row && places[number] === index ? row : form.row(index - number)
    },
    from: ms => firstFrom(rows.length, number => (rows[number]?.at ?? 0) >= ms) + bulk.before(ms),
    indexOf(id) {
      const known = byId.get(id)
      if (known !== undefined) return known
      const number = form.numberOf(id)
      if (number === undefined) return undefined
      const at = bulk.timeAt(number)
      return number + firstFrom(rows.length, place => (rows[place]?.at ?? 0) > at)
    },
  }
}
