import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { LotMethod } from '../../../shared/domain/lot-method.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { LotPick, RowOverride } from '../ledger/lots/lot-rows.ts'
import { instant, json, micros, text, textOrNull } from './cells.ts'
import type { Units } from './opening-units.ts'

const USUAL: LotMethod = 'fifo'

/** The lot method of an account: the user's choice, else FIFO. */
export function methodOf(reader: Reader, account: number): LotMethod {
  const row = reader.get(sql`SELECT method FROM ledger_methods WHERE account = ${account}`)
  return row ? text<LotMethod>(row, 'method') : USUAL
}

/** The lot method of every account. */
export function methods(reader: Reader): { accountId: AccountId; method: LotMethod }[] {
  return reader
    .all(sql`SELECT a.id, coalesce(m.method, ${USUAL}) AS method FROM accounts a LEFT JOIN ledger_methods m ON m.account = a.n ORDER BY a.connection_id, a.position, a.id`)
    .map(row => ({ accountId: text<AccountId>(row, 'id'), method: text<LotMethod>(row, 'method') }))
}

export function setMethod(writer: Writer, account: number, method: LotMethod): void {
  writer.run(sql`INSERT INTO ledger_methods (account, method) VALUES (${account}, ${method}) ON CONFLICT (account) DO UPDATE SET method = excluded.method`)
}

/** A lot from before the history, as the user told it. */
export interface ToldOpening {
  readonly id: string
  readonly accountId: AccountId
  readonly symbol: string
  readonly currency: string
  readonly day: LocalDate
  readonly quantity: Dec
  readonly price: Dec | null
  readonly note: string
  readonly createdAt: Instant
}

export function toldOpenings(reader: Reader, accountId?: AccountId): ToldOpening[] {
  const of = accountId === undefined ? sql`TRUE` : sql`a.id = ${accountId}`
  return reader.all(sql`SELECT o.*, a.id AS account_id FROM opening_lots o JOIN accounts a ON a.n = o.account WHERE ${of} ORDER BY o.day, o.created_at, o.id`).map(toOpening)
}

/** With what it is and how many units one is, where that was said or learned. */
export function toldOpening(reader: Reader, id: string): (ToldOpening & Units) | null {
  const row = reader.get(sql`SELECT o.*, a.id AS account_id FROM opening_lots o JOIN accounts a ON a.n = o.account WHERE o.id = ${id}`)
  return row ? { ...toOpening(row), assetClass: textOrNull<AssetClass>(row, 'asset_class'), multiplier: textOrNull<Dec>(row, 'multiplier') } : null
}

function toOpening(row: Row): ToldOpening {
  return {
    id: text(row, 'id'),
    accountId: text<AccountId>(row, 'account_id'),
    symbol: text(row, 'symbol'),
    currency: text(row, 'currency'),
    day: text<LocalDate>(row, 'day'),
    quantity: text<Dec>(row, 'quantity'),
    price: textOrNull<Dec>(row, 'price'),
    note: text(row, 'note'),
    createdAt: instant(row, 'created_at'),
  }
}

export interface NewOpening extends Omit<ToldOpening, 'accountId'> {
  /** What it is, and how many units one is; where neither is handed in, the position of its broker says it when the books are computed. */
  readonly assetClass?: AssetClass | null
  readonly multiplier?: Dec | null
}

export function addOpening(writer: Writer, account: number, opening: NewOpening): void {
  const { id, symbol, currency, day, quantity, price, note, createdAt, assetClass = null, multiplier = null } = opening
  writer.run(sql`
    INSERT INTO opening_lots (id, account, symbol, currency, day, quantity, price, note, created_at, asset_class, multiplier)
    VALUES (${id}, ${account}, ${symbol}, ${currency}, ${day}, ${quantity}, ${price}, ${note}, ${micros(createdAt)}, ${assetClass}, ${multiplier})`)
}

export function dropOpening(writer: Writer, id: string): void {
  writer.run(sql`DELETE FROM opening_lots WHERE id = ${id}`)
}

/** Saves which lots a closing takes; none leaves it to the method. */
export function setPicks(writer: Writer, account: number, externalId: string, picks: readonly LotPick[]): void {
  if (picks.length === 0) writer.run(sql`DELETE FROM lot_picks WHERE account = ${account} AND external_id = ${externalId}`)
  else writer.run(sql`INSERT OR REPLACE INTO lot_picks (account, external_id, picks) VALUES (${account}, ${externalId}, ${JSON.stringify(picks)})`)
}

/** What the user says about a row; null for nothing. */
export function overrideOf(reader: Reader, account: number, externalId: string): RowOverride | null {
  const row = reader.get(sql`SELECT said FROM row_overrides WHERE account = ${account} AND external_id = ${externalId}`)
  return row ? json<RowOverride>(row, 'said') : null
}

export function setOverride(writer: Writer, account: number, externalId: string, said: RowOverride | null, at: Instant): void {
  if (said === null) writer.run(sql`DELETE FROM row_overrides WHERE account = ${account} AND external_id = ${externalId}`)
  else writer.run(sql`INSERT OR REPLACE INTO row_overrides (account, external_id, said, at) VALUES (${account}, ${externalId}, ${JSON.stringify(said)}, ${micros(at)})`)
}
