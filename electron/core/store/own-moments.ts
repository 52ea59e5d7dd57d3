import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer } from './cells.ts'

const MOST_DAYS = 20_000
/** A row outside its trade date stands so near to an end of it, in the order of its seconds. */
const MARGIN = 86_401
const ends = new Map<LocalDate, { readonly start: number; readonly end: number }>()

interface Moments {
  readonly account: number
  readonly symbol: string
  readonly key: string
  readonly openDay: LocalDate
  readonly openedAt: number | null
  readonly closeDay: LocalDate | null
  readonly closedAt: number | null
}

/**
 * A run with the moments it was opened and closed at (microseconds since 1970). It is kept with its places in the history, and a fill outside
 * its trade date, such as that of a future on the evening before its session, stands at an end of that day there.
 */
export function withOwnMoments<T extends Moments>(reader: Reader, trip: T): T {
  const { account, symbol, key, openDay, openedAt, closeDay, closedAt } = trip
  const isOpeningMoved = openedAt !== null && isMoved(openedAt, openDay)
  const isClosingMoved = closedAt !== null && closeDay !== null && isMoved(closedAt, closeDay)
  if (!isOpeningMoved && !isClosingMoved) return trip
  const ask = (where: Sql, otherwise: number | null): number | null => {
    const row = reader.get(
      sql`SELECT executed_at FROM activities WHERE account = ${account} AND executed_at IS NOT NULL AND ${where} LIMIT 1`,
    )
    return row ? integer(row, 'executed_at') : otherwise
  }
  return {
    ...trip,
    openedAt: isOpeningMoved ? ask(sql`external_id = ${key}`, openedAt) : openedAt,
    closedAt: isClosingMoved ? ask(sql`symbol = ${symbol} AND sort_at = ${closedAt}`, closedAt) : closedAt,
  }
}

/** The moment of a row that has one, by its number and its place in the history (both in microseconds since 1970). */
export function ownMoment(reader: Reader, row: { readonly id: number; readonly tradeDate: LocalDate; readonly sortAt: number }): number {
  if (!isMoved(row.sortAt, row.tradeDate)) return row.sortAt
  const found = reader.get(sql`SELECT executed_at FROM activities WHERE id = ${row.id} AND executed_at IS NOT NULL`)
  return found ? integer(found, 'executed_at') : row.sortAt
}

function isMoved(at: number, day: LocalDate): boolean {
  const { start, end } = endsOf(day)
  return at - start < MARGIN || end - at <= MARGIN
}

function endsOf(day: LocalDate): { readonly start: number; readonly end: number } {
  let known = ends.get(day)
  if (!known) {
    if (ends.size >= MOST_DAYS) ends.clear()
    const micros = (of: LocalDate): number => Instant.toEpochMicros(startOfDay(of, EXCHANGE_ZONE))
    known = { start: micros(day), end: micros(LocalDate.plusDays(day, 1)) }
    ends.set(day, known)
  }
  return known
}
