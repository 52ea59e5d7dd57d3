import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Account } from './history.ts'
import { centsOf } from './instrument.ts'
import type { Instrument } from './instrument.ts'
import type { Market } from './market.ts'
import type { Entry, FillEntry, TransferEntry } from './story.ts'
import { shareBy } from './trader.ts'

/** An entry that changes what is held. */
export type Moving = FillEntry | TransferEntry

/** One change of what is held, as the book takes it. */
export interface Movement {
  /** The entry, or the number of a day trade that is made when it is read. */
  readonly of: Moving | number
  readonly instrument: Instrument
  readonly at: number
  readonly day: LocalDate
  /** Positive for what comes in. */
  readonly qty: Dec
  /** Signed cash, with the costs that are inside it. */
  readonly net: Dec
  readonly price: Dec
  readonly isSplit: boolean
}

/** A part of an earlier opening that a trade closed. `cost` is what was paid for it, negative for a short opening. */
export interface ClosedLot {
  /** Without a sign. */
  readonly qty: Dec
  /** Of the opening. */
  readonly price: Dec
  readonly cost: Dec
  readonly realized: Dec
  readonly short: boolean
  readonly opened: Movement
}

/** What a trade did first in, first out: `cost` plus its cash is what it realized. */
export interface LotResult {
  readonly cost: Dec
  readonly realized: Dec
  readonly closed: readonly ClosedLot[]
}

/** What is left of an opening. `qty` and `cost` are negative for a short one. */
export interface OpenLot {
  readonly instrument: Instrument
  readonly qty: Dec
  readonly cost: Dec
  readonly opened: Movement
}

export interface OwnBook {
  /** In the order of the book. */
  readonly results: ReadonlyMap<Movement['of'], LotResult>
  readonly open: readonly OpenLot[]
}

interface Lot {
  /** Bought or sold at first, in pieces of today: a split multiplies it. */
  all: Dec
  left: Dec
  price: Dec
  /** For all of it. */
  readonly paid: Dec
  readonly opened: Movement
}

/** Parts of an amount are told to this many places. */
const PLACES = 12

/**
 * The lots of an account as its broker keeps them: first in, first out, in the order things happened. Costs that are inside a movement's
 * cash are inside cost and proceeds.
 */
export function keepBook(movements: readonly Movement[]): OwnBook {
  const lots = new Map<string, Lot[]>()
  const results = new Map<Movement['of'], LotResult>()
  for (const movement of movements) {
    const mine = lots.get(movement.instrument.symbol) ?? []
    lots.set(movement.instrument.symbol, mine)
    if (movement.isSplit) split(mine, movement.qty)
    else results.set(movement.of, move(mine, movement))
  }
  const open = [...lots.values()].flat().map(({ left, paid, all, opened }) => {
    const cost = partOf(paid, Dec.abs(left), all)
    return { instrument: opened.instrument, qty: left, cost, opened }
  })
  return { results, open }
}

/** What the movements of a day realized, in all instruments or one of them. */
export function realizedOn(movements: readonly Movement[], day: LocalDate, symbol?: string): Dec {
  const { results } = keepBook(symbol === undefined ? movements : movements.filter(({ instrument }) => instrument.symbol === symbol))
  return Dec.sum(movements.flatMap(({ of, day: own }) => (own === day ? [results.get(of)?.realized ?? Dec.zero] : [])))
}

/** What entries move, in the order it happened. `cashOf` is for brokers that tell another amount than the story. */
export function movementsOf(entries: readonly Entry[], cashOf: (entry: Moving) => Dec = ({ net }) => net): Movement[] {
  const moving = entries.filter((entry): entry is Moving => entry.kind !== 'cash')
  return moving.sort(asTheyHappened).map(entry => ({
    of: entry,
    instrument: entry.kind === 'fill' ? entry.leg.instrument : entry.instrument,
    at: entry.at,
    day: entry.day,
    qty: signedQty(entry),
    net: cashOf(entry),
    price: entry.price,
    isSplit: entry.kind === 'transfer' && entry.what === 'split',
  }))
}

/** The day trades that fill a large history, until a moment. They carry no costs. */
export function bulkMovements({ bulk }: Account, market: Market, before: number): Movement[] {
  return Array.from({ length: bulk.before(before) }, (_, number) => {
    const { symbol, at, day, side, pieces, cents } = bulk.fill(number)
    const buys = side === 'buy'
    const qty = Dec.of(String(buys ? pieces : -pieces))
    const instrument = shareBy(market, symbol)
    return { of: number, instrument, at, day, qty, net: centsOf(pieces * cents * (buys ? -1 : 1)), price: centsOf(cents), isSplit: false }
  })
}

/** The change of pieces: positive for what comes in. */
export function signedQty(entry: Moving): Dec {
  if (entry.kind === 'transfer') return entry.qty
  return entry.leg.side === 'buy' ? entry.qty : Dec.neg(entry.qty)
}

function asTheyHappened(a: Moving, b: Moving): number {
  return a.at - b.at || microsOf(a) - microsOf(b) || a.sequence - b.sequence
}

function microsOf(entry: Moving): number {
  return entry.kind === 'fill' ? entry.micros : 0
}

function move(lots: Lot[], movement: Movement): LotResult {
  const { qty: change, net, price } = movement
  const closed: ClosedLot[] = []
  let left = change
  while (!Dec.isZero(left) && lots[0] && Dec.isNegative(lots[0].left) !== Dec.isNegative(left)) {
    const [lot] = lots
    const short = Dec.isNegative(lot.left)
    const held = Dec.abs(lot.left)
    const qty = Dec.cmp(held, Dec.abs(left)) <= 0 ? held : Dec.abs(left)
    const cost = partOf(lot.paid, qty, lot.all)
    closed.push({ qty, price: lot.price, cost, realized: Dec.sub(partOf(net, qty, change), cost), short, opened: lot.opened })
    left = short ? Dec.sub(left, qty) : Dec.add(left, qty)
    lot.left = short ? Dec.add(lot.left, qty) : Dec.sub(lot.left, qty)
    if (Dec.isZero(lot.left)) lots.shift()
  }
  const basis = Dec.sum(closed.map(({ cost }) => cost))
  if (Dec.isZero(left)) return { cost: Dec.neg(basis), realized: Dec.sub(net, basis), closed }
  const paid = Dec.neg(partOf(net, Dec.abs(left), change))
  lots.push({ all: left, left, price, paid, opened: movement })
  const cost = Dec.sub(paid, basis)
  return { cost, realized: Dec.add(net, cost), closed }
}

function split(lots: readonly Lot[], added: Dec): void {
  const held = Dec.sum(lots.map(({ left }) => left))
  if (Dec.isZero(held)) return
  const ratio = Dec.of(String(Math.round(Number(Dec.add(held, added)) / Number(held))))
  for (const lot of lots) {
    lot.all = Dec.mul(lot.all, ratio)
    lot.left = Dec.mul(lot.left, ratio)
    lot.price = Dec.divide(lot.price, ratio, PLACES)
  }
}

/** The share of an amount that belongs to some of all pieces, whichever sign these have. */
function partOf(amount: Dec, pieces: Dec, all: Dec): Dec {
  return pieces === Dec.abs(all) ? amount : Dec.divide(Dec.mul(amount, pieces), Dec.abs(all), PLACES)
}
