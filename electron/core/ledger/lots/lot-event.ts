import type { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'

/**
 * Something that changes how much of one instrument an account holds, in the order it happened.
 * - `fill`: bought or sold.
 * - `split`: the holding grew or shrank without money.
 * - `receive`: came in from elsewhere, with what it cost there (`price` or `value`, and `costs`), or with a cost nobody knows (both null).
 * - `deliver`: went elsewhere, with its cost.
 * - `exchange`: the same, and its cost goes on in another instrument of the account.
 * - `end`: an option ended: as many as its quantity says are closed, whichever side they are on, or all where that is 0. Brokers do not
 *   agree on its sign, and none ends what is not held. At price 0, or for the cash it settled in (`value`).
 */
export interface LotEvent {
  /** Unique within the instrument; the lot a fill opens has the same. */
  readonly key: string
  readonly kind: 'fill' | 'split' | 'receive' | 'deliver' | 'exchange' | 'end'
  /** In the zone of the exchange. Of something received: the day it was acquired, where that is known. */
  readonly day: LocalDate
  /** The signed change of the holding. */
  readonly quantity: Dec
  /** Of one unit (a contract counts `multiplier` units), in the instrument's currency. */
  readonly price: Dec | null
  readonly multiplier: Dec
  /**
   * Where no price of one unit is known but what all of it came to: that, positive; of an option that ended the cash that came in, negative where
   * it went out. Counts only beside a price of null.
   */
  readonly value?: Dec | null | undefined
  /** What it cost beside the price: fees, and the broker's own rounding. Negative when money came back. */
  readonly costs: Dec
  /** What the broker says it did to the position. A sale of more than there is opens a short position only where it says `open`. */
  readonly effect: 'open' | 'close' | null
  /** Of a sale without an `effect`: how much of it may open a short position all the same. */
  readonly shortUpTo?: Dec | undefined
  /** The lots to close first, by key; the method decides about the rest. */
  readonly picks?: readonly { readonly lot: string; readonly quantity: Dec }[]
}
