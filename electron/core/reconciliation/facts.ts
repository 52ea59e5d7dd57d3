import type { DRIFT_REASONS } from '../../../shared/contract/portfolio.ts'
import type { ActivityKind } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import type { Instant, LocalDate } from '../../../shared/domain/time.ts'

/** A holding as the broker states it; negative is short. `price` is that of one unit now. */
export interface HeldFact {
  readonly symbol: string
  readonly assetClass: AssetClass
  readonly currency: string
  readonly quantity: Dec
  readonly averagePrice: Dec | null
  readonly price: Dec | null
  readonly asOf: Instant
}

/** What the history of one instrument comes to. */
export interface BookFact {
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly currency: string
  readonly quantity: Dec
  /** Closed without ever having been opened, signed as it would have been held. */
  readonly missing: Dec
  /** What it is made of, by the row that closed it: the broker's id of the row, or that of the user's own. */
  readonly unopened: readonly { readonly row: string; readonly day: LocalDate; readonly quantity: Dec }[]
  /** The part of it that plain sales closed, by the broker's id of the row: they may have opened a short position. */
  readonly soldUnheld: readonly { readonly row: string; readonly quantity: Dec }[]
  /** Of what is open, costs included; null when nobody knows. */
  readonly cost: Dec | null
  readonly multiplier: Dec | null
  /** Of its first row. */
  readonly firstDay: LocalDate | null
}

export interface CashFact {
  readonly currency: string
  readonly cash: Dec
  readonly asOf: Instant
}

/** A row of the last days. `change` is the signed change of a holding. */
export interface RecentRow {
  readonly kind: ActivityKind
  readonly symbol: string | null
  readonly currency: string
  readonly change: Dec | null
  readonly amount: Dec | null
  readonly executedAt: Instant | null
  readonly tradeDate: LocalDate
}

/** An order of the last days that filled, and of which no row tells yet. `change` is signed. */
export interface UntoldFill {
  readonly symbol: string
  readonly change: Dec
  readonly price: Dec | null
  readonly at: Instant
}

/** A row that moved one instrument, in its place in the history; a trade has a price. */
export interface MoveFact {
  /** The broker's id of it. */
  readonly row: string
  /** It had come by then. */
  readonly toldAt: Instant
  readonly day: LocalDate
  readonly change: Dec
  readonly price: Dec | null
}

export interface HistoryFact {
  /** False while a stretch of it is still to be read. */
  readonly isWhole: boolean
  /** The first day asked for. */
  readonly from: LocalDate | null
  /** Of the account's first row. */
  readonly firstDay: LocalDate | null
}

/** All that one account is compared by. */
export interface AccountFacts {
  readonly broker: string
  readonly today: LocalDate
  /** Null where the broker was never asked. */
  readonly positions: readonly HeldFact[] | null
  readonly balances: readonly CashFact[]
  readonly books: readonly BookFact[]
  /** What the amounts of all rows come to, by currency, what the user added included. */
  readonly cash: ReadonlyMap<string, Dec>
  /** How many rows of a currency state no amount; asked only where its cash differs. */
  readonly unstatedIn: (currency: string) => number
  /** Futures traded in a currency; asked only where its cash differs. */
  readonly futuresIn: (currency: string) => FuturesFact
  /** Currencies whose cash from before the history is known. */
  readonly opened: ReadonlySet<string>
  readonly recent: readonly RecentRow[]
  readonly untold: readonly UntoldFill[]
  readonly history: HistoryFact
  /** What would be held of an instrument, in a currency of the history, with one more lot from before it; asked only of those that differ. Null where that is too much to compute. */
  readonly heldWith: (symbol: string, currency: string) => (lot: { readonly day: LocalDate; readonly quantity: Dec }) => Dec | null
  /** All that moved an instrument, oldest first; asked only of those that differ. */
  readonly movesOf: (symbol: string) => readonly MoveFact[]
  readonly added: readonly OwnEntry[]
}

/** What the history says of the daily settlement of futures in one currency. */
export interface FuturesFact {
  /** The last ones traded by rows that state no more cash than their costs; empty where trades state what they made. */
  readonly symbols: readonly string[]
  /** The last day whose settlement a row tells; null without any such row. */
  readonly settledUntil: LocalDate | null
  /** True where the broker's cash moves with the price at once, before any row tells of it. */
  readonly isAtOnce: boolean
  /** How the broker can be made to tell it; null where it cannot. */
  readonly advice: string | null
}

/** Something the user added to the history: a fix, or a lot from before it. */
export interface OwnEntry {
  readonly takesBack: TakesBack
  /** What its row is named in the history. */
  readonly row: string
  /** When it was added. */
  readonly at: Instant
  /** The day it counts on. */
  readonly day: LocalDate
  /** Null for cash. */
  readonly symbol: string | null
  readonly currency: string
  /** The signed change of a holding, or cash. */
  readonly change: Dec
  readonly label: string
  /** A lot that was added since the two were last held against each other, or that was found to be too much then. */
  readonly isNew: boolean
}

/** Which fix (what is before the slash of its parts' ids) or lot goes. */
export interface TakesBack {
  readonly kind: 'fix' | 'lot'
  readonly id: string
}

export type DriftReason = (typeof DRIFT_REASONS)[number]
export type FixKind =
  'opening-lot' | 'opening-balance' | 'split' | 'close-out' | 'read-history' | 'cash-adjustment' | 'wait' | 'take-back' | 'short-sale'

/** Sales of one instrument, by the broker's ids of their rows. */
export interface OpensShort {
  readonly symbol: string
  readonly rows: readonly string[]
}

/** What a fix adds to the history: a lot from before it, a row that is missing in it, or cash. */
export type FixPart =
  | {
      readonly kind: 'lot'
      readonly symbol: string
      readonly currency: string
      readonly day: LocalDate
      readonly quantity: Dec
      readonly price: Dec | null
    }
  | {
      readonly kind: 'row'
      readonly what: 'split' | 'delivered' | 'ended' | 'traded'
      readonly symbol: string
      readonly assetClass: AssetClass | null
      readonly currency: string
      readonly day: LocalDate
      /** The signed change of the holding. */
      readonly quantity: Dec
      readonly price: Dec | null
    }
  | {
      readonly kind: 'cash'
      readonly what: 'opening' | 'adjustment'
      readonly currency: string
      readonly day: LocalDate
      readonly amount: Dec
    }

export interface FixPlan {
  readonly kind: FixKind
  readonly label: string
  readonly detail: string
  readonly parts: readonly FixPart[]
  /** Of a fix that takes away what the user added, in place of parts. */
  readonly takesBack?: TakesBack
  /** Of a fix that says which rows opened a short position, in place of parts. */
  readonly opensShort?: OpensShort
}

export interface Finding {
  readonly reason: DriftReason
  readonly sentence: string
  readonly fix: FixPlan | null
}

/** Where the history and the broker differ. `difference` is broker minus ledger. */
export interface Gap {
  readonly symbol: string
  readonly assetClass: AssetClass | null
  readonly currency: string
  /** Of the history, which may name another currency for the same thing. */
  readonly bookedIn: string
  readonly ledger: Dec
  readonly broker: Dec
  readonly difference: Dec
  readonly held: HeldFact | null
  readonly book: BookFact | null
  readonly asOf: Instant
}

export interface CashGap {
  readonly currency: string
  readonly ledger: Dec
  readonly broker: Dec
  readonly difference: Dec
  readonly asOf: Instant
}

/** A difference with its likely reason and what one can do. */
export interface Difference extends Finding {
  readonly kind: 'position' | 'cash'
  readonly symbol: string | null
  readonly currency: string
  readonly ledger: Dec
  readonly broker: Dec
  readonly asOf: Instant
}
