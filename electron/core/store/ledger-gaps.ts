import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer, text, textOrNull } from './cells.ts'
import type { GapKind, StoredGap } from './ledger-results.ts'
import { PLAIN_SALE } from './short-sales.ts'
import type { ScopedAccount } from './ledger-scope.ts'

/** Something the history does not say, and where. */
export interface GapRow extends StoredGap {
  readonly account: number
  readonly accountId: AccountId
  readonly symbol: string
  readonly assetClass: string | null
  readonly currency: string
  /** The number of the row; null for a lot the user told of. */
  readonly rowId: number | null
  /** True where the row only says that it sold, and may have opened a short position. */
  readonly isPlainSale: boolean
  /** True for a trade whose cost is unknown: its price is missing, whichever side it was. */
  readonly isTrade: boolean
  /** True for shares a corporate action took out for what no row says. */
  readonly isLeft: boolean
}

/** What the user himself said nobody knows the cost of is no gap to fill: filling it would hold it twice. */
export const TO_FILL: Sql = sql`(g.kind <> 'unknown-cost' OR g.key NOT IN (SELECT o.id FROM opening_lots o))`

/** The gaps of some accounts, by day. */
export function gapsOf(reader: Reader, accounts: readonly ScopedAccount[]): GapRow[] {
  const rows = reader.all(sql`
    SELECT g.*, b.account, b.symbol, b.asset_class, b.currency, c.id AS account_id, a.id AS row_id, g.kind = 'needs-opening-lot' AND coalesce(${PLAIN_SALE}, 0) AS plain_sale,
      g.kind = 'unknown-cost' AND coalesce(a.kind = 'trade', 0) AS is_trade,
      g.kind = 'unknown-cost' AND coalesce(a.kind = 'corporate-action', 0) AND g.quantity LIKE '-%' AS is_left FROM ledger_books b JOIN ledger_gaps g ON g.book = b.id JOIN accounts c ON c.n = b.account
    LEFT JOIN activities a ON a.account = b.account AND a.external_id = g.key WHERE b.account IN (${sql.list(accounts.map(({ n }) => n))}) AND ${TO_FILL}
    ORDER BY g.day, b.id, g.key`)
  return rows.map(row => ({
    key: text(row, 'key'),
    day: text<LocalDate>(row, 'day'),
    quantity: text<Dec>(row, 'quantity'),
    kind: text<GapKind>(row, 'kind'),
    account: integer(row, 'account'),
    accountId: text<AccountId>(row, 'account_id'),
    symbol: text(row, 'symbol'),
    assetClass: textOrNull(row, 'asset_class'),
    currency: text(row, 'currency'),
    isPlainSale: integer(row, 'plain_sale') === 1,
    isTrade: integer(row, 'is_trade') === 1,
    isLeft: integer(row, 'is_left') === 1,
    rowId: row['row_id'] === null ? null : integer(row, 'row_id'),
  }))
}

/** A lot that left another account. */
export interface LeftLot {
  readonly account: number
  readonly accountName: string
  readonly openDay: LocalDate
  readonly day: LocalDate
  readonly quantity: Dec
  readonly cost: Dec | null
  /** Units one is; null where nobody knows. */
  readonly multiplier: Dec | null
}

/** Lots of an instrument that left other accounts in a stretch of days. */
export function lotsThatLeft(reader: Reader, account: number, symbol: string, { from, to }: { readonly from: LocalDate; readonly to: LocalDate }): LeftLot[] {
  const rows = reader.all(sql`
    SELECT d.*, b.account, b.multiplier, c.name FROM ledger_books b JOIN ledger_deliveries d ON d.book = b.id JOIN accounts c ON c.n = b.account
    WHERE b.symbol = ${symbol} AND b.account <> ${account} AND c.environment = (SELECT environment FROM accounts WHERE n = ${account}) AND d.day BETWEEN ${from} AND ${to} ORDER BY d.day, d.place`)
  return rows.map(row => ({
    account: integer(row, 'account'),
    accountName: text(row, 'name'),
    openDay: text<LocalDate>(row, 'open_day'),
    day: text<LocalDate>(row, 'day'),
    quantity: text<Dec>(row, 'quantity'),
    cost: textOrNull<Dec>(row, 'cost'),
    multiplier: textOrNull<Dec>(row, 'multiplier'),
  }))
}

/** What a broker says one unit of a holding cost on average; null where it says nothing, and where it states the holding in several rows. */
export function averagePrice(reader: Reader, accountId: AccountId, symbol: string, currency: string): Dec | null {
  const rows = reader.all(sql`SELECT average_price FROM positions WHERE account_id = ${accountId} AND symbol = ${symbol} AND currency = ${currency}`)
  const [only, ...others] = rows
  return only && others.length === 0 ? textOrNull<Dec>(only, 'average_price') : null
}
