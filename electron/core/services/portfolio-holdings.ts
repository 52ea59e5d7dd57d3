import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Position } from '../../../shared/domain/position.ts'
import type { Reader } from '../db/connection.ts'
import { keyOf, pairedAcrossCurrencies } from '../reconciliation/pairing.ts'
import { positionsOf } from '../store/positions.ts'
import { type LedgerBook, ledgerBooks, waitsForLedger } from '../store/reconciliation-facts.ts'

/** A holding of one account, by its broker and by our lots. */
export interface Holding {
  readonly accountId: AccountId
  readonly symbol: string
  readonly assetClass: AssetClass
  readonly currency: string
  readonly quantity: Dec
  readonly averagePrice: Dec | null
  readonly marketValue: Dec | null
  /** By the broker. */
  readonly unrealized: Dec | null
  /** Null while the ledger is not there, or has nothing of it. */
  readonly ledgerQuantity: Dec | null
  readonly ledgerCost: Dec | null
  readonly ledgerUnrealized: Dec | null
  readonly multiplier: Dec | null
  /** The currency of the history where it names another one than the broker; null where it is the same, or tells nothing of it. */
  readonly bookedIn: string | null
  /** Null while the ledger waits to be computed. */
  readonly agrees: boolean | null
  readonly asOf: Instant
  readonly fetchedAt: Instant
}

/** The holdings of one account; rows the broker states twice are one. */
export function holdingsOf(reader: Reader, accountId: AccountId): Holding[] {
  const waits = waitsForLedger(reader, accountId)
  const positions = new Map<string, Position>()
  for (const position of positionsOf(reader, accountId)) {
    const key = keyOf(position)
    const known = positions.get(key)
    positions.set(key, known ? joined(known, position) : position)
  }
  const books = pairedAcrossCurrencies(positions, new Map(ledgerBooks(reader, accountId).map(book => [keyOf(book), book])))
  return [...positions].map(([key, position]) => {
    const book = books.get(key) ?? null
    const bookedIn = book === null || book.bookedIn === position.currency ? null : book.bookedIn
    return { ...holding(position, waits ? null : book, waits), bookedIn }
  })
}

/** What is bound in it and what it gained, by our lots where they agree with the broker, else by the broker; null when nobody knows. */
export function gainOf({ unrealized, ledgerUnrealized, agrees }: Holding): Dec | null {
  return agrees === true && ledgerUnrealized !== null ? ledgerUnrealized : unrealized
}

const ONE = Dec.of('1')

/** What it took by our lots where they agree, else by the broker's average price where one unit is one; null when nobody knows. */
export function costOf({ agrees, ledgerCost, averagePrice, quantity, multiplier, assetClass }: Holding): Dec | null {
  if (agrees === true && ledgerCost !== null) return ledgerCost
  const units = multiplier ?? unitOf(assetClass)
  return averagePrice === null || units === null ? null : Dec.mul(Dec.mul(averagePrice, quantity), units)
}

/** One unit is one of what is priced, where no contract says otherwise. */
export function unitOf(assetClass: Holding['assetClass']): Dec | null {
  return assetClass === 'equity' || assetClass === 'crypto' || assetClass === 'fund' ? ONE : null
}

function joined(a: Position, b: Position): Position {
  const plus = (x: Dec | null, y: Dec | null): Dec | null => (x === null || y === null ? null : Dec.add(x, y))
  return {
    ...b,
    quantity: Dec.add(a.quantity, b.quantity),
    averagePrice: null,
    marketValue: plus(a.marketValue, b.marketValue),
    unrealized: plus(a.unrealized, b.unrealized),
    asOf: Instant.earliest(a.asOf, b.asOf),
    fetchedAt: Instant.earliest(a.fetchedAt, b.fetchedAt),
  }
}

function holding(position: Position, book: LedgerBook | null, waits: boolean): Omit<Holding, 'bookedIn'> {
  const { accountId, symbol, assetClass, currency, quantity, averagePrice, marketValue, unrealized, asOf, fetchedAt } = position
  const cost = book && Dec.isZero(book.missing) ? book.cost : null
  // A future is worth what it gained; its price is never paid.
  const isFuture = assetClass === 'future'
  return {
    accountId,
    symbol,
    assetClass,
    currency,
    quantity,
    averagePrice,
    marketValue,
    unrealized,
    asOf,
    fetchedAt,
    ledgerQuantity: waits ? null : (book?.quantity ?? Dec.zero),
    ledgerCost: cost,
    ledgerUnrealized: cost === null || marketValue === null || isFuture ? null : Dec.sub(marketValue, cost),
    multiplier: book?.multiplier ?? null,
    agrees: waits ? null : (book?.quantity ?? Dec.zero) === quantity,
  }
}
