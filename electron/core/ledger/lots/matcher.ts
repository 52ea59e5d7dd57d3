import type { LotMethod } from '../../../../shared/domain/lot-method.ts'
import type { LotEvent } from './lot-event.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import type { Kernel } from './kernel.ts'

/** Shares of costs that do not divide evenly are cut here, whatever else is in the book: 8 decimals. The last share gets the rest. */
export const SHARE_DECIMALS = 8

/** A split of fractions is cut here; one of whole units gives whole units. Neither depends on what happens later. */
export const SPLIT_DECIMALS = 9

/** What is left of something that was opened. Amounts are at the book's scales; `quantity` is negative for a short lot. */
export interface OpenLot<N> {
  readonly key: string
  readonly day: LocalDate
  /** The run from flat to flat it belongs to, from 1. */
  readonly trip: number
  quantity: N
  /** Price times multiplier for one unit of quantity; null once only the whole is known. */
  unit: N | null
  /** The price paid (received, for a short lot) for all that is left, where `unit` is null. Null: nobody knows. */
  principal: N | null
  /** What it cost beside the price. */
  costs: N
}

/** An event while it closes lots: what is left of it, unsigned, and of its costs and its value. */
interface Running<N> {
  readonly event: LotEvent
  readonly unit: N | null
  readonly isSale: boolean
  left: N
  costs: N
  value: N | null
}

/** What a book tells while it goes through its events. */
export interface BookSink<N> {
  /**
   * A piece of a lot was closed. `quantity` is positive; `proceeds` is what selling brought after costs and `cost` what buying took with
   * them, null where it is not known; `costs` are those of both ends inside them. The lot is short where the event bought. Not one
   * object: there is one call for every piece of history.
   */
  closed(lot: OpenLot<N>, event: LotEvent, quantity: N, proceeds: N | null, cost: N | null, costs: N): void
  /** Went elsewhere without a sale. */
  delivered(piece: { readonly lot: OpenLot<N>; readonly event: LotEvent; readonly quantity: N; readonly cost: N | null }): void
  /** Something closed more than there was: what opened it is missing. Signed like the event's quantity. */
  missing(gap: { readonly event: LotEvent; readonly quantity: N }): void
}

/** Decimals of a book: of quantities, and of all money. */
export interface Scales {
  readonly quantity: number
  readonly money: number
}

export interface Book<N> {
  apply(event: LotEvent): void
  /** What is open: the next to be closed first, for `lifo` last. */
  readonly lots: readonly OpenLot<N>[]
  readonly trip: () => number
}

export interface BookOptions<N> {
  readonly kernel: Kernel<N>
  readonly scales: Scales
  readonly method: LotMethod
  readonly sink: BookSink<N>
  /** To go on from; the book changes them. */
  readonly lots?: readonly OpenLot<N>[]
  readonly trip?: number
}

/** The lots of one instrument in one account, from its events in their order. */
export function createBook<N>({ kernel: k, scales, method, sink, lots: known = [], trip: lastTrip = 0 }: BookOptions<N>): Book<N> {
  const lots: OpenLot<N>[] = [...known]
  const unitScale = scales.money - scales.quantity
  const step = k.ten(scales.money - SHARE_DECIMALS)
  const one = Dec.of('1')
  let trip = lastTrip
  const sign = (value: N): number => k.cmp(value, k.zero)
  const size = (value: N): N => (sign(value) < 0 ? k.neg(value) : value)

  function unitOf({ price, multiplier }: LotEvent): N | null {
    if (price === null) return null
    return multiplier === one ? k.read(price, unitScale) : k.read(Dec.mul(price, multiplier), unitScale)
  }

  const valueOf = ({ value = null }: LotEvent): N | null => (value === null ? null : k.read(value, scales.money))

  /** Takes the share of `part` in `whole` out of an amount. */
  const shareOf = (amount: N, part: N, whole: N): N => (k.cmp(part, whole) === 0 ? amount : k.share(amount, part, whole, step))
  const partOf = (amount: N | null, part: N, whole: N): N | null => (amount === null ? null : shareOf(amount, part, whole))

  /** What a part of a lot was paid for; `part` is positive. Ask it before the part is taken. */
  function principalOf(lot: OpenLot<N>, part: N, whole: N): N | null {
    if (lot.unit !== null) return k.mul(lot.unit, part)
    return lot.principal === null ? null : shareOf(lot.principal, part, whole)
  }

  function take(lot: OpenLot<N>, part: N, principal: N | null, costs: N): void {
    if (lot.unit === null && lot.principal !== null && principal !== null) lot.principal = k.sub(lot.principal, principal)
    lot.costs = k.sub(lot.costs, costs)
    lot.quantity = sign(lot.quantity) < 0 ? k.add(lot.quantity, part) : k.sub(lot.quantity, part)
  }

  function dropIfEmpty(at: number): void {
    if (sign(lots[at]?.quantity ?? k.zero) !== 0) return
    if (at === 0) lots.shift()
    else lots.splice(at, 1)
  }

  /** Closes what is left of an event against lots on the other side, the picked ones first, then in the order of the method. */
  function close(running: Running<N>, each: (running: Running<N>, lot: OpenLot<N>, part: N) => void): void {
    const { picks } = running.event
    if (picks !== undefined) {
      for (const { lot, quantity } of picks) {
        const wanted = k.read(quantity, scales.quantity)
        closeAt(running, lots.findIndex(({ key }) => key === lot), k.cmp(wanted, running.left) < 0 ? wanted : running.left, each)
      }
    }
    while (sign(running.left) > 0 && lots.length > 0) closeAt(running, method === 'lifo' ? lots.length - 1 : 0, running.left, each)
  }

  function closeAt(running: Running<N>, at: number, most: N, each: (running: Running<N>, lot: OpenLot<N>, part: N) => void): void {
    const lot = lots[at]
    if (!lot || sign(most) <= 0) return
    const there = size(lot.quantity)
    const part = k.cmp(there, most) < 0 ? there : most
    each(running, lot, part)
    running.left = k.sub(running.left, part)
    dropIfEmpty(at)
  }

  function open(event: LotEvent, quantity: N, unit: N | null, principal: N | null, costs: N): void {
    if (lots.length === 0) trip += 1
    const lot: OpenLot<N> = { key: event.key, day: event.day, trip, quantity, unit, principal, costs }
    const [pool] = lots
    if (method === 'average' && pool) merge(pool, lot)
    else if (method === 'hifo') lots.splice(placeByCost(lot), 0, lot)
    else lots.push(lot)
  }

  /** Where a lot belongs among others of its side: before those whose end would leave a larger gain. */
  function placeByCost(lot: OpenLot<N>): number {
    let [from, to] = [0, lots.length]
    while (from < to) {
      const middle = (from + to) >> 1
      const other = lots[middle]
      if (other && comesBefore(lot, other)) to = middle
      else from = middle + 1
    }
    return from
  }

  /** Compares cost per unit without dividing; what nobody knows the cost of comes last. */
  function comesBefore(a: OpenLot<N>, b: OpenLot<N>): boolean {
    const [one, other] = [costOf(a), costOf(b)]
    if (one === null || other === null) return one !== null
    const order = k.cmp(k.mul(one, size(b.quantity)), k.mul(other, size(a.quantity)))
    return sign(a.quantity) > 0 ? order > 0 : order < 0
  }

  function costOf(lot: OpenLot<N>): N | null {
    const whole = wholeOf(lot)
    if (whole === null) return null
    return sign(lot.quantity) > 0 ? k.add(whole, lot.costs) : k.sub(whole, lot.costs)
  }

  function merge(pool: OpenLot<N>, lot: OpenLot<N>): void {
    const [a, b] = [wholeOf(pool), wholeOf(lot)]
    pool.principal = a === null || b === null ? null : k.add(a, b)
    pool.unit = null
    pool.quantity = k.add(pool.quantity, lot.quantity)
    pool.costs = k.add(pool.costs, lot.costs)
  }

  const wholeOf = (lot: OpenLot<N>): N | null => (lot.unit === null ? lot.principal : k.mul(lot.unit, size(lot.quantity)))
  const faces = (quantity: N): boolean => lots[0] !== undefined && sign(lots[0].quantity) !== sign(quantity)

  function endPart(running: Running<N>, lot: OpenLot<N>, part: N): void {
    const { event, unit, isSale, left } = running
    const whole = size(lot.quantity)
    const [principal, lotCosts, own] = [principalOf(lot, part, whole), shareOf(lot.costs, part, whole), shareOf(running.costs, part, left)]
    const gross = unit === null ? partOf(running.value, part, left) : k.mul(unit, part)
    take(lot, part, principal, lotCosts)
    running.costs = k.sub(running.costs, own)
    if (running.value !== null && gross !== null) running.value = k.sub(running.value, gross)
    const costs = k.add(own, lotCosts)
    if (isSale) sink.closed(lot, event, part, gross === null ? null : k.sub(gross, own), principal === null ? null : k.add(principal, lotCosts), costs)
    else sink.closed(lot, event, part, principal === null ? null : k.sub(principal, lotCosts), gross === null ? null : k.add(gross, own), costs)
  }

  function fill(event: LotEvent): void {
    const quantity = k.read(event.quantity, scales.quantity)
    const isSale = sign(quantity) < 0
    const unit = unitOf(event)
    const running: Running<N> = { event, unit, isSale, left: size(quantity), costs: k.read(event.costs, scales.money), value: unit === null ? valueOf(event) : null }
    if (faces(quantity)) close(running, endPart)
    if (sign(running.left) === 0) return
    const rest = isSale ? k.neg(running.left) : running.left
    const opens = event.effect === 'open' || (event.effect === null && !isSale)
    if (opens) open(event, rest, unit, running.value, running.costs)
    else sink.missing({ event, quantity: rest })
  }

  /** Shares out what there is after a split. The cost of a lot too small to become anything goes on with the next one; the last gets the rest, which is never nothing. */
  function split(event: LotEvent): void {
    const change = k.read(event.quantity, scales.quantity)
    let held = lots.reduce((total, lot) => k.add(total, lot.quantity), k.zero)
    let left = k.add(held, change)
    // None takes away all there is.
    if (sign(held) === 0 || sign(left) !== sign(held)) return sink.missing({ event, quantity: change })
    const whole = k.ten(scales.quantity)
    const isWhole = k.isMultiple(change, whole) && lots.every(lot => k.isMultiple(lot.quantity, whole))
    const cut = isWhole ? whole : k.ten(Math.max(0, scales.quantity - SPLIT_DECIMALS))
    let carried: Pick<OpenLot<N>, 'principal' | 'costs'> = { principal: k.zero, costs: k.zero }
    for (const lot of lots) {
      const own = k.cmp(lot.quantity, held) === 0 ? left : k.share(left, lot.quantity, held, cut)
      left = k.sub(left, own)
      held = k.sub(held, lot.quantity)
      const principal = wholeOf(lot)
      lot.principal = principal === null || carried.principal === null ? null : k.add(principal, carried.principal)
      lot.unit = null
      lot.quantity = own
      lot.costs = k.add(lot.costs, carried.costs)
      carried = sign(own) === 0 ? lot : { principal: k.zero, costs: k.zero }
    }
    for (let at = lots.length - 1; at >= 0; at -= 1) dropIfEmpty(at)
    // Cut to whole units, another lot may be the dearest.
    if (method === 'hifo') for (const lot of lots.splice(0)) lots.splice(placeByCost(lot), 0, lot)
  }

  /** Gives lots away against an event; answers what is left of it, positive. */
  function give(event: LotEvent, quantity: N): N {
    const running: Running<N> = { event, unit: null, isSale: false, left: size(quantity), costs: k.zero, value: null }
    if (faces(quantity)) close(running, givePart)
    return running.left
  }

  function givePart({ event }: Running<N>, lot: OpenLot<N>, part: N): void {
    const whole = size(lot.quantity)
    const [principal, costs] = [principalOf(lot, part, whole), shareOf(lot.costs, part, whole)]
    take(lot, part, principal, costs)
    sink.delivered({ lot, event, quantity: part, cost: principal === null ? null : k.add(principal, costs) })
  }

  function receive(event: LotEvent): void {
    const quantity = k.read(event.quantity, scales.quantity)
    const left = give(event, quantity)
    if (sign(left) === 0) return
    const unit = unitOf(event)
    const [value, costs] = [unit === null ? valueOf(event) : null, k.read(event.costs, scales.money)]
    open(event, sign(quantity) < 0 ? k.neg(left) : left, unit, partOf(value, left, size(quantity)), shareOf(costs, left, size(quantity)))
  }

  function deliver(event: LotEvent): void {
    const quantity = k.read(event.quantity, scales.quantity)
    const left = give(event, quantity)
    if (sign(left) !== 0) sink.missing({ event, quantity: sign(quantity) < 0 ? k.neg(left) : left })
  }

  function end(event: LotEvent): void {
    const held = lots.reduce((total, lot) => k.add(total, lot.quantity), k.zero)
    const stated = size(k.read(event.quantity, scales.quantity))
    const ended = sign(stated) === 0 ? size(held) : stated
    if (sign(held) !== 0) fill({ ...event, quantity: k.write(sign(held) < 0 ? ended : k.neg(ended), scales.quantity), price: Dec.zero, effect: 'close' })
    else if (sign(stated) !== 0) sink.missing({ event, quantity: k.read(event.quantity, scales.quantity) })
  }

  const does: Readonly<Record<LotEvent['kind'], (event: LotEvent) => void>> = { fill, split, receive, deliver, exchange: deliver, end }
  return { apply: event => does[event.kind](event), lots, trip: () => trip }
}
