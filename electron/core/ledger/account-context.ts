import type { LotMethod } from '../../../shared/domain/lot-method.ts'
import type { Writer } from '../db/connection.ts'
import { deliveriesUnder } from '../store/ledger-exchanges.ts'
import { exchangingRows, openingsOf, overridesOf, picksOf, type StoredOpening } from '../store/ledger-history.ts'
import { methodOf } from '../store/ledger-words.ts'
import { arrivalsOf, type Exchange, exchangesOf } from './lots/exchanges.ts'
import { type Arrival, type LotPick, type RowOverride, toldRows } from './lots/lot-rows.ts'

/** What counts for every book of an account beside its rows. Read anew in each transaction. */
export interface AccountContext {
  readonly account: number
  readonly method: LotMethod
  readonly overrides: ReadonlyMap<string, RowOverride>
  readonly picks: ReadonlyMap<string, readonly LotPick[]>
  /** Read when first asked. */
  readonly openings: readonly StoredOpening[]
  /** Which instrument became which other; read when first asked. */
  exchanges(): readonly Exchange[]
  hasReadExchanges(): boolean
  /** What an instrument got from others, by the row that brought it, as their books stand now. */
  arrivals(symbol: string): ReadonlyMap<string, readonly Arrival[]>
  /** The rows by which an instrument became another. */
  exchanged(symbol: string): ReadonlySet<string>
}

export function accountContext(writer: Writer, account: number): AccountContext {
  let found: readonly Exchange[] | undefined
  let opened: readonly StoredOpening[] | undefined
  const overrides = overridesOf(writer, account)
  const exchanges = (): readonly Exchange[] =>
    (found ??= exchangesOf(toldRows(exchangingRows(writer, account), overrides)))
  return {
    account,
    overrides,
    exchanges,
    hasReadExchanges: () => found !== undefined,
    method: methodOf(writer, account),
    picks: picksOf(writer, account),
    get openings() {
      return (opened ??= openingsOf(writer, account))
    },
    arrivals: symbol => {
      const into = exchanges().filter(({ toSymbol }) => toSymbol === symbol)
      return new Map(into.map(one => [one.inId, arrivalsOf(one, deliveriesUnder(writer, account, one.fromSymbol, one.outId))]))
    },
    exchanged: symbol => new Set(exchanges().flatMap(one => (one.fromSymbol === symbol ? [one.outId] : []))),
  }
}
