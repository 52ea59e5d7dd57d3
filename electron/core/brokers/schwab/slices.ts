import { AppError } from '../../../../shared/contract/errors.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import type { DateRange } from '../adapter.ts'

/** A piece of a range, read in one call: milliseconds since 1970, both included. */
export interface Slice {
  readonly from: number
  readonly to: number
}

/** Where a walk back through a range stands: what is still to read ends at `to`. */
export interface Walk {
  readonly to: number
  /** How long the next slice is. */
  readonly spanMs: number
}

/** The most a call answers; that many rows mean some may be missing. */
export const MOST_ROWS = 3000

const YEAR_MS = 365 * 86_400_000
const SHORTEST_MS = 60_000
const CURSOR = /^s1\.(\d{1,14})\.(\d{1,14})$/

/** The edges of a range in milliseconds: whole days of the exchange. */
export function edgesOf({ from, to }: DateRange): Slice {
  const begin = Instant.toEpochMs(startOfDay(from, EXCHANGE_ZONE))
  return { from: begin, to: Instant.toEpochMs(startOfDay(LocalDate.plusDays(to, 1), EXCHANGE_ZONE)) - 1 }
}

/** The start of a walk, or the place a cursor names. Throws app/invalid-request for text that is no cursor. */
export function walkFrom(cursor: string | null, edges: Slice): Walk {
  if (cursor === null) return { to: edges.to, spanMs: YEAR_MS }
  const [, to, spanMs] = CURSOR.exec(cursor) ?? []
  if (to === undefined) throw new AppError('app/invalid-request', { cause: 'not a Schwab cursor' })
  return { to: Math.min(Number(to), edges.to), spanMs: Math.min(Math.max(Number(spanMs), SHORTEST_MS), YEAR_MS) }
}

/** The next slice: at most a year, newest first. */
export function sliceOf(walk: Walk, edges: Slice): Slice {
  return { from: Math.max(edges.from, walk.to - walk.spanMs + 1), to: walk.to }
}

/** The same end with half the length; undefined when it cannot get shorter. */
export function halved(walk: Walk, slice: Slice): Walk | undefined {
  const spanMs = Math.floor((slice.to - slice.from + 1) / 2)
  return spanMs < SHORTEST_MS ? undefined : { ...walk, spanMs }
}

/**
 * Where to go on after a slice with `rows` rows; null at the range's beginning only: an account may rest for years, and what
 * lies before is history too. A quarter of a century is 26 calls.
 */
export function nextCursor(walk: Walk, slice: Slice, edges: Slice, rows: number): string | null {
  if (slice.from <= edges.from) return null
  const spanMs = rows < MOST_ROWS / 4 ? Math.min(walk.spanMs * 2, YEAR_MS) : walk.spanMs
  return `s1.${slice.from - 1}.${spanMs}`
}
