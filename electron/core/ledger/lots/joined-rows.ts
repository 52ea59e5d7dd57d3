import { Dec } from '../../../../shared/domain/decimal.ts'
import { isCashInLieu, type Placed } from './cash-in-lieu.ts'
import type { Arrival, LotRow, RowOverride } from './lot-row.ts'

const ONE = Dec.of('1')

const isNothing = (quantity: Dec | null): boolean => quantity === null || Dec.isZero(quantity)

/**
 * Corporate actions whose parts are rows of their own: cash in one and what it was paid for in another, which becomes a sale for it; and
 * splits in which each row names its value, which cancel each other out in one instrument and are a sale or purchase in any other. Cash in
 * lieu pays for a fraction and nothing more. A price the user tells of a row counts in place of any cash.
 */
export function joinActions(rows: readonly LotRow[], { overrides }: Pick<Moves, 'overrides'> = {}): readonly LotRow[] {
  const byDay = Map.groupBy(rows.filter(({ kind }) => kind === 'corporate-action' || kind === 'split'), ({ kind, tradeDate }) => `${kind}|${tradeDate}`)
  const changed = new Map<LotRow, LotRow>()
  for (const group of byDay.values()) {
    const moving = group.filter(({ quantity }) => !isNothing(quantity))
    const [gone] = moving
    const pays = gone && isFraction(gone) ? group : group.filter(row => !isCashInLieu(row))
    const cash = Dec.sum(pays.map(({ amount }) => amount ?? Dec.zero))
    if (Dec.isZero(cash)) continue
    if (gone?.kind === 'split') for (const row of moving) changed.set(row, { ...row, kind: 'corporate-action' })
    else if (gone && moving.length === 1 && gone.quantity?.startsWith('-') === true && isNothing(gone.amount) && overrides?.get(gone.externalId)?.price === undefined) changed.set(gone, { ...gone, amount: cash })
  }
  return changed.size === 0 ? rows : rows.map(row => changed.get(row) ?? row)
}

const isFraction = ({ quantity }: LotRow): boolean => quantity !== null && Dec.cmp(Dec.abs(quantity), ONE) < 0

/** Splits told in two rows, all out and all in again, are one; the key is the first one's. */
export function joinSplits(placed: readonly Placed[]): readonly Placed[] {
  if (!placed.some(({ event }) => event.kind === 'split')) return placed
  const joined: Placed[] = []
  for (const one of placed) {
    const last = joined.at(-1)
    if (one.event.kind === 'split' && last?.event.kind === 'split' && last.event.day === one.event.day)
      joined[joined.length - 1] = { ...last, event: { ...last.event, quantity: Dec.add(last.event.quantity, one.event.quantity) } }
    else joined.push(one)
  }
  return joined.filter(({ event: { kind, quantity } }) => kind !== 'split' || !Dec.isZero(quantity))
}

/** What is known of rows that moved shares. */
export interface Moves {
  readonly overrides?: ReadonlyMap<string, RowOverride>
  readonly arrivals?: ReadonlyMap<string, readonly Arrival[]>
  readonly exchanged?: ReadonlySet<string>
}

/**
 * Rows without those by which shares left and the same came back on one day: moved between cash and margin, or tendered into shares of the
 * same name. They were held all along, so their lots stay. Rows the user says a price or lots of count as he says.
 */
export function withoutReturned(rows: readonly LotRow[], moves: Moves): readonly LotRow[] {
  const moving = rows.filter(row => isMove(row, moves))
  if (moving.length < 2) return rows
  const gone = new Set<LotRow>()
  for (const group of Map.groupBy(moving, nameOf).values()) {
    for (const one of group) {
      if (gone.has(one)) continue
      const back = Dec.neg(one.quantity ?? Dec.zero)
      const other = group.find(row => !gone.has(row) && row.quantity === back)
      if (other) gone.add(one).add(other)
    }
  }
  return gone.size === 0 ? rows : rows.filter(row => !gone.has(row))
}

function isMove({ kind, quantity, amount, externalId }: LotRow, { overrides, arrivals, exchanged }: Moves): boolean {
  if ((kind !== 'journal' && kind !== 'transfer' && kind !== 'corporate-action') || isNothing(quantity) || !isNothing(amount)) return false
  const told = overrides?.get(externalId)
  return told?.price === undefined && told?.lots === undefined && arrivals?.has(externalId) !== true && exchanged?.has(externalId) !== true
}

/** A corporate action has one word for both of its sides. */
function nameOf({ kind, tradeDate, brokerType }: LotRow): string {
  return kind === 'corporate-action' ? `${kind}|${tradeDate}|${brokerType}` : `${kind}|${tradeDate}`
}
