import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { LotMethod } from '../../../shared/domain/lot-method.ts'
import type { GapKind } from '../store/ledger-results.ts'
import { type BookState, type LotBook, matchLots } from './lots/engine.ts'
import type { LotEvent } from './lots/lot-event.ts'
import { type Arrival, type EventPlace, type LotKnowledge, type LotReading, type LotRow, lotEvents } from './lots/lot-rows.ts'
import { classBySymbol } from './lots/multiplier.ts'
import { lotPlace } from './lots/place.ts'
import type { Trip } from './lots/trip.ts'
import { tripsOf } from './lots/trips.ts'

interface Place {
  readonly at: number
  readonly id: number
}

/** What some history of one instrument, account and currency comes to. */
export interface ReadBook extends Pick<LotBook, 'lots' | 'closings' | 'deliveries' | 'trip'> {
  readonly multiplier: Dec | null
  readonly events: number
  /** Behind it no row has a say in what is here; null without an event. */
  readonly last: Place | null
  readonly trips: readonly Trip[]
  readonly gaps: readonly (LotBook['gaps'][number] & { readonly kind: GapKind })[]
  readonly assetClass: AssetClass | null
}

/** Where a book goes on. */
export interface ReadOn extends BookState {
  readonly open: Trip | null
}

/** Reads rows, in any order, into lots, results and round trips; with `from`, rows that follow what was read before. */
export function readBook(rows: readonly LotRow[], known: LotKnowledge, method: LotMethod, from?: ReadOn): ReadBook {
  const { events, places, multiplier }: LotReading = lotEvents(rows, known)
  const { lots, closings, deliveries, gaps, trip } = matchLots(events, method, from)
  const { trips } = tripsOf(events, places, { closings, deliveries, gaps }, from && { trip: from.trip, open: from.open })
  return {
    lots, closings, deliveries, trip, multiplier, trips,
    events: events.length,
    last: lastOf(rows, places),
    gaps: [...gaps.map(gap => ({ ...gap, kind: 'needs-opening-lot' as const })), ...namedByRow(unknownCosts(events, known.arrivals), events, places)],
    // Rows behind no event say nothing, so that what follows the last one never has to look at them again.
    assetClass: places.findLast(({ row }) => (row?.assetClass ?? null) !== null)?.row?.assetClass ?? openedClass(known),
  }
}

/** The place of the last event, or of a row behind it without one that may change another's: cash of a merger, a split that takes one back. */
function lastOf(rows: readonly LotRow[], places: readonly EventPlace[]): Place | null {
  const event = places.at(-1)
  if (!event) return null
  let last: Place = { at: event.at, id: event.row?.id ?? 0 }
  for (const row of rows) {
    if (row.kind === 'trade') continue
    // A split told in the day stands at its start, and changes of the row are told by its own time.
    const at = Math.max(lotPlace(row), row.sortAt)
    if (at > last.at || (at === last.at && row.id > last.id)) last = { at, id: row.id }
  }
  return last
}

/** What came in at a price nobody says. What came from another instrument has its gap there. */
function unknownCosts(events: readonly LotEvent[], arrivals: ReadonlyMap<string, readonly Arrival[]> | undefined): ReadBook['gaps'] {
  return events.flatMap(({ key, kind, day, quantity, price, value }) => {
    const isUnknown = (kind === 'receive' || kind === 'fill') && price === null && (value ?? null) === null
    if (!isUnknown || arrivals?.has(key.replace(/~\d+$/, '')) === true) return []
    return [{ key, day, quantity, kind: 'unknown-cost' as const }]
  })
}

/** Gaps are found by their rows: what nothing is told of yet has the name of its row here, also where a lot told of it has that. */
function namedByRow(gaps: ReadBook['gaps'], events: readonly LotEvent[], places: readonly EventPlace[]): ReadBook['gaps'] {
  const taken = new Set(gaps.map(({ key }) => key))
  return gaps.map(gap => {
    const row = gap.key.includes('~') ? places[events.findIndex(({ key }) => key === gap.key)]?.row?.externalId : undefined
    if (row === undefined || taken.has(row)) return gap
    taken.add(row)
    return { ...gap, key: row }
  })
}

/** What lots from before the history are, where no row says it. */
function openedClass({ openings = [], symbol = '' }: LotKnowledge): AssetClass | null {
  if (openings.length === 0) return null
  return openings.find(({ assetClass = null }) => assetClass !== null)?.assetClass ?? classBySymbol(symbol)
}

/** The signed holding of some lots. */
export function held(lots: readonly { readonly quantity: Dec }[]): Dec {
  return Dec.sum(lots.map(({ quantity }) => quantity))
}
