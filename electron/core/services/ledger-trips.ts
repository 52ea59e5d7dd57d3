import type { LedgerScope, RealizationView, TripView } from '../../../shared/contract/ledger.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { ratio } from '../ledger/lots/share.ts'
import { toActivityId } from '../store/activity-rows.ts'
import { type ClosingRow, closingPage } from '../store/ledger-closings.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { runName } from '../store/noted-runs.ts'
import { tripNotes, type TripFilter, tripPage, type TripRow } from '../store/ledger-trips.ts'
import { type InTurns, isLoss, washedRuns, washesOf, workedOut } from './ledger-washes.ts'

const PRICE_PLACES = 6

/** Works out what a page of closings needs without holding up anybody (see workedOut). */
export async function realizationsReady(reader: Reader, { limit, after, ...scope }: LedgerScope & Paged, turns: InTurns): Promise<void> {
  await workedOut(reader, closingPage(reader, accountsIn(reader, scope), scope, { limit, after }).rows.filter(isLoss), turns)
}

/** The same for a page of round trips. */
export async function tripsReady(reader: Reader, { limit, after, ...scope }: LedgerScope & TripFilter & Paged, turns: InTurns): Promise<void> {
  await workedOut(reader, tripPage(reader, accountsIn(reader, scope), scope, { limit, after }).rows.filter(mayHaveLost), turns)
}

interface Paged {
  readonly limit: number
  readonly after?: string | undefined
}

/** Closings newest first, each with the part of its loss a purchase may disallow. */
export function realizations(reader: Reader, { limit, after, ...scope }: LedgerScope & Paged): OutputOf<'ledger.realizations'> {
  const { rows, next } = closingPage(reader, accountsIn(reader, scope), scope, { limit, after })
  return { rows: closingViews(reader, rows), next }
}

export function closingViews(reader: Reader, rows: readonly ClosingRow[]): RealizationView[] {
  const washOf = washesOf(reader, rows)
  return rows.map(row => {
    const { accountId, symbol, currency, openKey, closeKey, openDay, closeDay, isShort, quantity, proceeds, cost, pnl } = row
    return {
      accountId, symbol, currency, openKey, closeKey, openId: idOf(row.openId), closeId: idOf(row.closeId), openDay, closeDay, isShort, quantity, proceeds, cost, pnl, wash: washOf(row),
    }
  })
}

const idOf = (row: number | null): ActivityId | null => (row === null ? null : toActivityId(row))

/** Runs from flat to flat, newest first. */
export function trips(reader: Reader, { limit, after, ...scope }: LedgerScope & TripFilter & Paged): OutputOf<'ledger.trips'> {
  const { rows, next } = tripPage(reader, accountsIn(reader, scope), scope, { limit, after })
  return { rows: tripViews(reader, rows), next }
}

export function tripViews(reader: Reader, rows: readonly TripRow[]): TripView[] {
  const notes = tripNotes(reader, rows)
  const washed = washedRuns(reader, rows.filter(mayHaveLost))
  return rows.map(row => {
    const { tags = [], rating = null, hasNotes = false } = notes.get(runName(row)) ?? {}
    const [inside, outside] = row.isShort ? (['sold', 'bought'] as const) : (['bought', 'sold'] as const)
    return {
      id: row.id, accountId: row.accountId, connectionId: row.connectionId, symbol: row.symbol, assetClass: row.assetClass, currency: row.currency,
      direction: row.isShort ? 'short' : 'long', isOpen: row.closeDay === null,
      openDay: row.openDay, openedAt: instantOf(row.openedAt), closeDay: row.closeDay, closedAt: instantOf(row.closedAt),
      quantity: row.quantity, fills: row.fills, averageEntry: averageOf(row, inside), averageExit: averageOf(row, outside),
      realized: row.realized, fees: row.fees, hasWash: washed.has(row), tags: [...tags], rating, hasNotes,
    }
  })
}

/** A gain as a whole may hold a loss; a run of two fills that gained, or of one, holds none. */
const mayHaveLost = ({ realized, fills }: TripRow): boolean => realized === null || Dec.isNegative(realized) || fills > 2

const instantOf = (micros: number | null): Instant | null => (micros === null ? null : Instant.fromEpochMicros(micros))

/** The price of one unit on one side of a run; null where nothing was traded at a known price, or nobody says how many units one is. */
export function averageOf(trip: TripRow, side: 'bought' | 'sold'): Dec | null {
  const [quantity, value] = side === 'bought' ? [trip.bought, trip.boughtValue] : [trip.sold, trip.soldValue]
  const units = trip.multiplier === null ? Dec.zero : Dec.mul(quantity, trip.multiplier)
  return Dec.isZero(units) ? null : ratio(value, units, PRICE_PLACES)
}
