import { Dec } from '../../../shared/domain/decimal.ts'
import type { Told } from '../ledger/fingerprint.ts'
import type { FileRow } from './format.ts'
import type { KnownRow } from './fingerprint.ts'

export interface Settled {
  readonly verdict: 'already-there' | 'conflict'
  /** The ids of what the others tell in its place: one list for all rows of it. */
  readonly told: readonly string[]
}

/**
 * Rows that no row of the account equals, held against what other sources (the broker, files of another kind) tell of the same day
 * that nothing matched. Trades of a day, symbol and side that come to the same quantity and cash are the same ones, cut differently
 * (orders and fills): already there. Those that do not, and other rows of the same symbol and quantity, contradict each other. All
 * rows not answered are new.
 */
export function settleDoubts(rows: readonly FileRow[], others: readonly KnownRow[]): Map<FileRow, Settled> {
  const doubts = new Map<FileRow, Settled>()
  const known = new Map<string, KnownRow[]>()
  for (const other of others) putInto(known, placeOf(other), other)
  const open = new Map<string, FileRow[]>()
  for (const row of rows) putInto(open, placeOf(row.facts), row)
  for (const [place, group] of open) {
    const told = known.get(place)
    if (!told || group[0]?.facts.symbol === null) continue
    const verdict =
      group[0]?.facts.kind === 'trade' &&
      comeToTheSame(
        group.map(({ facts }) => facts),
        told,
      )
        ? 'already-there'
        : 'conflict'
    const settled: Settled = { verdict, told: told.map(({ externalId }) => externalId) }
    for (const row of group) doubts.set(row, settled)
  }
  return doubts
}

function putInto<T>(groups: Map<string, T[]>, place: string, value: T): void {
  const group = groups.get(place)
  if (group) group.push(value)
  else groups.set(place, [value])
}

/** Where two sources may speak of the same thing: a day's trades of a symbol on one side, or its other rows of one kind and quantity. */
function placeOf({ kind, tradeDate, symbol, side, quantity }: Told): string {
  return [tradeDate, symbol ?? '', kind, kind === 'trade' ? (side ?? '') : (quantity ?? '')].join('\u001f')
}

function comeToTheSame(rows: readonly Told[], others: readonly Told[]): boolean {
  return total(rows, 'quantity') === total(others, 'quantity') && total(rows, 'amount') === total(others, 'amount')
}

function total(rows: readonly Told[], field: 'quantity' | 'amount'): Dec | null {
  const values = rows.map(row => row[field]).filter(value => value !== null)
  return values.length === rows.length ? Dec.sum(values) : null
}
