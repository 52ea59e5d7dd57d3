import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Reader } from '../db/open.ts'
import type { ScopedAccount } from '../store/ledger-scope.ts'
import type { BookSums } from '../store/ledger-sums.ts'
import { gainOf, type Holding, holdingsOf } from './portfolio-holdings.ts'

/** What one account holds of an instrument, by its broker and by the history; one of the two may tell nothing of it. */
export interface HeldLine {
  readonly accountId: AccountId
  readonly symbol: string
  readonly currency: string
  readonly assetClass: string | null
  readonly holding: Holding | null
  readonly book: BookSums | null
}

const nameOf = ({ accountId, symbol }: Pick<HeldLine, 'accountId' | 'symbol'>, currency: string): string => `${accountId}|${symbol}|${currency}`

/** What accounts hold, each holding once: as their brokers list it, and what they do not list as the history has it. An account that was removed holds nothing. */
export function heldLines(reader: Reader, accounts: readonly ScopedAccount[], books: readonly BookSums[]): HeldLine[] {
  const there = accounts.filter(({ isThere }) => isThere)
  const byName = new Map(books.map(book => [nameOf(book, book.currency), book]))
  const listed = there.flatMap(({ accountId }) => holdingsOf(reader, accountId)).map((holding): HeldLine => {
    const { accountId, symbol, currency, assetClass, bookedIn } = holding
    return { accountId, symbol, currency, assetClass, holding, book: byName.get(nameOf(holding, bookedIn ?? currency)) ?? null }
  })
  const told = new Set(listed.map(({ book }) => book))
  const homes = new Set(there.map(({ accountId }) => accountId))
  const unlisted = books
    .filter(book => homes.has(book.accountId) && !Dec.isZero(book.quantity) && !told.has(book))
    .map((book): HeldLine => ({ ...namesOf(book), holding: null, book }))
  return [...listed, ...unlisted]
}

function namesOf({ accountId, symbol, currency, assetClass }: BookSums): Pick<HeldLine, 'accountId' | 'symbol' | 'currency' | 'assetClass'> {
  return { accountId, symbol, currency, assetClass }
}

/** What is open gained, by symbol and currency joined with a bar, as the positions say it; null where it is not known of a part. */
export function openGains(lines: readonly HeldLine[]): Map<string, Dec | null> {
  const gains = new Map<string, Dec | null>()
  const add = (key: string, own: Dec | null): void => {
    const sum = gains.get(key)
    gains.set(key, sum === null || own === null ? null : Dec.add(sum ?? Dec.zero, own))
  }
  for (const { symbol, currency, holding, book } of lines) {
    add(`${symbol}|${currency}`, holding && gainOf(holding))
    // What it gained in the currency of the broker is not known in that of the history.
    if (book && book.currency !== currency) add(`${symbol}|${book.currency}`, null)
  }
  return gains
}
