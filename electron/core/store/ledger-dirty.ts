import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer } from './cells.ts'

/** Stands for every instrument and day of an account. */
export const WHOLE = '*'
/** The same, being computed: what changes meanwhile is marked beside it. */
export const WHOLE_BEGUN = '**'

const IS_WHOLE = `SELECT 1 FROM ledger_dirty WHERE account = ? AND symbol = '${WHOLE}'`
const IS_KNOWN = 'SELECT EXISTS (SELECT 1 FROM ledger_books WHERE account = ?) OR EXISTS (SELECT 1 FROM ledger_days WHERE account = ?)'
const MARK = `INSERT INTO ledger_dirty (account, symbol, from_sort_at, from_id) VALUES (?, ?, ?, ?) ON CONFLICT (account, symbol) DO UPDATE
  SET from_sort_at = excluded.from_sort_at, from_id = excluded.from_id WHERE (excluded.from_sort_at, excluded.from_id) < (from_sort_at, from_id)`
const MARK_DAY = 'INSERT OR IGNORE INTO ledger_dirty_days (account, day) VALUES (?, ?)'

/** A place in the history of an instrument. */
export interface DirtyPlace {
  readonly sortAt: number
  readonly id: number
}

/** Collects what changed in one account, to be marked once for each instrument and day. */
export interface Changes {
  row(symbol: string | null, sortAt: number, id: number, day: string): void
  /** Writes the marks; call it in the transaction that changed the rows. */
  mark(): void
}

const NOTHING: Changes = { row: () => undefined, mark: () => undefined }

/** An account that was never computed, or is to be computed anew, gets one mark for all of it: a first sync marks nothing else. */
export function changesOf(writer: Writer, account: number): Changes {
  if (writer.prepare(IS_WHOLE).get(account) !== undefined) return NOTHING
  const isKnown = writer.prepare(IS_KNOWN).pluck().get(account, account) === 1
  const places = new Map<string, DirtyPlace>()
  const days = new Set<string>()
  let changed = false
  return {
    row(symbol, sortAt, id, day) {
      changed = true
      if (!isKnown) return
      days.add(day)
      if (symbol === null) return
      const known = places.get(symbol)
      if (!known || sortAt < known.sortAt || (sortAt === known.sortAt && id < known.id)) places.set(symbol, { sortAt, id })
    },
    mark() {
      if (!changed) return
      if (!isKnown) return markWhole(writer, account)
      for (const [symbol, { sortAt, id }] of places) writer.prepare(MARK).run(account, symbol, sortAt, id)
      for (const day of days) writer.prepare(MARK_DAY).run(account, day)
    },
  }
}

/** Marks everything of an account. */
export function markWhole(writer: Writer, account: number): void {
  writer.prepare(MARK).run(account, WHOLE, 0, 0)
}

/** Marks an instrument of an account from its first row on. */
export function markSymbol(writer: Writer, account: number, symbol: string): void {
  writer.prepare(MARK).run(account, symbol, 0, 0)
}

export function markDay(writer: Writer, account: number, day: LocalDate): void {
  writer.prepare(MARK_DAY).run(account, day)
}

/** Something that waits to be computed. */
export interface DirtyMark extends DirtyPlace {
  readonly account: number
  readonly symbol: string
}

/** Whether anything may wait, those of accounts that are gone included. */
export function hasMarks(writer: Writer): boolean {
  return writer.prepare('SELECT EXISTS (SELECT 1 FROM ledger_dirty) OR EXISTS (SELECT 1 FROM ledger_dirty_days)').pluck().get() === 1
}

const isWhole = ({ symbol }: DirtyMark): boolean => symbol === WHOLE || symbol === WHOLE_BEGUN

const EXISTS = 'EXISTS (SELECT 1 FROM accounts WHERE n = m.account)'
// The limit is written out: bound, the statement is planned anew each time (see ledger-history.ts).
const MARKS = `SELECT account, symbol, from_sort_at, from_id FROM ledger_dirty m WHERE ${EXISTS} ORDER BY account, symbol LIMIT `
const WHOLE_MARKS = `SELECT account, symbol, from_sort_at, from_id FROM ledger_dirty m WHERE symbol IN ('${WHOLE}', '${WHOLE_BEGUN}') AND ${EXISTS} ORDER BY account, symbol LIMIT `
type MarkCells = readonly [account: number, symbol: string, sortAt: number, id: number]

/** Marks in an order of their own; those of accounts that are gone are none. Accounts that are to be computed whole come first. */
export function dirtyMarks(writer: Writer, limit: number): DirtyMark[] {
  const read = (query: string): DirtyMark[] =>
    (writer.prepare(`${query}${limit}`).raw().all() as MarkCells[]).map(([account, symbol, sortAt, id]) => ({ account, symbol, sortAt, id }))
  // In the order of the table's key, because sorting one mark costs more than reading it.
  const marks = read(MARKS)
  const whole = marks.length < limit ? marks.filter(isWhole) : read(WHOLE_MARKS)
  return whole.length === 0 ? marks : [...whole, ...marks.filter(mark => !isWhole(mark))].slice(0, limit)
}

export function dropMark(writer: Writer, account: number, symbol: string): void {
  writer.prepare('DELETE FROM ledger_dirty WHERE account = +? AND symbol = +?').run(account, symbol)
}

/** From here on an account is being computed whole: changes are marked one by one again. */
export function beginWhole(writer: Writer, account: number): void {
  writer.run(sql`DELETE FROM ledger_dirty WHERE account = ${account}`)
  writer.run(sql`DELETE FROM ledger_dirty_days WHERE account = ${account}`)
  writer.prepare(MARK).run(account, WHOLE_BEGUN, 0, 0)
}

export interface DirtyDay {
  readonly account: number
  readonly day: LocalDate
}

const DAYS = `SELECT account, day FROM ledger_dirty_days m WHERE ${EXISTS} ORDER BY account, day LIMIT `

export function dirtyDays(writer: Writer, limit: number): DirtyDay[] {
  return (writer.prepare(`${DAYS}${limit}`).raw().all() as (readonly [number, LocalDate])[]).map(([account, day]) => ({ account, day }))
}

export function dropDay(writer: Writer, { account, day }: DirtyDay): void {
  writer.prepare('DELETE FROM ledger_dirty_days WHERE account = +? AND day = +?').run(account, day)
}

/** How many marks wait; those of days that wait for nothing else count as one. */
export function pendingMarks(reader: Reader): number {
  const row = reader.get(sql`SELECT (SELECT count(*) FROM ledger_dirty WHERE account IN (SELECT n FROM accounts))
    + EXISTS (SELECT 1 FROM ledger_dirty_days WHERE account IN (SELECT n FROM accounts)) AS pending`)
  return row ? integer(row, 'pending') : 0
}
