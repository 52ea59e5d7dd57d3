import type { Reader } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer } from './cells.ts'
import { closingsWhere } from './ledger-realizations.ts'

/** The number of the run something was closed in, by the key of either end; null where nothing was. */
export function runThatClosed(reader: Reader, book: number, key: string): number | null {
  const found = [...closingsWhere(reader, { where: sql`b.id = ${book} AND instr(r.words, ${key}) > 0` })].flatMap(({ closings }) => closings)
  return found.find(({ openKey, closeKey }) => openKey === key || closeKey === key)?.trip ?? null
}

/** The number of the run a lot is or was in, by the key of what opened it; null where the books name no such lot, as at average cost. */
export function runOfLot(reader: Reader, book: number, key: string): number | null {
  const held = reader.get(sql`SELECT trip FROM ledger_lots WHERE book = ${book} AND key = ${key} LIMIT 1`)
  return held ? integer(held, 'trip') : runThatClosed(reader, book, key)
}
