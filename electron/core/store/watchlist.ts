import type { Quote } from '../../../shared/domain/order.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, integer, json, micros, text, textOrNull } from './cells.ts'

export interface Watched {
  readonly id: string
  readonly symbol: string
  readonly assetClass: string
  /** Who quoted it last; null when nobody has, or the connection is gone. */
  readonly connectionId: ConnectionId | null
  readonly quote: (Quote & { readonly fetchedAt: Instant }) | null
  /** Why the last asking brought nothing; null after one that did. */
  readonly problem: string | null
}

const COLUMNS = sql`w.id, w.symbol, w.asset_class, w.quote, w.quoted_at, w.problem, (SELECT c.id FROM connections c WHERE c.id = w.connection_id AND c.removed_at IS NULL) AS connection_id`

/** Everything that is watched, in the user's order. */
export function watchedAll(reader: Reader): Watched[] {
  return reader.all(sql`SELECT ${COLUMNS} FROM watchlist w ORDER BY w.place, w.id`).map(toWatched)
}

/** Puts a symbol at the end of the list; answers the id of the one that is there already, if it is. */
export function addWatched(writer: Writer, { id, symbol, assetClass }: Pick<Watched, 'id' | 'symbol' | 'assetClass'>): string {
  return writer.tx(w => {
    const there = w.get(sql`SELECT id FROM watchlist WHERE symbol = ${symbol} AND asset_class = ${assetClass}`)
    if (there) return text(there, 'id')
    w.run(
      sql`INSERT INTO watchlist (id, place, symbol, asset_class) SELECT ${id}, coalesce(max(place), 0) + 1, ${symbol}, ${assetClass} FROM watchlist`,
    )
    return id
  })
}

export function watchedCount(reader: Reader): number {
  const row = reader.get(sql`SELECT count(*) AS count FROM watchlist`)
  return row ? integer(row, 'count') : 0
}

/** Answers whether there was one. */
export function removeWatched(writer: Writer, id: string): boolean {
  return writer.run(sql`DELETE FROM watchlist WHERE id = ${id}`).changes > 0
}

/** Puts one before another, or last (null); answers whether both are there. */
export function moveWatched(writer: Writer, id: string, before: string | null): boolean {
  return writer.tx(w => {
    const ids = w.all(sql`SELECT id FROM watchlist ORDER BY place, id`).map(row => text(row, 'id'))
    if (!ids.includes(id) || (before !== null && !ids.includes(before))) return false
    if (before === id) return true
    const others = ids.filter(other => other !== id)
    others.splice(before === null ? others.length : others.indexOf(before), 0, id)
    others.forEach((other, place) => w.run(sql`UPDATE watchlist SET place = ${place + 1} WHERE id = ${other}`))
    return true
  })
}

export interface NewQuote {
  readonly id: string
  readonly connectionId: ConnectionId
  readonly quote: Quote
}

/** Keeps quotes that came, and why others did not; those keep the one they had. */
export function saveQuotes(
  writer: Writer,
  quotes: readonly NewQuote[],
  missing: readonly { readonly id: string; readonly problem: string }[],
  at: Instant,
): void {
  writer.tx(w => {
    for (const { id, connectionId, quote } of quotes) {
      w.run(
        sql`UPDATE watchlist SET connection_id = ${connectionId}, quote = ${JSON.stringify(quote)}, quoted_at = ${micros(at)}, problem = NULL WHERE id = ${id}`,
      )
    }
    for (const { id, problem } of missing) w.run(sql`UPDATE watchlist SET problem = ${problem} WHERE id = ${id}`)
  })
}

function toWatched(row: Row): Watched {
  return {
    id: text(row, 'id'),
    symbol: text(row, 'symbol'),
    assetClass: text(row, 'asset_class'),
    connectionId: textOrNull<ConnectionId>(row, 'connection_id'),
    quote: row['quote'] === null ? null : { ...json<Quote>(row, 'quote'), fetchedAt: instant(row, 'quoted_at') },
    problem: textOrNull(row, 'problem'),
  }
}
