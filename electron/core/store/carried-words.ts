import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { LotPick } from '../ledger/lots/lot-rows.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { markDay, markSymbol } from './ledger-dirty.ts'
import { tripId } from './trip-id.ts'

/** A row that goes because another one tells the same; both by their numbers. */
export interface Taken {
  readonly id: number
  readonly taker: number
}

interface Move {
  readonly account: number
  readonly from: string
  readonly to: string
  readonly symbol: string | null
  readonly currency: string
  readonly day: LocalDate
}

/**
 * Carries what the user said about rows over to those that take their place: overrides, picked lots, notes. Where he said something of the
 * taker itself, that stands. Call it before the rows go, in the transaction that takes them out.
 */
export function carryWords(writer: Writer, taken: readonly Taken[]): void {
  const moves = movesOf(writer, taken)
  const [first] = moves
  if (!first) return
  const { account } = first
  const byId = new Map(moves.map(move => [move.from, move]))
  const touched = new Set<Move>()
  for (const table of ['row_overrides', 'lot_picks'] as const) {
    for (const externalId of keysIn(writer, table, account, moves)) {
      const move = byId.get(externalId)
      if (!move) continue
      writer.run(
        table === 'lot_picks'
          ? sql`UPDATE OR IGNORE lot_picks SET external_id = ${move.to} WHERE account = ${account} AND external_id = ${move.from}`
          : sql`UPDATE OR IGNORE row_overrides SET external_id = ${move.to} WHERE account = ${account} AND external_id = ${move.from}`,
      )
      touched.add(move)
    }
  }
  renamePicked(writer, account, byId)
  carryNotes(writer, account, byId)
  for (const { symbol, day } of touched) {
    if (symbol !== null) markSymbol(writer, account, symbol)
    markDay(writer, account, day)
  }
}

function movesOf(writer: Writer, taken: readonly Taken[]): Move[] {
  return writer
    .all(
      sql`
      SELECT t.account, g.external_id AS gone, t.external_id AS taker, t.symbol, t.currency, g.trade_date
      FROM json_each(${JSON.stringify(taken)}) j JOIN activities g ON g.id = j.value ->> 'id' JOIN activities t ON t.id = j.value ->> 'taker'`,
    )
    .map(row => ({
      account: integer(row, 'account'),
      from: text(row, 'gone'),
      to: text(row, 'taker'),
      symbol: textOrNull(row, 'symbol'),
      currency: text(row, 'currency'),
      day: text<LocalDate>(row, 'trade_date'),
    }))
}

function keysIn(writer: Writer, table: 'row_overrides' | 'lot_picks', account: number, moves: readonly Move[]): string[] {
  const ids = JSON.stringify(moves.map(({ from }) => from))
  const rows =
    table === 'lot_picks'
      ? writer.all(
          sql`SELECT external_id FROM lot_picks WHERE account = ${account} AND external_id IN (SELECT value FROM json_each(${ids}))`,
        )
      : writer.all(
          sql`SELECT external_id FROM row_overrides WHERE account = ${account} AND external_id IN (SELECT value FROM json_each(${ids}))`,
        )
  return rows.map(row => text(row, 'external_id'))
}

/** A lot has the id of the row that opened it; one of several a row brought has its number behind it. */
function renamed(key: string, byId: ReadonlyMap<string, Move>): { readonly key: string; readonly move: Move } | null {
  const tail = /~\d+$/.exec(key)?.[0] ?? ''
  const move = byId.get(key) ?? byId.get(key.slice(0, key.length - tail.length))
  return move ? { key: move.from === key ? move.to : `${move.to}${tail}`, move } : null
}

/** Picks name lots, also those of rows that stay. */
function renamePicked(writer: Writer, account: number, byId: ReadonlyMap<string, Move>): void {
  for (const row of writer.all(sql`SELECT external_id, picks FROM lot_picks WHERE account = ${account}`)) {
    const picks = json<LotPick[]>(row, 'picks')
    const now = picks.map(pick => ({ ...pick, lot: renamed(pick.lot, byId)?.key ?? pick.lot }))
    if (now.every(({ lot }, at) => lot === picks[at]?.lot)) continue
    writer.run(
      sql`UPDATE lot_picks SET picks = ${JSON.stringify(now)} WHERE account = ${account} AND external_id = ${text(row, 'external_id')}`,
    )
    const symbol = picks.map(({ lot }) => renamed(lot, byId)?.move.symbol ?? null).find(one => one !== null)
    if (symbol !== undefined) markSymbol(writer, account, symbol)
  }
}

/** A note about a row, and one about a round trip, which has its name from the row that opened it. */
function carryNotes(writer: Writer, account: number, byId: ReadonlyMap<string, Move>): void {
  const ids = JSON.stringify([...byId.keys()])
  const about = sql`(external_id IN (SELECT value FROM json_each(${ids})) OR external_id GLOB '*~[0-9]*')`
  for (const row of writer.all(sql`SELECT n, external_id, trip_id FROM journal_entries WHERE account = ${account} AND ${about}`)) {
    const found = renamed(text(row, 'external_id'), byId)
    if (!found) continue
    const { key, move } = found
    const trip =
      row['trip_id'] === null || move.symbol === null ? null : tripId({ account, symbol: move.symbol, currency: move.currency, key })
    writer.run(sql`UPDATE journal_entries SET external_id = ${key}, trip_id = ${trip} WHERE n = ${integer(row, 'n')}`)
  }
}
