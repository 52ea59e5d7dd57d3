import { Dec } from '../../../../shared/domain/decimal.ts'
import { addClosing } from './closing-room.ts'
import type { LotEvent } from './lot-event.ts'
import type { Kernel } from './kernel.ts'
import { type Book, type BookOptions, isShort, lesser, type OpenLot, type Pool, shareOf, sign, size, wholeOf } from './lot-book.ts'
import { addToPool, gatherPool, spreadPool } from './pool.ts'

/** Shares of costs that do not divide evenly are cut here, whatever else is in the book: 8 decimals. The last share gets the rest. */
export const SHARE_DECIMALS = 8

/** A split of fractions is cut here; one of whole units gives whole units. Neither depends on what happens later. */
export const SPLIT_DECIMALS = 9

export function createBook<N>({ kernel, scales, method, closings, ends, lots = [], trip = 0, apart = NONE }: BookOptions<N>): Book<N> {
  const { zero } = kernel
  const book: Book<N> = {
    kernel, scales, unitScale: scales.money - scales.quantity, step: kernel.ten(scales.money - SHARE_DECIMALS), method, ends, at: lots.length - 1,
    running: { unit: null, isSale: false, left: zero, costs: zero, value: null }, taken: { principal: null, costs: zero }, lots: [...lots], trip, closings, given: [], missing: [],
    pool: { quantity: zero, unit: null, principal: null, costs: zero }, apart,
  }
  if (method === 'average') gatherPool(book)
  return book
}

const NONE: ReadonlySet<string> = new Set()

/** Takes the next event of a book. Throws TooLarge, and RangeError for what needs more decimals than the book has. */
export function applyEvent<N>(book: Book<N>, event: LotEvent): void {
  book.at += 1
  switch (event.kind) {
    case 'fill':
      return fill(book, event)
    case 'split':
      return split(book, event)
    case 'receive':
      return receive(book, event)
    case 'deliver':
    case 'exchange':
      return deliver(book, event)
    case 'end':
      return end(book, event)
  }
}

function unitOf<N>({ kernel: k, unitScale }: Book<N>, { price, multiplier }: LotEvent): N | null {
  return price === null ? null : k.read(Dec.mul(price, multiplier), unitScale)
}

function valueOf<N>({ kernel: k, scales }: Book<N>, { value = null }: LotEvent): N | null {
  return value === null ? null : k.read(value, scales.money)
}

function partOf<N>(book: Book<N>, amount: N | null, part: N, whole: N): N | null {
  return amount === null ? null : shareOf(book, amount, part, whole)
}

/** What a part of a lot was paid for; `part` is positive. Ask it before the part is taken. */
function principalOf<N>(book: Book<N>, lot: Pool<N>, part: N, whole: N): N | null {
  if (lot.unit !== null) return book.kernel.mul(lot.unit, part)
  return lot.principal === null ? null : shareOf(book, lot.principal, part, whole)
}

function take<N>({ kernel: k }: Book<N>, lot: Pool<N>, part: N, principal: N | null, costs: N): void {
  if (lot.principal !== null && principal !== null) lot.principal = k.sub(lot.principal, principal)
  lot.costs = k.sub(lot.costs, costs)
  reduce(k, lot, part)
}

function reduce<N>(k: Kernel<N>, lot: Pick<Pool<N>, 'quantity'>, part: N): void {
  lot.quantity = isShort(k, lot.quantity) ? k.add(lot.quantity, part) : k.sub(lot.quantity, part)
}

/** What a part of a lot was paid for and cost beside it, taken out of the lot or of the pool it is in. Not an object: there is one call for every piece of history. */
function takeCost<N>(book: Book<N>, lot: OpenLot<N>, part: N): void {
  const { kernel: k, pool, taken } = book
  const own = lot.isPooled ? pool : lot
  const whole = size(k, own.quantity)
  taken.principal = principalOf(book, own, part, whole)
  taken.costs = shareOf(book, own.costs, part, whole)
  take(book, own, part, taken.principal, taken.costs)
  if (lot.isPooled) reduce(k, lot, part)
}

function dropIfEmpty<N>({ kernel: k, lots }: Book<N>, at: number): void {
  if (sign(k, lots[at]?.quantity ?? k.zero) !== 0) return
  if (at === 0) lots.shift()
  else lots.splice(at, 1)
}

/** Closes what is left of an event against lots on the other side, the picked ones first, then in the order of the method. */
function close<N>(book: Book<N>, event: LotEvent, isGiven: boolean): void {
  const { kernel: k, lots, method, running } = book
  if (event.picks !== undefined) closePicked(book, event, event.picks, isGiven)
  while (sign(k, running.left) > 0 && lots.length > 0) closeAt(book, event, method === 'lifo' ? lots.length - 1 : firstOf(book), running.left, isGiven)
}

/** What the average is made of goes before lots that are picked. */
function firstOf<N>({ lots, apart }: Book<N>): number {
  return apart.size === 0 ? 0 : Math.max(0, lots.findIndex(({ isPooled }) => isPooled))
}

function closePicked<N>(book: Book<N>, event: LotEvent, picks: NonNullable<LotEvent['picks']>, isGiven: boolean): void {
  const { kernel: k, lots, scales, running, ends } = book
  for (const { lot, quantity } of picks) {
    const wanted = k.read(quantity, scales.quantity)
    closeAt(book, event, lots.findIndex(({ source }) => ends[source]?.key === lot), lesser(k, wanted, running.left), isGiven)
  }
}

function closeAt<N>(book: Book<N>, event: LotEvent, at: number, most: N, isGiven: boolean): void {
  const { kernel: k, running } = book
  const lot = book.lots[at]
  if (!lot || sign(k, most) <= 0) return
  const there = size(k, lot.quantity)
  const part = lesser(k, there, most)
  if (isGiven) givePart(book, event, lot, part)
  else endPart(book, lot, part)
  running.left = k.sub(running.left, part)
  dropIfEmpty(book, at)
}

function open<N>(book: Book<N>, quantity: N, unit: N | null, principal: N | null, costs: N): void {
  const { lots, method } = book
  if (lots.length === 0) book.trip += 1
  const lot: OpenLot<N> = { source: book.at, trip: book.trip, quantity, unit, principal, costs, isPooled: false }
  if (method === 'average') addToPool(book, lot)
  const place = method === 'hifo' ? placeByCost(book, lot) : placeByDay(book, lot)
  if (place === lots.length) lots.push(lot)
  else lots.splice(place, 0, lot)
}

/** Where a lot belongs by the day it was acquired, which for one that came from elsewhere is not the day it came: behind all of that day. */
function placeByDay<N>({ lots, ends }: Book<N>, { source }: OpenLot<N>): number {
  const day = ends[source]?.day ?? ''
  let at = lots.length
  // A place below the first is slow to look up.
  while (at > 0 && (ends[lots[at - 1]?.source ?? -1]?.day ?? '') > day) at -= 1
  return at
}

/** Where a lot belongs among others of its side: before those whose end would leave a larger gain. */
function placeByCost<N>(book: Book<N>, lot: OpenLot<N>): number {
  let [from, to] = [0, book.lots.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const other = book.lots[middle]
    if (other && comesBefore(book, lot, other)) to = middle
    else from = middle + 1
  }
  return from
}

/** Compares cost per unit without dividing; what nobody knows the cost of comes last. */
function comesBefore<N>({ kernel: k }: Book<N>, a: OpenLot<N>, b: OpenLot<N>): boolean {
  const [one, other] = [costOf(k, a), costOf(k, b)]
  if (one === null || other === null) return one !== null
  const order = k.cmp(k.mul(one, size(k, b.quantity)), k.mul(other, size(k, a.quantity)))
  return isShort(k, a.quantity) ? order < 0 : order > 0
}

function costOf<N>(k: Kernel<N>, lot: OpenLot<N>): N | null {
  const whole = wholeOf(k, lot)
  if (whole === null) return null
  return isShort(k, lot.quantity) ? k.sub(whole, lot.costs) : k.add(whole, lot.costs)
}

function faces<N>({ kernel: k, lots }: Book<N>, quantity: N): boolean {
  const [first] = lots
  return first !== undefined && sign(k, first.quantity) !== sign(k, quantity)
}

/**
 * Closes a piece of a lot. `proceeds` of it is what selling brought after costs and `cost` what buying took with them, null where it is not
 * known; its costs are those of both ends inside them. The lot is short where the event bought.
 */
function endPart<N>(book: Book<N>, lot: OpenLot<N>, part: N): void {
  const { kernel: k, running } = book
  const { unit, isSale, left } = running
  takeCost(book, lot, part)
  const { principal, costs: lotCosts } = book.taken
  const own = shareOf(book, running.costs, part, left)
  const gross = unit === null ? partOf(book, running.value, part, left) : k.mul(unit, part)
  running.costs = k.sub(running.costs, own)
  if (running.value !== null && gross !== null) running.value = k.sub(running.value, gross)
  const costs = k.add(own, lotCosts)
  const proceeds = isSale ? less(k, gross, own) : less(k, principal, lotCosts)
  const cost = isSale ? more(k, principal, lotCosts) : more(k, gross, own)
  const pnl = proceeds === null || cost === null ? null : k.sub(proceeds, cost)
  addClosing(book.closings, lot.source, book.at, isSale ? lot.trip : -lot.trip, part, proceeds, cost, pnl, costs)
}

const less = <N>(k: Kernel<N>, amount: N | null, costs: N): N | null => (amount === null ? null : k.sub(amount, costs))
const more = <N>(k: Kernel<N>, amount: N | null, costs: N): N | null => (amount === null ? null : k.add(amount, costs))

function fill<N>(book: Book<N>, event: LotEvent): void {
  const { kernel: k, scales, running } = book
  const quantity = k.read(event.quantity, scales.quantity)
  const isSale = isShort(k, quantity)
  const unit = unitOf(book, event)
  running.unit = unit
  running.isSale = isSale
  running.left = size(k, quantity)
  running.costs = k.read(event.costs, scales.money)
  running.value = unit === null ? valueOf(book, event) : null
  if (faces(book, quantity)) close(book, event, false)
  if (sign(k, running.left) === 0) return
  const opens = event.effect === 'open' || (event.effect === null && !isSale)
  if (opens) return open(book, isSale ? k.neg(running.left) : running.left, unit, running.value, running.costs)
  if (event.shortUpTo !== undefined) openShort(book, k.read(event.shortUpTo, scales.quantity))
  if (sign(k, running.left) !== 0) book.missing.push({ event, quantity: isSale ? k.neg(running.left) : running.left })
}

/** Opens a short position for a part of what is left of a sale, with that part of its cash and costs. */
function openShort<N>(book: Book<N>, most: N): void {
  const { kernel: k, running } = book
  const { unit, value, costs, left } = running
  const part = lesser(k, most, left)
  open(book, k.neg(part), unit, partOf(book, value, part, left), shareOf(book, costs, part, left))
  running.left = k.sub(left, part)
}

const heldIn = <N>({ kernel: k, lots }: Book<N>): N => lots.reduce((total, lot) => k.add(total, lot.quantity), k.zero)

/** Shares out what there is after a split. The cost of a lot too small to become anything goes on with the next one; the last gets the rest, which is never nothing. */
function split<N>(book: Book<N>, event: LotEvent): void {
  const { kernel: k, scales, lots } = book
  if (scales.quantity > 0 && scales.quantity < SPLIT_DECIMALS) throw new RangeError('fractions need more decimals to be split')
  const change = k.read(event.quantity, scales.quantity)
  let held = heldIn(book)
  let left = k.add(held, change)
  // None takes away all there is.
  if (sign(k, left) !== sign(k, held)) return void book.missing.push({ event, quantity: change })
  const whole = k.ten(scales.quantity)
  const isWhole = k.isMultiple(change, whole) && lots.every(lot => k.isMultiple(lot.quantity, whole))
  const cut = isWhole ? whole : k.ten(Math.max(0, scales.quantity - SPLIT_DECIMALS))
  spreadPool(book)
  let carried: Pick<OpenLot<N>, 'principal' | 'costs'> = { principal: k.zero, costs: k.zero }
  for (const lot of lots) {
    const own = k.cmp(lot.quantity, held) === 0 ? left : k.share(left, lot.quantity, held, cut)
    left = k.sub(left, own)
    held = k.sub(held, lot.quantity)
    const principal = wholeOf(k, lot)
    lot.principal = principal === null || carried.principal === null ? null : k.add(principal, carried.principal)
    lot.unit = null
    lot.quantity = own
    lot.costs = k.add(lot.costs, carried.costs)
    carried = sign(k, own) === 0 ? lot : { principal: k.zero, costs: k.zero }
  }
  for (let at = lots.length - 1; at >= 0; at -= 1) dropIfEmpty(book, at)
  if (book.method === 'average') gatherPool(book)
  // Cut to whole units, another lot may be the dearest.
  if (book.method === 'hifo') for (const lot of lots.splice(0)) lots.splice(placeByCost(book, lot), 0, lot)
}

/** Gives lots away against an event; answers what is left of it, positive. */
function give<N>(book: Book<N>, event: LotEvent, quantity: N): N {
  const { kernel: k, running } = book
  running.left = size(k, quantity)
  if (faces(book, quantity)) close(book, event, true)
  return running.left
}

function givePart<N>(book: Book<N>, event: LotEvent, lot: OpenLot<N>, part: N): void {
  const { kernel: k } = book
  takeCost(book, lot, part)
  const { principal, costs } = book.taken
  book.given.push({ source: lot.source, event, quantity: part, cost: more(k, principal, costs) })
}

function receive<N>(book: Book<N>, event: LotEvent): void {
  const { kernel: k, scales } = book
  const quantity = k.read(event.quantity, scales.quantity)
  const left = give(book, event, quantity)
  if (sign(k, left) === 0) return
  const unit = unitOf(book, event)
  const [value, costs] = [unit === null ? valueOf(book, event) : null, k.read(event.costs, scales.money)]
  open(book, isShort(k, quantity) ? k.neg(left) : left, unit, partOf(book, value, left, size(k, quantity)), shareOf(book, costs, left, size(k, quantity)))
}

function deliver<N>(book: Book<N>, event: LotEvent): void {
  const { kernel: k, scales } = book
  const quantity = k.read(event.quantity, scales.quantity)
  const left = give(book, event, quantity)
  if (sign(k, left) !== 0) book.missing.push({ event, quantity: isShort(k, quantity) ? k.neg(left) : left })
}

function end<N>(book: Book<N>, event: LotEvent): void {
  const { kernel: k, scales } = book
  const held = heldIn(book)
  const stated = size(k, k.read(event.quantity, scales.quantity))
  const ended = sign(k, stated) === 0 ? size(k, held) : stated
  const { value = null } = event
  // Cash that came in is what a long one was sold for; what went out is what a short one was bought for.
  const worth = value === null ? { price: Dec.zero } : { price: null, value: isShort(k, held) ? Dec.neg(value) : value }
  if (sign(k, held) !== 0) fill(book, { ...event, ...worth, quantity: k.write(isShort(k, held) ? ended : k.neg(ended), scales.quantity), effect: 'close' })
  else if (sign(k, stated) !== 0) book.missing.push({ event, quantity: k.read(event.quantity, scales.quantity) })
}
