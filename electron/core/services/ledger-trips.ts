import type { LedgerScope, RealizationView, TripView } from '../../../shared/contract/ledger.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { ratio } from '../ledger/lots/share.ts'
import { toActivityId } from '../store/activity-rows.ts'
import { type ClosingRow, closingPage, lossesOfTrip } from '../store/ledger-closings.ts'
import { accountsIn } from '../store/ledger-scope.ts'
import { runName } from '../store/noted-runs.ts'
import { tripNotes, type TripFilter, tripPage, type TripRow } from '../store/ledger-trips.ts'
import { washesOf } from './ledger-washes.ts'

const PRICE_PLACES = 6

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
    const wash = washOf(row)
    return {
      accountId, symbol, currency, openKey, closeKey, openId: idOf(row.openId), closeId: idOf(row.closeId), openDay, closeDay, isShort, quantity, proceeds, cost, pnl,
      wash: wash && { disallowed: wash.disallowed, replacements: wash.replacements.map(({ account, day, quantity: part }) => ({ accountId: AccountIdSchema.parse(account), day, quantity: part })) },
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
  const washed = washedRuns(reader, rows.filter(row => row.realized === null || hasLoss(row)))
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

/** A gain as a whole may hold a loss; only looking tells. Runs of many closings are looked at where they lost. */
const hasLoss = ({ realized, fills }: TripRow): boolean => (realized !== null && Dec.isNegative(realized)) || fills > 2

/** The runs that hold a replaced loss. Their losses are looked at from the newest back, until one tells: a run that never ends may have thousands. */
function washedRuns(reader: Reader, rows: readonly TripRow[]): Set<TripRow> {
  const washed = new Set<TripRow>()
  let waiting = rows.map(row => ({ row, losses: lossesOfTrip(reader, row) }))
  while (waiting.length > 0) {
    const asked = waiting.flatMap(one => {
      const next = one.losses.next()
      return next.done === true ? [] : [{ ...one, some: next.value }]
    })
    const washOf = washesOf(reader, asked.flatMap(({ some }) => some))
    for (const { row, some } of asked) if (some.some(loss => washOf(loss) !== null)) washed.add(row)
    waiting = asked.filter(({ row }) => !washed.has(row))
  }
  return washed
}

const instantOf = (micros: number | null): Instant | null => (micros === null ? null : Instant.fromEpochMicros(micros))

/** The price of one unit on one side of a run; null where nothing was traded at a known price. */
export function averageOf(trip: TripRow, side: 'bought' | 'sold'): Dec | null {
  const [quantity, value] = side === 'bought' ? [trip.bought, trip.boughtValue] : [trip.sold, trip.soldValue]
  const units = Dec.mul(quantity, trip.multiplier ?? Dec.of('1'))
  return Dec.isZero(units) ? null : ratio(value, units, PRICE_PLACES)
}
