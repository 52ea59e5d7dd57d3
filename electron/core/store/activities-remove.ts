import type { Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { lowerWatermark } from './activities-text.ts'
import { TEXT_KEY } from './activity-search.ts'
import { countAgain } from './canceled-trades.ts'
import { integer, text, textOrNull } from './cells.ts'
import { type Changes, changesOf } from './ledger-dirty.ts'

/**
 * Takes rows out of the history and their words out of the index; a trade that one of them took back counts again. A number that becomes
 * free may be given to a new row, so the index is told that it ends lower. Call it inside a transaction.
 */
export function removeActivities(writer: Writer, ids: readonly number[]): void {
  if (ids.length === 0) return
  const list = JSON.stringify(ids)
  countAgain(writer, ids)
  markRemoved(writer, list)
  writer.run(
    sql`DELETE FROM activities_text WHERE rowid IN (SELECT text_key FROM activities_stale WHERE id IN (SELECT value FROM json_each(${list})))`,
  )
  writer.run(
    sql`DELETE FROM activities_text WHERE rowid IN (SELECT ${TEXT_KEY} FROM activities a WHERE a.id IN (SELECT value FROM json_each(${list})))`,
  )
  writer.run(sql`DELETE FROM activities_stale WHERE id IN (SELECT value FROM json_each(${list}))`)
  writer.run(sql`DELETE FROM activities WHERE id IN (SELECT value FROM json_each(${list}))`)
  lowerWatermark(writer)
}

function markRemoved(writer: Writer, list: string): void {
  const accounts = new Map<number, Changes>()
  const rows = writer.all(
    sql`SELECT DISTINCT account, symbol, trade_date FROM activities WHERE id IN (SELECT value FROM json_each(${list}))`,
  )
  for (const row of rows) {
    const account = integer(row, 'account')
    const changes = accounts.get(account) ?? changesOf(writer, account)
    accounts.set(account, changes)
    changes.row(textOrNull(row, 'symbol'), 0, 0, text(row, 'trade_date'))
  }
  for (const changes of accounts.values()) changes.mark()
}
