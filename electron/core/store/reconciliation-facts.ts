import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, type Instant, type LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { type UnheldSale, unheldSales } from './short-sales.ts'
import { instant, instantOrNull, integer, micros, text, textOrNull } from './cells.ts'

/** What the ledger says of one instrument of an account. */
export interface LedgerBook {
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly currency: string
  readonly quantity: Dec
  /** Closed without ever having been opened, signed as it would have been held. */
  readonly missing: Dec
  /** What it is made of, by the row that closed it. */
  readonly unopened: readonly UnopenedRow[]
  /** The part of it that plain sales closed, by row. */
  readonly soldUnheld: readonly UnheldSale[]
  /** Of what is open, costs included; negative for a short holding, null when nobody knows. */
  readonly cost: Dec | null
  readonly multiplier: Dec | null
  readonly realized: Dec
  readonly firstDay: LocalDate | null
}

/** What a row closed that was never opened, signed as it would have been held. */
export interface UnopenedRow {
  readonly row: string
  readonly day: LocalDate
  readonly quantity: Dec
}

/** The books of an account that hold something, or that miss something. */
export function ledgerBooks(reader: Reader, accountId: AccountId): LedgerBook[] {
  const books = reader.all(sql`
    SELECT b.id, b.symbol, b.asset_class, b.currency, b.quantity, b.multiplier, b.realized FROM ledger_books b JOIN accounts a ON a.n = b.account
    WHERE a.id = ${accountId} AND (b.quantity <> '0' OR EXISTS (SELECT 1 FROM ledger_gaps g WHERE g.book = b.id AND g.kind = 'needs-opening-lot'))`)
  const unheld = unheldSales(reader, accountId)
  return books.map(row => {
    const book = integer(row, 'id')
    const unopened = unopenedOf(reader, book)
    return {
      symbol: text(row, 'symbol'),
      assetClass: textOrNull<AssetClass>(row, 'asset_class'),
      currency: text(row, 'currency'),
      quantity: text<Dec>(row, 'quantity'),
      missing: Dec.sum(unopened.map(({ quantity }) => quantity)),
      unopened,
      soldUnheld: unheld.get(book) ?? [],
      cost: costOf(reader, book),
      multiplier: textOrNull<Dec>(row, 'multiplier'),
      realized: text<Dec>(row, 'realized'),
      firstDay: firstDayOf(reader, accountId, text(row, 'symbol')),
    }
  })
}

function unopenedOf(reader: Reader, book: number): UnopenedRow[] {
  return (
    reader
      .all(sql`SELECT key, day, quantity FROM ledger_gaps WHERE book = ${book} AND kind = 'needs-opening-lot' ORDER BY day, key`)
      // A gap is signed like what closed it.
      .map(row => ({ row: text(row, 'key'), day: text<LocalDate>(row, 'day'), quantity: Dec.neg(text<Dec>(row, 'quantity')) }))
  )
}

function costOf(reader: Reader, book: number): Dec | null {
  let total = Dec.zero
  for (const row of reader.all(sql`SELECT quantity, unit, principal, costs FROM ledger_lots WHERE book = ${book}`)) {
    const cost = lotCost(row)
    if (cost === null) return null
    total = Dec.add(total, cost)
  }
  return total
}

/** What is bound in a lot: paid for a long one, received for a short one (then negative). */
function lotCost(row: Row): Dec | null {
  const quantity = text<Dec>(row, 'quantity')
  const unit = textOrNull<Dec>(row, 'unit')
  const whole = unit === null ? textOrNull<Dec>(row, 'principal') : Dec.mul(unit, Dec.abs(quantity))
  if (whole === null) return null
  return Dec.isNegative(quantity) ? Dec.sub(text<Dec>(row, 'costs'), whole) : Dec.add(whole, text<Dec>(row, 'costs'))
}

function firstDayOf(reader: Reader, accountId: AccountId, symbol: string): LocalDate | null {
  const row = reader.get(sql`
    SELECT trade_date AS day FROM activities INDEXED BY activities_symbol WHERE symbol = ${symbol} AND account = (SELECT n FROM accounts WHERE id = ${accountId}) ORDER BY sort_at LIMIT 1`)
  return row ? textOrNull<LocalDate>(row, 'day') : null
}

/** What all rows of an account move in cash, by currency. */
export function ledgerCash(reader: Reader, accountId: AccountId): Map<string, Dec> {
  const found = new Map<string, Dec>()
  for (const row of reader.all(
    sql`SELECT currency, cash FROM ledger_days WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})`,
  )) {
    const currency = text(row, 'currency')
    found.set(currency, Dec.add(found.get(currency) ?? Dec.zero, text<Dec>(row, 'cash')))
  }
  return found
}

/** How many rows of a currency that should move cash state no amount. Looks at every row of the account. */
export function unstatedRows(reader: Reader, accountId: AccountId, currency: string): number {
  const row = reader.get(sql`
    SELECT count(*) AS rows FROM activities WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) AND amount IS NULL AND currency = ${currency} AND status <> 'canceled'
      AND kind IN ('trade', 'dividend', 'interest', 'fee', 'tax')`)
  return row ? integer(row, 'rows') : 0
}

/** True while something of an account waits to be computed. */
export function waitsForLedger(reader: Reader, accountId: AccountId): boolean {
  const n = sql`(SELECT n FROM accounts WHERE id = ${accountId})`
  return (
    reader.get(
      sql`SELECT 1 WHERE EXISTS (SELECT 1 FROM ledger_dirty WHERE account = ${n}) OR EXISTS (SELECT 1 FROM ledger_dirty_days WHERE account = ${n})`,
    ) !== undefined
  )
}

/** The day of an account's first row; null without one. */
export function firstRowDay(reader: Reader, accountId: AccountId): LocalDate | null {
  const row = reader.get(
    sql`SELECT trade_date AS day FROM activities WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) ORDER BY sort_at LIMIT 1`,
  )
  return row ? text<LocalDate>(row, 'day') : null
}

/** What moved an instrument. The row had come by `toldAt`: a correction is read later, but no row is older than those stored after it. */
export interface InstrumentMove {
  readonly row: string
  readonly day: LocalDate
  readonly change: Dec
  readonly price: Dec | null
  readonly toldAt: Instant
}

/** Everything that moved one instrument of an account, oldest first; of trades the price too. */
export function movesOf(reader: Reader, accountId: AccountId, symbol: string): InstrumentMove[] {
  return reader
    .all(
      sql`
      SELECT external_id, trade_date, min(fetched_at) OVER (ORDER BY id DESC) AS told_at, kind, side, quantity, price FROM activities INDEXED BY activities_symbol WHERE symbol = ${symbol} AND account = (SELECT n FROM accounts WHERE id = ${accountId})
        AND quantity IS NOT NULL AND status <> 'canceled' AND kind IN ('trade', 'split', 'option-event', 'transfer', 'journal', 'corporate-action') ORDER BY sort_at, id`,
    )
    .map(row => {
      const quantity = text<Dec>(row, 'quantity')
      const isSale = textOrNull<Side>(row, 'side') === 'sell'
      return {
        row: text(row, 'external_id'),
        day: text<LocalDate>(row, 'trade_date'),
        toldAt: instant(row, 'told_at'),
        change: isSale ? Dec.neg(quantity) : quantity,
        price: text(row, 'kind') === 'trade' ? textOrNull<Dec>(row, 'price') : null,
      }
    })
}

export interface RecentActivity {
  readonly kind: ActivityKind
  readonly symbol: string | null
  readonly currency: string
  /** The signed change of a holding; null where it moves none. */
  readonly change: Dec | null
  readonly amount: Dec | null
  readonly executedAt: Instant | null
  readonly tradeDate: LocalDate
  readonly orderId: string | null
}

/** The rows of an account from a day on that count. */
export function activitiesSince(reader: Reader, accountId: AccountId, day: LocalDate): RecentActivity[] {
  return reader
    .all(
      sql`
      SELECT kind, symbol, currency, side, quantity, amount, executed_at, trade_date, order_id FROM activities
      WHERE account = (SELECT n FROM accounts WHERE id = ${accountId}) AND sort_at >= ${micros(startOfDay(day, EXCHANGE_ZONE))} AND status <> 'canceled'`,
    )
    .map(row => {
      const quantity = textOrNull<Dec>(row, 'quantity')
      return {
        kind: text<ActivityKind>(row, 'kind'),
        symbol: textOrNull(row, 'symbol'),
        currency: text(row, 'currency'),
        change: quantity !== null && textOrNull<Side>(row, 'side') === 'sell' ? Dec.neg(quantity) : quantity,
        amount: textOrNull<Dec>(row, 'amount'),
        executedAt: instantOrNull(row, 'executed_at'),
        tradeDate: text<LocalDate>(row, 'trade_date'),
        orderId: textOrNull(row, 'order_id'),
      }
    })
}

export interface FilledOrder {
  readonly externalId: string
  readonly symbol: string
  readonly side: Side
  readonly filled: Dec
  readonly price: Dec | null
  readonly at: Instant
}

/** Orders of an account that filled, in whole or in part, since a moment. */
export function filledSince(reader: Reader, accountId: AccountId, since: Instant): FilledOrder[] {
  return reader
    .all(
      sql`
      SELECT external_id, symbol, side, filled_quantity, average_fill_price, updated_at FROM orders
      WHERE account_id = ${accountId} AND updated_at >= ${micros(since)} AND filled_quantity <> '0' AND symbol IS NOT NULL AND side IS NOT NULL`,
    )
    .map(row => ({
      externalId: text(row, 'external_id'),
      symbol: text(row, 'symbol'),
      side: text<Side>(row, 'side'),
      filled: text<Dec>(row, 'filled_quantity'),
      price: textOrNull<Dec>(row, 'average_fill_price'),
      at: instant(row, 'updated_at'),
    }))
}
