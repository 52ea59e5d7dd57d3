import { AppError } from '../../../shared/contract/errors.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { lastStates } from './activities-order.ts'
import { TEXT_KEY } from './activity-search.ts'
import { keepVersion } from './activity-versions.ts'
import { type Changes, changesOf } from './ledger-dirty.ts'

export { indexText } from './activities-text.ts'

/**
 * A row of history as the values bound to its columns: account id, external id, content hash, sort_at, executed_at, trade
 * date, kind, broker type, symbol, asset class, side, position effect, quantity, price, amount, fees, currency, order id,
 * description, status, as_of, fetched_at, raw, precedence. Times are microseconds since 1970.
 */
export type ActivityValues = readonly (string | number | null)[]

export interface UpsertCounts {
  readonly new: number
  readonly updated: number
  readonly unchanged: number
}

const COLUMNS = [
  'account',
  'external_id',
  'content_hash',
  'sort_at',
  'executed_at',
  'trade_date',
  'kind',
  'broker_type',
  'symbol',
  'asset_class',
  'side',
  'position_effect',
  'quantity',
  'price',
  'amount',
  'fees',
  'currency',
  'order_id',
  'description',
  'status',
  'as_of',
  'fetched_at',
  'raw',
  'precedence',
] as const
const ACCOUNT = 0
const EXTERNAL_ID = 1
const CONTENT_HASH = 2
const SORT_AT = 3
const EXECUTED_AT = 4
const TRADE_DATE = 5
const SYMBOL = 8
const PRECEDENCE = 23

const INSERT = `INSERT INTO activities (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT (account, external_id) DO NOTHING`
const UPDATE = `UPDATE activities SET ${COLUMNS.map(column => `${column} = ?`).join(', ')} WHERE id = ?`
const REMEMBER = `INSERT OR IGNORE INTO activities_stale (id, text_key) SELECT a.id, ${TEXT_KEY.text} FROM activities a WHERE a.id = ?`
const STORED = 'SELECT precedence, symbol, sort_at, trade_date FROM activities WHERE id = ?'
/** Of many rows at once: those that are not stored, and those stored with other facts. Each entry is the hash, then the external id. */
const DIFFERING = `SELECT j.key, a.id FROM json_each(?) j LEFT JOIN activities a ON a.account = ? AND a.external_id = substr(j.value, ?)
  WHERE a.id IS NULL OR a.content_hash <> rtrim(substr(j.value, 1, ?))`
// A text of its own: a plucked statement is kept by its text, and others read rows by the plain one.
const ACCOUNT_NUMBER = 'SELECT accounts.n FROM accounts WHERE accounts.id = ?'

/** The broker's id of a row, its instrument, and when it was. */
export function whatRow(row: ActivityValues): {
  readonly externalId: string
  readonly tradeDate: LocalDate
  readonly symbol: string | null
  readonly executedAt: Instant | null
} {
  const [symbol, at] = [row[SYMBOL], row[EXECUTED_AT]]
  return {
    externalId: String(row[EXTERNAL_ID]),
    tradeDate: LocalDate.of(String(row[TRADE_DATE])),
    symbol: typeof symbol === 'string' ? symbol : null,
    executedAt: typeof at === 'number' ? Instant.fromEpochMicros(at) : null,
  }
}

const CHUNK = 1000
const SAMPLE = 40

/**
 * Saves rows by the broker's own id: new ones are added, changed ones replaced, unchanged ones not touched at all. Of a row
 * that comes twice, the last counts, once; a stored one that counts more (see BrokerActivity) is left as it is. Throws app/not-found for an unknown account. Call it inside a transaction.
 */
export function upsertActivities(writer: Writer, rows: readonly ActivityValues[]): UpsertCounts {
  const counts = { new: 0, updated: 0, unchanged: 0 }
  for (const [id, some] of byAccount(rows)) {
    const account = accountNumber(writer, id)
    const group = lastStates(some)
    const changes = changesOf(writer, account)
    for (let start = 0; start < group.length; start += CHUNK) {
      const chunk = group.slice(start, start + CHUNK)
      const result = saveChunk(writer, account, chunk, changes)
      counts.new += result.added
      counts.updated += result.updated
      counts.unchanged += chunk.length - result.added - result.updated
    }
    changes.mark()
  }
  return counts
}

function byAccount(rows: readonly ActivityValues[]): Map<unknown, ActivityValues[]> {
  const groups = new Map<unknown, ActivityValues[]>()
  let id: unknown
  let group: ActivityValues[] = []
  for (const row of rows) {
    if (row[ACCOUNT] !== id) {
      id = row[ACCOUNT]
      groups.set(id, (group = groups.get(id) ?? []))
    }
    group.push(row)
  }
  return groups
}

function accountNumber(writer: Writer, id: unknown): number {
  const n: unknown = writer.prepare(ACCOUNT_NUMBER).pluck().get(id)
  if (typeof n !== 'number') throw new AppError('app/not-found', { cause: new Error('rows of an unknown account') })
  return n
}

/** A chunk that looks new is inserted first and compared after; any other is compared first. Both end the same. */
function saveChunk(
  writer: Writer,
  account: number,
  chunk: readonly ActivityValues[],
  changes: Changes,
): { added: number; updated: number } {
  const sample = chunk.slice(0, SAMPLE)
  const looksNew = differing(writer, account, sample).filter(([, id]) => id === null).length * 2 > sample.length
  const left = looksNew ? insertAll(writer, account, chunk, changes) : chunk
  const changed = left.length === 0 ? [] : differing(writer, account, left)
  let added = chunk.length - left.length
  let updated = 0
  for (const [index, id] of changed) {
    const row = left[index]
    if (!row) continue
    if (id === null) added += insertAll(writer, account, [row], changes).length === 0 ? 1 : 0
    else updated += replace(writer, account, id, row, changes)
  }
  return { added, updated }
}

/** Inserts rows; answers those that were there already. */
function insertAll(writer: Writer, account: number, rows: readonly ActivityValues[], changes: Changes): ActivityValues[] {
  const insert = writer.prepare(INSERT)
  const there: ActivityValues[] = []
  const bound: unknown[] = []
  for (const row of rows) {
    const done = insert.run(bind(bound, account, row))
    if (done.changes === 0) there.push(row)
    else note(changes, bound, Number(done.lastInsertRowid))
  }
  return there
}

function replace(writer: Writer, account: number, id: number, row: ActivityValues, changes: Changes): number {
  const [precedence, symbol, sortAt, tradeDate] = writer.prepare(STORED).raw().get(id) as [number, string | null, number, string]
  if (precedence > Number(row[PRECEDENCE])) return 0
  writer.prepare(REMEMBER).run(id)
  const bound = bind([], account, row)
  keepVersion(writer, id, row)
  // What it was and what it is now: a correction may move it to another day or instrument.
  changes.row(symbol, sortAt, id, tradeDate)
  note(changes, bound, id)
  return writer.prepare(UPDATE).run(bound, id).changes
}

function note(changes: Changes, bound: readonly unknown[], id: number): void {
  const symbol = bound[SYMBOL]
  changes.row(typeof symbol === 'string' ? symbol : null, Number(bound[SORT_AT]), id, String(bound[TRADE_DATE]))
}

function differing(writer: Writer, account: number, rows: readonly ActivityValues[]): [index: number, id: number | null][] {
  const hashes = rows.map(row => String(row[CONTENT_HASH]))
  const width = hashes.reduce((longest, hash) => Math.max(longest, hash.length), 0)
  const wanted = JSON.stringify(rows.map((row, index) => `${hashes[index]?.padEnd(width)}${row[EXTERNAL_ID]}`))
  return writer
    .prepare(DIFFERING)
    .raw()
    .all(wanted, account, width + 1, width) as [number, number | null][]
}

function bind(bound: unknown[], account: number, row: ActivityValues): unknown[] {
  for (let column = 0; column < COLUMNS.length; column += 1) bound[column] = row[column]
  bound[ACCOUNT] = account
  bound[SORT_AT] = placeInDay(row)
  return bound
}

/**
 * A row stands inside its trade date, so that a range of days is a stretch of the order. A time outside it (a fee booked
 * later under its trade's date, a future filled on the evening before its session) stands at that day's nearer end, there in the order of
 * its seconds; `executed_at` keeps the time itself.
 */
function placeInDay(row: ActivityValues): number {
  const at = Number(row[SORT_AT])
  if (row[EXECUTED_AT] === null) return at
  const { start, end } = dayOf(String(row[TRADE_DATE]))
  if (at < start) return start + Math.max(0, SECONDS_A_DAY - secondsBetween(at, start))
  return at >= end ? end - 1 - Math.max(0, SECONDS_A_DAY - secondsBetween(end, at)) : at
}

const SECONDS_A_DAY = 86_400

const secondsBetween = (from: number, to: number): number => Math.floor((to - from) / 1_000_000)

const MOST_DAYS = 20_000
const days = new Map<string, Day>()
let lastDay: Day = { day: '', start: 0, end: 0 }

/** A trade date, from its first microsecond to the first of the next. Rows come by their time, so most have the day of the row before. */
function dayOf(day: string): Day {
  if (day === lastDay.day) return lastDay
  let known = days.get(day)
  if (!known) {
    if (days.size >= MOST_DAYS) days.clear()
    const date = LocalDate.of(day)
    const micros = (at: LocalDate): number => Instant.toEpochMicros(startOfDay(at, EXCHANGE_ZONE))
    known = { day, start: micros(date), end: micros(LocalDate.plusDays(date, 1)) }
    days.set(day, known)
  }
  lastDay = known
  return known
}

interface Day {
  readonly day: string
  readonly start: number
  readonly end: number
}
