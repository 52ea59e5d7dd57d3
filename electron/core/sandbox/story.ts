import type { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Instrument } from './instrument.ts'

/** One cost of a fill, in whole cents. `type` null: the broker leaves this row unnamed. */
export interface FeeLine {
  readonly type: 'COMMISSION' | 'SEC_FEE' | 'OPT_REG_FEE' | 'TAF_FEE' | 'FUTURES_EXCHANGE_FEE' | null
  readonly cents: number
}

export interface StoryLeg {
  readonly instrument: Instrument
  readonly side: 'buy' | 'sell'
  readonly effect: 'open' | 'close'
  readonly qty: Dec
}

export interface StoryOrder {
  /** Unique inside the account; grows with time. */
  readonly number: number
  readonly legs: readonly StoryLeg[]
  readonly type: 'market' | 'limit' | 'stop' | 'stop-limit' | 'trailing-stop'
  readonly limit: Dec | null
  readonly submittedAt: number
  closedAt: number | null
  status: 'filled' | 'canceled' | 'open' | 'rejected' | 'replaced' | 'expired'
  /** Entries of this order, in the order they were booked. */
  readonly fills: FillEntry[]
  /** What only an order sent by a client has. */
  readonly sent?: Sent
}

/** What a client asked for, beside legs and limit. `tif` and `session` are the broker's own words. */
export interface Sent {
  readonly stop: Dec | null
  readonly trail: { readonly kind: 'amount' | 'percent'; readonly value: Dec } | null
  /** The dollars it was to spend, where it named no quantity. */
  readonly notional: Dec | null
  readonly tif: string
  readonly session: string
  readonly clientId: string | null
  /** The broker's words for a rejection. */
  readonly reason: string | null
  readonly replaces: StoryOrder | null
  replacedBy: StoryOrder | null
}

interface Stamp {
  /** Days since 1970 and a counter inside the day: together the identity of the entry, whatever is added later. */
  readonly dayNumber: number
  readonly sequence: number
  /** Milliseconds since the epoch; midnight at the exchange for entries that have only a day. */
  readonly at: number
  readonly day: LocalDate
}

export interface FillEntry extends Stamp {
  readonly kind: 'fill'
  /** Microseconds beyond `at`. */
  readonly micros: number
  readonly order: StoryOrder
  readonly leg: StoryLeg
  readonly qty: Dec
  price: Dec
  readonly cumulative: Dec
  readonly leaves: Dec
  readonly fees: readonly FeeLine[]
  /** Signed cash of the row, costs included where they are inside it. */
  net: Dec
}

export interface CashEntry extends Stamp {
  readonly kind: 'cash'
  readonly what: 'deposit' | 'withdrawal' | 'dividend' | 'withholding' | 'interest' | 'fee' | 'journal'
  readonly symbol: string | null
  readonly qty: Dec | null
  readonly perShare: Dec | null
  readonly net: Dec
  readonly note: string
}

/** A change of shares or contracts without a trade at a market. `qty` is the signed change; `net` the signed cash. */
export interface TransferEntry extends Stamp {
  readonly kind: 'transfer'
  readonly what: 'split' | 'expired' | 'assigned' | 'delivered' | 'reinvested'
  readonly instrument: Instrument
  readonly qty: Dec
  readonly price: Dec
  readonly net: Dec
  readonly note: string
}

export type Entry = FillEntry | CashEntry | TransferEntry

/** What an account holds. `cost` is the signed total paid. */
export interface Holding {
  readonly instrument: Instrument
  qty: Dec
  cost: Dec
}

/** Everything that happened to one account, oldest first, and what is left of it. */
export interface Story {
  readonly entries: Entry[]
  readonly orders: StoryOrder[]
  readonly holdings: Map<string, Holding>
  cash: Dec
}
