import type { LedgerScope } from '../../../shared/contract/ledger.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { amountAt, endAt } from '../ledger/lots/closings.ts'
import { bytes, integer, text, textOrNull } from './cells.ts'
import { all, booksIn, daysIn, type ScopedAccount } from './ledger-scope.ts'
import { unpackClosings } from './packed-closings.ts'

/** Gaps `g` of books `b` where a trade, or an option that ended, closed what the history never shows opened. What only went elsewhere, and money, made nothing. */
const IS_UNHELD: Sql = sql`
  g.kind = 'needs-opening-lot' AND coalesce(b.asset_class, '') NOT IN ('cash', 'forex') AND EXISTS (
    SELECT 1 FROM activities a WHERE a.account = b.account AND a.external_id = g.key AND a.kind IN ('trade', 'option-event'))`

/** How many of its closings a book `b` has no opening for. */
export const UNHELD: Sql = sql`(SELECT count(*) FROM ledger_gaps g WHERE g.book = b.id AND ${IS_UNHELD})`

/** A closing of what the history never shows opened, and where. */
export interface UnheldClosing {
  readonly book: number
  /** Of the row that closed it; what that closed of what was there has the same. */
  readonly key: string
  readonly day: LocalDate
  readonly symbol: string
  readonly currency: string
  readonly assetClass: AssetClass | null
}

/** The closings of a question that have no opening, whatever their tag: nobody knows what they made. */
export function unheldClosings(reader: Reader, accounts: readonly Pick<ScopedAccount, 'n'>[], scope: LedgerScope): UnheldClosing[] {
  const where = all([booksIn(accounts, scope), daysIn(sql`g.day`, scope), IS_UNHELD])
  return reader
    .all(sql`SELECT g.book, g.key, g.day, b.symbol, b.currency, b.asset_class FROM ledger_gaps g CROSS JOIN ledger_books b ON b.id = g.book WHERE ${where} ORDER BY g.day`)
    .map(row => ({
      book: integer(row, 'book'),
      key: text(row, 'key'),
      day: text<LocalDate>(row, 'day'),
      symbol: text(row, 'symbol'),
      currency: text(row, 'currency'),
      assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    }))
}

/** How many sales of an account nobody knows the result of, by class and currency; one that took several lots is one. */
export function unmeasured(
  reader: Reader,
  accountId: AccountId,
): { readonly assetClass: AssetClass | null; readonly currency: string; readonly count: number }[] {
  const own = sql`b.account = (SELECT n FROM accounts WHERE id = ${accountId}) AND coalesce(b.asset_class, '') NOT IN ('cash', 'forex')`
  const gaps = reader.all(sql`
    SELECT b.id, b.asset_class, b.currency, g.key FROM ledger_books b JOIN ledger_gaps g ON g.book = b.id WHERE ${own} AND ${IS_UNHELD}`)
  const closings = reader.all(sql`
    SELECT b.id, b.asset_class, b.currency, r.days, r.figures, r.words FROM ledger_books b JOIN ledger_closings r ON r.book = b.id WHERE ${own} AND b.unknown > 0`)
  const sales = new Map<number, { readonly row: Row; readonly keys: Set<string> }>()
  const note = (row: Row, keys: readonly string[]): void => {
    if (keys.length === 0) return
    const book = integer(row, 'id')
    const known = sales.get(book) ?? { row, keys: new Set() }
    for (const key of keys) known.keys.add(key)
    sales.set(book, known)
  }
  for (const row of gaps) note(row, [text(row, 'key')])
  for (const row of closings) note(row, unknownKeys(row))
  return [...sales.values()].map(({ row, keys }) => ({
    assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    currency: text(row, 'currency'),
    count: keys.size,
  }))
}

/** What closed lots of unknown cost, by the key of the row. */
function unknownKeys(row: Row): string[] {
  const closings = unpackClosings({ days: bytes(row, 'days'), figures: bytes(row, 'figures'), words: text(row, 'words') })
  const keys: string[] = []
  for (let at = 0; at < closings.closed.length; at += 1)
    if (amountAt<bigint | number>(closings.pnl, at) === null) keys.push(endAt(closings, closings.closed, at).key)
  return keys
}
