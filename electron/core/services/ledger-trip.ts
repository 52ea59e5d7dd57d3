import { AppError } from '../../../shared/contract/errors.ts'
import type { OutputOf } from '../../../shared/contract/routes.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db, Reader } from '../db/open.ts'
import { accountContext } from '../ledger/account-context.ts'
import { statedFor } from '../ledger/books.ts'
import { matchLots } from '../ledger/lots/engine.ts'
import { lotEvents, type LotRow, mayMove } from '../ledger/lots/lot-rows.ts'
import type { TripStep } from '../ledger/lots/trip.ts'
import { tripsOf } from '../ledger/lots/trips.ts'
import { toActivityId } from '../store/activity-rows.ts'
import { closingsOfTrip } from '../store/ledger-closings.ts'
import { ownMoment } from '../store/own-moments.ts'
import { symbolRows } from '../store/ledger-history.ts'
import { tripById, type TripRow } from '../store/ledger-trips.ts'
import { excursionOf } from './ledger-excursion.ts'
import { closingViews, tripViews } from './ledger-trips.ts'

type TripDetail = OutputOf<'ledger.trip'>
type Fill = TripDetail['fills'][number]

/** A run with every fill in it and what each closing made. It costs the history of its instrument. */
export function tripDetail({ reader, writer }: Db, id: string, now: Instant): TripDetail {
  const row = tripById(reader, id)
  const [trip] = row ? tripViews(reader, [row]) : []
  if (!row || !trip) throw new AppError('app/not-found')
  return {
    trip,
    excursion: excursionOf(reader, row, Instant.toEpochMicros(now)),
    fills: fillsOf(writer, row),
    realizations: closingViews(reader, closingsOfTrip(reader, row.book, row.trip)),
  }
}

function fillsOf(writer: Db['writer'], { account, symbol, currency, key }: TripRow): Fill[] {
  const context = accountContext(writer, account)
  const all = symbolRows(writer, account, symbol, { sortAt: 0, id: 0 }).filter(mayMove)
  const rows = all.filter(row => row.currency === currency)
  const openings = context.openings.filter(opening => opening.symbol === symbol && opening.currency === currency)
  const { events, places } = lotEvents(rows, {
    symbol, stated: statedFor(writer, context, symbol, all[0]), overrides: context.overrides, picks: context.picks, openings, arrivals: context.arrivals(symbol), exchanged: context.exchanged(symbol),
  })
  const { trips, steps } = tripsOf(events, places, matchLots(events, context.method))
  const number = trips.find(trip => trip.key === key)?.trip
  const rowOf = new Map(places.flatMap(({ row }, at): [string, LotRow][] => (row ? [[events[at]?.key ?? '', row]] : [])))
  const eventOf = new Map(events.map(event => [event.key, event]))
  return steps.flatMap((step): Fill[] => {
    const event = eventOf.get(step.key)
    return step.trip === number && event ? [fillOf(writer, step, rowOf.get(step.key), event)] : []
  })
}

function fillOf(reader: Reader, step: TripStep, row: LotRow | undefined, event: { readonly kind: string; readonly day: Fill['day']; readonly price: Dec | null }): Fill {
  return {
    activityId: row ? toActivityId(row.id) : null,
    kind: row?.kind ?? 'opening-lot',
    day: row?.tradeDate ?? event.day,
    at: row?.isTimed === true ? Instant.fromEpochMicros(ownMoment(reader, row)) : null,
    side: row?.side ?? null,
    quantity: step.quantity,
    price: event.price,
    fees: step.costs,
    positionAfter: step.position,
    realized: step.realized,
    brokerType: row?.brokerType ?? 'Opening lot',
  }
}
