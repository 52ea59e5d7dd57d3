import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { LotRow } from '../ledger/lots/lot-row.ts'
import { instant, integer, json, micros, text, textOrNull } from './cells.ts'
import { markSymbol } from './ledger-dirty.ts'
import type { Units } from './opening-units.ts'

export const FIX_WORDS = ['split', 'delivered', 'ended', 'traded', 'lot', 'lot-taken-out', 'opening', 'adjustment'] as const
export type FixWord = (typeof FIX_WORDS)[number]

/** One thing a fix added: a row of an instrument, a lot from before the history, or cash. */
export interface StoredFix {
  /** Parts of one fix share what is before the slash. */
  readonly id: string
  readonly accountId: AccountId
  readonly word: FixWord
  readonly symbol: string | null
  readonly currency: string
  /** Cash, or the signed change of the holding. */
  readonly amount: Dec
  readonly day: LocalDate
  readonly detail: FixDetail
  readonly at: Instant
}

export interface FixDetail {
  /** What the user was offered. */
  readonly label: string
  readonly assetClass: AssetClass | null
  readonly price: Dec | null
  /** Of cash: since when the account differed by it. Fixes of before this was kept have none. */
  readonly since?: Instant
  /** Of a lot of the user that was taken out, to put it back; those taken out before its units were kept have none. */
  readonly lot?: { readonly id: string; readonly note: string; readonly createdAt: Instant } & Partial<Units>
}

/** Saves parts of a fix and marks what has to be computed anew; call it in a transaction. */
export function addFixes(writer: Writer, fixes: readonly StoredFix[]): void {
  for (const { id, accountId, word, symbol, currency, amount, day, detail, at } of fixes) {
    const n = accountNumber(writer, accountId)
    if (n === null) continue
    writer.run(sql`
      INSERT INTO reconciliation_fixes (id, account, kind, symbol, currency, amount, day, detail, at)
      VALUES (${id}, ${n}, ${word}, ${symbol}, ${currency}, ${amount}, ${day}, ${JSON.stringify(detail)}, ${micros(at)})`)
    if (word === 'lot') {
      writer.run(sql`
        INSERT INTO opening_lots (id, account, symbol, currency, day, quantity, price, note, created_at)
        VALUES (${id}, ${n}, ${symbol}, ${currency}, ${day}, ${amount}, ${detail.price}, 'Added to settle a difference', ${micros(at)})`)
    }
    if (detail.lot) writer.run(sql`DELETE FROM opening_lots WHERE id = ${detail.lot.id}`)
    if (symbol !== null) markSymbol(writer, n, symbol)
  }
}

/** Takes all parts of a fix back and marks what has to be computed anew; answers whose account it was, null when it is gone. */
export function removeFix(writer: Writer, id: string): AccountId | null {
  const parts = fixesOf(writer).filter(fix => groupOf(fix.id) === groupOf(id))
  for (const { id: part, accountId, symbol, currency, amount, day, detail } of parts) {
    const n = accountNumber(writer, accountId)
    writer.run(sql`DELETE FROM reconciliation_fixes WHERE id = ${part}`)
    writer.run(sql`DELETE FROM opening_lots WHERE id = ${part}`)
    if (detail.lot && n !== null)
      writer.run(sql`
        INSERT OR IGNORE INTO opening_lots (id, account, symbol, currency, day, quantity, price, note, created_at, asset_class, multiplier)
        VALUES (${detail.lot.id}, ${n}, ${symbol}, ${currency}, ${day}, ${Dec.neg(amount)}, ${detail.price}, ${detail.lot.note}, ${micros(detail.lot.createdAt)},
          ${detail.lot.assetClass ?? null}, ${detail.lot.multiplier ?? null})`)
    if (n !== null && symbol !== null) markSymbol(writer, n, symbol)
  }
  return parts[0]?.accountId ?? null
}

/** What names a whole fix. */
export function groupOf(id: string): string {
  return id.split('/')[0] ?? id
}

/** Everything that was added, the newest first. A lot that was taken out by itself is not in it. */
export function fixesOf(reader: Reader): StoredFix[] {
  return reader
    .all(
      sql`
      SELECT f.*, a.id AS account_id FROM reconciliation_fixes f JOIN accounts a ON a.n = f.account
      WHERE f.kind <> 'lot' OR EXISTS (SELECT 1 FROM opening_lots o WHERE o.id = f.id) ORDER BY f.at DESC, f.id`,
    )
    .map(toFix)
}

/** Rows the user's fixes add to an account's history, of one instrument or of all: written like rows of the broker, and booked like them. */
export function fixRows(reader: Reader, account: number, symbol?: string): LotRow[] {
  const only = symbol === undefined ? sql`` : sql`AND f.symbol = ${symbol}`
  return reader
    .all(
      sql`
      SELECT f.*, a.id AS account_id FROM reconciliation_fixes f JOIN accounts a ON a.n = f.account
      WHERE f.account = ${account} AND f.kind IN ('split', 'delivered', 'ended', 'traded') ${only} ORDER BY f.at, f.id`,
    )
    .map(row => toLotRow(toFix(row)))
}

/** Cash the user's fixes add to an account, by currency. */
export function fixCash(
  reader: Reader,
  accountId: AccountId,
): { readonly currency: string; readonly amount: Dec; readonly word: FixWord }[] {
  return reader
    .all(
      sql`
      SELECT f.currency, f.amount, f.kind FROM reconciliation_fixes f JOIN accounts a ON a.n = f.account
      WHERE a.id = ${accountId} AND f.kind IN ('opening', 'adjustment')`,
    )
    .map(row => ({ currency: text(row, 'currency'), amount: text<Dec>(row, 'amount'), word: text<FixWord>(row, 'kind') }))
}

/** Cash the user's fixes added for what came or went after a reading: what an account differed by before then was in its value already. */
export function fixFlows(reader: Reader, accountId: AccountId, asOf: Instant): { readonly currency: string; readonly amount: Dec }[] {
  return reader
    .all(
      sql`
      SELECT f.currency, f.amount, f.detail FROM reconciliation_fixes f JOIN accounts a ON a.n = f.account
      WHERE a.id = ${accountId} AND f.kind = 'adjustment'`,
    )
    .flatMap(row => {
      const { since } = json<FixDetail>(row, 'detail')
      return since === undefined || micros(since) <= micros(asOf)
        ? []
        : [{ currency: text(row, 'currency'), amount: text<Dec>(row, 'amount') }]
    })
}

const KINDS = { split: 'split', delivered: 'transfer', ended: 'option-event', traded: 'trade' } as const

function toLotRow({ id, word, symbol, currency, amount, day, detail, at }: StoredFix): LotRow {
  const kind = word === 'split' || word === 'delivered' || word === 'ended' || word === 'traded' ? KINDS[word] : 'other'
  const isTrade = word === 'traded'
  return {
    id: 0,
    sortAt: placeOf(day, at),
    isTimed: true,
    externalId: id,
    kind,
    brokerType: 'keelson',
    symbol,
    assetClass: detail.assetClass,
    side: isTrade ? (Dec.isNegative(amount) ? 'sell' : 'buy') : null,
    positionEffect: null,
    quantity: isTrade ? Dec.abs(amount) : amount,
    price: isTrade ? detail.price : null,
    amount: null,
    fees: Dec.zero,
    currency,
    tradeDate: day,
    description: detail.label,
    status: 'final',
  }
}

/** What was added for today follows all there was until then; on an earlier day it follows everything of it. */
function placeOf(day: LocalDate, at: Instant): number {
  if (toLocalDate(at, EXCHANGE_ZONE) === day) return Instant.toEpochMicros(at)
  return Instant.toEpochMicros(startOfDay(LocalDate.plusDays(day, 1), EXCHANGE_ZONE)) - 1
}

function accountNumber(reader: Reader, id: AccountId): number | null {
  const row = reader.get(sql`SELECT n FROM accounts WHERE id = ${id}`)
  return row ? integer(row, 'n') : null
}

function toFix(row: Row): StoredFix {
  return {
    id: text(row, 'id'),
    accountId: text<AccountId>(row, 'account_id'),
    word: text<FixWord>(row, 'kind'),
    symbol: textOrNull(row, 'symbol'),
    currency: text(row, 'currency'),
    amount: text<Dec>(row, 'amount'),
    day: text<LocalDate>(row, 'day'),
    detail: json<FixDetail>(row, 'detail'),
    at: instant(row, 'at'),
  }
}
