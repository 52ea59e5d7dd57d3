import type { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'

/** From flat to flat in one instrument of one account. An open one is also what to go on from. */
export interface Trip {
  /** Its number in the book, from 1, and the key of the event that opened it. */
  readonly trip: number
  readonly key: string
  readonly isShort: boolean
  readonly openDay: LocalDate
  /** Microseconds since 1970; null where the broker gave only a day. */
  readonly openedAt: number | null
  /** Null while it is open. */
  readonly closeDay: LocalDate | null
  readonly closedAt: number | null
  /** The place of its last event. */
  readonly lastAt: number
  /** Signed; 0 once it is closed. */
  readonly held: Dec
  /** The largest position, unsigned, in units as they are after splits. */
  readonly quantity: Dec
  /** Trades, and options that ended. */
  readonly fills: number
  /** In and out at a known price, in units as they are after splits, and what they came to without costs. */
  readonly bought: Dec
  readonly boughtValue: Dec
  readonly sold: Dec
  readonly soldValue: Dec
  /** Of what has been closed; null once something of unknown cost is among it, and where all of it went elsewhere. */
  readonly realized: Dec | null
  /** Costs of its events: fees, and the broker's own rounding. */
  readonly fees: Dec
}

/** What one event did in a trip. */
export interface TripStep {
  readonly key: string
  readonly trip: number
  /** Signed: what this event bought, sold, brought or took in this trip. */
  readonly quantity: Dec
  /** Held after it. */
  readonly position: Dec
  /** Null where it closed nothing, and where nobody knows. */
  readonly realized: Dec | null
  /** Of its costs those of this trip. */
  readonly costs: Dec
}
