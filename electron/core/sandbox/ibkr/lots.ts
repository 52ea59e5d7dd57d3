import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Entry, FillEntry, TransferEntry } from '../story.ts'

/** A part of an earlier opening that a trade closed. `cost` is what was paid for it, negative for a short opening. */
export interface ClosedLot {
  readonly qty: Dec
  readonly price: Dec
  readonly cost: Dec
  readonly realized: Dec
  readonly openedAt: number
}

/** What a trade did first in, first out: `cost` plus its cash is what it realized. */
export interface LotResult {
  readonly cost: Dec
  readonly realized: Dec
  readonly closed: readonly ClosedLot[]
}

interface Lot {
  qty: Dec
  cost: Dec
  price: Dec
  readonly openedAt: number
}

type Moving = FillEntry | TransferEntry

/** Matches every movement of a story with its openings, oldest first. */
export function matchLots(entries: readonly Entry[]): ReadonlyMap<Moving, LotResult> {
  const open = new Map<string, Lot[]>()
  const results = new Map<Moving, LotResult>()
  for (const entry of [...entries].sort((a, b) => a.dayNumber - b.dayNumber || a.sequence - b.sequence)) {
    if (entry.kind === 'cash') continue
    const { symbol } = entry.kind === 'fill' ? entry.leg.instrument : entry.instrument
    const lots = open.get(symbol) ?? []
    open.set(symbol, lots)
    if (entry.kind === 'transfer' && entry.what === 'split') split(lots, entry.qty)
    else results.set(entry, move(lots, signedQty(entry), entry.net, entry.price, entry.at))
  }
  return results
}

/** The change of pieces: positive for what comes in. */
export function signedQty(entry: Moving): Dec {
  if (entry.kind === 'transfer') return entry.qty
  return entry.leg.side === 'buy' ? entry.qty : Dec.neg(entry.qty)
}

function move(lots: Lot[], change: Dec, net: Dec, price: Dec, at: number): LotResult {
  const closed: ClosedLot[] = []
  let left = change
  let cash = net
  let cost = Dec.zero
  while (!Dec.isZero(left) && lots[0] && Dec.isNegative(lots[0].qty) !== Dec.isNegative(left)) {
    const [lot] = lots
    const whole = Dec.cmp(Dec.abs(lot.qty), Dec.abs(left)) <= 0
    const pieces = whole ? Dec.abs(lot.qty) : Dec.abs(left)
    const basis = whole ? lot.cost : partOf(lot.cost, pieces, lot.qty)
    const brought = Dec.abs(left) === pieces ? cash : partOf(cash, pieces, left)
    closed.push({ qty: pieces, price: lot.price, cost: basis, realized: Dec.sub(brought, basis), openedAt: lot.openedAt })
    cost = Dec.sub(cost, basis)
    cash = Dec.sub(cash, brought)
    left = Dec.isNegative(left) ? Dec.add(left, pieces) : Dec.sub(left, pieces)
    lot.qty = Dec.isNegative(lot.qty) ? Dec.add(lot.qty, pieces) : Dec.sub(lot.qty, pieces)
    lot.cost = Dec.sub(lot.cost, basis)
    if (whole) lots.shift()
  }
  if (!Dec.isZero(left)) {
    lots.push({ qty: left, cost: Dec.neg(cash), price, openedAt: at })
    cost = Dec.sub(cost, cash)
  }
  return { cost, realized: Dec.add(net, cost), closed }
}

function split(lots: readonly Lot[], added: Dec): void {
  const held = Dec.sum(lots.map(({ qty }) => qty))
  if (Dec.isZero(held)) return
  const ratio = Math.round(Number(Dec.add(held, added)) / Number(held))
  for (const lot of lots) {
    lot.qty = Dec.mul(lot.qty, Dec.of(String(ratio)))
    lot.price = partOf(lot.price, Dec.of('1'), Dec.of(String(ratio)))
  }
}

/** `amount * pieces / all`, to eight places. */
function partOf(amount: Dec, pieces: Dec, all: Dec): Dec {
  return Dec.of(((Number(amount) * Number(pieces)) / Math.abs(Number(all))).toFixed(8))
}
