import { setImmediate } from 'node:timers/promises'

/** Of these many rows a few milliseconds of work are made. */
const TURN_ROWS = 250

/**
 * Works through rows part by part, without keeping the thread to itself: after each part but the last everything else has its turn. A
 * broker may send a year in one page.
 */
export async function inTurns<Row, Value>(rows: readonly Row[], work: (part: readonly Row[]) => Value): Promise<Value[]> {
  if (rows.length <= TURN_ROWS) return [work(rows)]
  const values: Value[] = []
  for (let at = 0; at < rows.length; at += TURN_ROWS) {
    if (at > 0) await setImmediate()
    values.push(work(rows.slice(at, at + TURN_ROWS)))
  }
  return values
}
