import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Writer } from '../db/connection.ts'
import { symbolRows } from '../store/ledger-history.ts'
import { accountContext } from './account-context.ts'
import { held } from './book-reading.ts'
import { statedFor } from './books.ts'
import { matchLots } from './lots/engine.ts'
import { lotEvents, mayMove } from './lots/lot-rows.ts'

/** A lot from before the history, whatever it cost. */
export interface LotBefore {
  readonly day: LocalDate
  readonly quantity: Dec
}

/** Answers what an account would hold of an instrument with one more lot from before its history. Reads alone, and all of the instrument. */
export function heldWith(writer: Writer, account: number, symbol: string, currency: string): (lot: LotBefore) => Dec {
  const context = accountContext(writer, account)
  const { overrides, picks, method } = context
  const rows = symbolRows(writer, account, symbol, { sortAt: 0, id: 0 }).filter(mayMove)
  const own = rows.filter(row => row.currency === currency)
  const openings = context.openings.filter(opening => opening.symbol === symbol && opening.currency === currency)
  const known = { symbol, stated: statedFor(writer, context, symbol, rows[0]), overrides, picks, arrivals: context.arrivals(symbol), exchanged: context.exchanged(symbol) }
  return lot => {
    const { events } = lotEvents(own, { ...known, openings: [{ id: 'before', price: null, ...lot }, ...openings] })
    return held(matchLots(events, method).lots)
  }
}
