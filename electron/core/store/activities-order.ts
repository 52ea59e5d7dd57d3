import type { ActivityValues } from './activities-write.ts'

const EXTERNAL_ID = 1
const SORT_AT = 3
const PRECEDENCE = 23

/**
 * The rows of one account as they are best saved: each once, in the last of the states that count most, oldest first. Brokers send newest first; in
 * this order the pages of the database's indexes fill by a tenth better, and the text index takes rows as they come.
 */
export function lastStates(rows: readonly ActivityValues[]): ActivityValues[] {
  const last = new Map<unknown, ActivityValues>()
  for (const row of rows) {
    const before = last.get(row[EXTERNAL_ID])
    if (!before || Number(before[PRECEDENCE] ?? 0) <= Number(row[PRECEDENCE] ?? 0)) last.set(row[EXTERNAL_ID], row)
  }
  return [...last.values()].sort((a, b) => Number(a[SORT_AT]) - Number(b[SORT_AT]))
}
