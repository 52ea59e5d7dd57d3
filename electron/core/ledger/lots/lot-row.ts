import type { ActivityFacts } from '../../../../shared/domain/activity.ts'
import type { Dec } from '../../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'

/** What lots are told of one row of history; columns of the same names. */
export type LotRow = Pick<
  ActivityFacts,
  | 'externalId' | 'kind' | 'brokerType' | 'symbol' | 'assetClass' | 'side' | 'positionEffect' | 'quantity' | 'price' | 'amount' | 'fees' | 'currency'
  | 'tradeDate' | 'description' | 'status'
> & {
  /** The row's number in the database. */
  readonly id: number
  /** Microseconds since 1970 (see sortMicros). */
  readonly sortAt: number
  /** False where the broker gave only a day. */
  readonly isTimed: boolean
}

/** What the user says about a row where its broker says it wrong or not at all; `quantity` is written as the row's own would be. */
export interface RowOverride {
  readonly ignored?: boolean | undefined
  readonly multiplier?: Dec | undefined
  readonly price?: Dec | undefined
  readonly fees?: Dec | undefined
  readonly quantity?: Dec | undefined
  /** Whether a trade opened or closed a position, where its broker does not say. */
  readonly effect?: 'open' | 'close' | undefined
  /** The lots a row brought whose cost its broker does not say, such as a transfer from elsewhere. */
  readonly lots?: readonly RowLot[] | undefined
}

/** A lot that came with a row: when it was bought, signed how many, and at what price. `at` is when the user said so, in microseconds since 1970. */
export interface RowLot {
  readonly id: string
  readonly day: LocalDate
  readonly quantity: Dec
  readonly price: Dec
  /** Units one is, where neither its instrument nor the other rows say it. */
  readonly multiplier?: Dec | undefined
  readonly note: string
  readonly at: number
  /** What its key is told by (see numbersOf); lots told by earlier versions have none. */
  readonly number?: number | undefined
}

/** A lot from before the history, as the user told it. Signed; a price of null is one nobody knows. */
export interface OpeningLot {
  readonly id: string
  readonly day: LocalDate
  readonly quantity: Dec
  readonly price: Dec | null
  /** What its broker said it was when it was told. */
  readonly assetClass?: AssetClass | null
  /** Units one is, by what the broker said of it then; null where the instrument or the rows say it, or nobody does. */
  readonly multiplier?: Dec | null
}

/** A lot that came from another instrument or account with what it cost: signed quantity, and the cost of all of it. */
export interface Arrival {
  readonly day: LocalDate
  readonly quantity: Dec
  readonly cost: Dec | null
  /** Nothing came: what is held here was split by so much. */
  readonly isSplit?: boolean
}

export interface LotPick {
  readonly lot: string
  readonly quantity: Dec
}
