import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { integer, text, textOrNull } from './cells.ts'
import { type PlacedLot, toLot } from './ledger-books.ts'
import { closingsWhere } from './ledger-realizations.ts'
import { booksIn, type ScopedAccount } from './ledger-scope.ts'

/** An open lot, whose it is, and the row that opened it. */
export interface OpenLotRow extends PlacedLot {
  readonly book: number
  readonly accountId: AccountId
  readonly symbol: string
  readonly currency: string
  readonly assetClass: string | null
  /** The number of the row; null for a lot the user told of. */
  readonly rowId: number | null
}

/** Whose book, and until when. */
export interface BookDay {
  readonly account: number
  readonly symbol: string | null
  readonly currency: string
  readonly tradeDate: LocalDate
}

/** The key of every lot a book had opened by a day, whatever became of it since, with the decimals of its parts. */
export function lotsBy(reader: Reader, { account, symbol, currency, tradeDate }: BookDay): Map<string, number> {
  const own = sql`b.account = ${account} AND b.symbol = ${symbol} AND b.currency = ${currency}`
  const rows = reader.all(sql`
    SELECT l.key, l.quantity FROM ledger_books b JOIN ledger_lots l ON l.book = b.id WHERE ${own} AND l.day <= ${tradeDate}
    UNION ALL SELECT d.open_key, d.quantity FROM ledger_books b JOIN ledger_deliveries d ON d.book = b.id WHERE ${own} AND d.open_day <= ${tradeDate}`)
  const found = new Map<string, number>()
  const add = (key: string, quantity: Dec): unknown => found.set(key, Math.max(found.get(key) ?? 0, Dec.decimals(quantity)))
  for (const row of rows) add(text(row, 'key'), text<Dec>(row, 'quantity'))
  for (const { closings } of closingsWhere(reader, { where: own })) for (const { openKey, openDay, quantity } of closings) if (openDay <= tradeDate) add(openKey, quantity)
  return found
}

/** What a broker says a holding is worth. */
export interface HoldingValue {
  readonly quantity: Dec
  readonly marketValue: Dec
  /** What it gained, by the broker; null where that is not stated. */
  readonly unrealized: Dec | null
}

/** The open lots of some books, by account, instrument and place. */
export function openLots(reader: Reader, accounts: readonly ScopedAccount[], scope: { readonly symbol?: string | undefined; readonly assetClass?: string | undefined }): OpenLotRow[] {
  const rows = reader.all(sql`
    SELECT l.*, b.symbol, b.currency, b.asset_class, c.id AS account_id, a.id AS row_id FROM ledger_books b JOIN ledger_lots l ON l.book = b.id JOIN accounts c ON c.n = b.account
    LEFT JOIN activities a ON a.account = b.account AND a.external_id = l.key WHERE ${booksIn(accounts, scope)} ORDER BY b.account, b.symbol, b.currency, l.place`)
  return rows.map(toOpenLot)
}

function toOpenLot(row: Row): OpenLotRow {
  return {
    ...toLot(row),
    book: integer(row, 'book'),
    accountId: text<AccountId>(row, 'account_id'),
    symbol: text(row, 'symbol'),
    currency: text(row, 'currency'),
    assetClass: textOrNull(row, 'asset_class'),
    rowId: row['row_id'] === null ? null : integer(row, 'row_id'),
  }
}

/**
 * What brokers say the holdings of some accounts are worth, by account id, symbol and currency joined with a bar; rows of one holding are
 * one. Those without a value are left out.
 */
export function holdingValues(reader: Reader, accounts: readonly ScopedAccount[]): Map<string, HoldingValue> {
  const rows = reader.all(sql`
    SELECT account_id, symbol, currency, quantity, market_value, unrealized FROM positions WHERE account_id IN (${sql.list(accounts.map(({ accountId }) => accountId))})`)
  const holdings = Map.groupBy(rows, row => `${text(row, 'account_id')}|${text(row, 'symbol')}|${text(row, 'currency')}`)
  return new Map(
    [...holdings].flatMap(([key, own]): [string, HoldingValue][] => {
      const marketValue = sumOf(own, 'market_value')
      if (marketValue === null) return []
      return [[key, { quantity: Dec.sum(own.map(row => text<Dec>(row, 'quantity'))), marketValue, unrealized: sumOf(own, 'unrealized') }]]
    }),
  )
}

/** Null where one of them is not stated. */
function sumOf(rows: readonly Row[], column: string): Dec | null {
  const known = rows.flatMap(row => textOrNull<Dec>(row, column) ?? [])
  return known.length < rows.length ? null : Dec.sum(known)
}
