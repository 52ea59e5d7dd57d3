import type { Db } from '../../../electron/core/db/open.ts'
import { toCursor } from '../../../electron/core/store/activity-cursor.ts'
import type { ActivityPageQuery } from '../../../electron/core/store/activities.ts'
import { activityPage } from '../../../electron/core/store/activities.ts'

export const PAGE_ROWS = 100

/**
 * How long each of these pages takes to read, in milliseconds. Pages during which another program took the processor are left
 * out: their time is not ours, and on a busy machine they would be the whole tail. Windows does not tell, so there all count.
 */
export function pageTimes(db: Db, queries: readonly ActivityPageQuery[]): number[] {
  const times: number[] = []
  for (const query of queries) {
    const before = process.resourceUsage().involuntaryContextSwitches
    const began = performance.now()
    activityPage(db.reader, query)
    const ms = performance.now() - began
    if (process.resourceUsage().involuntaryContextSwitches === before) times.push(ms)
  }
  return times
}

/** Repeats one query. */
export function sameQuery(count: number, query: Omit<ActivityPageQuery, 'limit'> = {}): ActivityPageQuery[] {
  return Array.from({ length: count }, () => ({ ...query, limit: PAGE_ROWS }))
}

/** Cursors spread evenly over the history down to its last page. */
export function cursorsAt(db: Db, count: number): string[] {
  const total = Number(db.raw.prepare('SELECT count(*) FROM activities').pluck().get())
  const place = db.raw.prepare('SELECT sort_at, id FROM activities ORDER BY sort_at DESC, id DESC LIMIT 1 OFFSET ?').raw()
  return Array.from({ length: count }, (_, at) => {
    const [sortAt, id] = [place.get(Math.floor((total - PAGE_ROWS - 1) * ((at + 1) / count)))].flat().map(Number)
    return toCursor({ sortAt: sortAt ?? 0, id: id ?? 0 })
  })
}

/** A list in an order that is the same each run and follows nothing. */
export function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value, at) => ({ value, key: (Math.imul(at + 1, 2_654_435_761) >>> 0) / 2 ** 32 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value)
}
