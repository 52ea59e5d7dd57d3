import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { symbolRows } from '../store/ledger-history.ts'
import { plainlyHeld, rowsOf } from '../store/plain-holdings.ts'
import { type AccountContext, accountContext } from './account-context.ts'
import { held } from './book-reading.ts'
import { statedFor } from './books.ts'
import { matchLots } from './lots/engine.ts'
import { lotEvents, mayMove } from './lots/lot-rows.ts'

/** A lot from before the history, whatever it cost. */
export interface LotBefore {
  readonly day: LocalDate
  readonly quantity: Dec
}

/** What would be held with one more lot; null where that is too much to compute. */
export type HeldWith = (lot: LotBefore) => Dec | null

/** Rows that are computed at most, of all instruments together and as often as they are asked about: a fifth of a second of them. */
const MOST_ROWS = 20_000

/**
 * Answers what an account would hold of an instrument, in a currency, with one more lot from before its history. Reads alone; what counts for all
 * instruments of the account is read once, so ask only while nothing changes.
 */
export function heldWith(writer: Writer, account: number, most: number = MOST_ROWS): (symbol: string, currency: string) => HeldWith {
  let left = most
  let found: AccountContext | undefined
  return (symbol, currency) => {
    const plain = plainlyHeld(writer, { account, symbol, currency })
    const rows = plain === null ? rowsOf(writer, account, symbol) : 0
    let compute: ((lot: LotBefore) => Dec) | undefined
    return lot => {
      if (plain !== null && !Dec.isNegative(lot.quantity)) return Dec.add(plain, lot.quantity)
      if (rows > left) return null
      left -= rows
      compute ??= computing(writer, (found ??= accountContext(writer, account)), symbol, currency)
      return compute(lot)
    }
  }
}

function computing(writer: Writer, context: AccountContext, symbol: string, currency: string): (lot: LotBefore) => Dec {
  const { account, overrides, picks, method } = context
  const rows = symbolRows(writer, account, symbol, { sortAt: 0, id: 0 }).filter(mayMove)
  const own = rows.filter(row => row.currency === currency)
  const openings = context.openings.filter(opening => opening.symbol === symbol && opening.currency === currency)
  const known = { symbol, stated: statedFor(writer, context, symbol, rows[0]), overrides, picks, arrivals: context.arrivals(symbol), exchanged: context.exchanged(symbol) }
  return lot => {
    const { events } = lotEvents(own, { ...known, openings: [{ id: 'before', price: null, ...lot }, ...openings] })
    return held(matchLots(events, method).lots)
  }
}
