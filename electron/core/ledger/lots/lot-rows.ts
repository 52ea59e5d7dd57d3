import { Dec } from '../../../../shared/domain/decimal.ts'
import { parseOcc, standardMultiplier } from '../../../../shared/domain/instrument.ts'
import { accruedOf } from './accrued.ts'
import { cashOfSplits, fractionsSold, type Placed } from './cash-in-lieu.ts'
import { costsOf } from './fill-costs.ts'
import { joinActions, joinSplits, withoutReturned } from './joined-rows.ts'
import { type LeftForCash, leftForCash } from './left-for-cash.ts'
import type { LotEvent } from './lot-event.ts'
import type { Arrival, LotPick, LotRow, OpeningLot, RowLot, RowOverride } from './lot-row.ts'
import { knownMultiplier, PAR, shownMultiplier } from './multiplier.ts'
import { lotPlace, openingPlace, tieOrder } from './place.ts'
import { keyOf, numberOfRest, numbersOf, OWN } from './row-lot-keys.ts'
import { shortsFound } from './shorts-found.ts'
import { dividendsReceived, isStockDividend } from './stock-dividends.ts'

export type { Arrival, LotPick, LotRow, OpeningLot, RowOverride } from './lot-row.ts'

/** What is known beside the rows; everything by the broker's id of a row. */
export interface LotKnowledge {
  /** The instrument: an option that only opening lots tell of is known by it. */
  readonly symbol?: string
  /** Of the book so far; null or left out: read from the instrument, else what a broker's row states, else from the rows. */
  readonly multiplier?: Dec | null
  /** What a row of the broker states of a contract. */
  readonly stated?: Dec | null
  readonly overrides?: ReadonlyMap<string, RowOverride>
  readonly picks?: ReadonlyMap<string, readonly LotPick[]>
  readonly openings?: readonly OpeningLot[]
  /** The lots a row brings from another instrument (see exchanges.ts). */
  readonly arrivals?: ReadonlyMap<string, readonly Arrival[]>
  /** Rows whose cost goes on in another instrument (see exchanges.ts). */
  readonly exchanged?: ReadonlySet<string>
}

/** Where an event stands in its book, and the row behind it; null for a lot from before the history. */
export interface EventPlace {
  /** Microseconds since 1970 (see lotPlace). */
  readonly at: number
  readonly row: LotRow | null
}

export interface LotReading {
  /** In the order of the book. */
  readonly events: readonly LotEvent[]
  /** One for each event, in the same order. */
  readonly places: readonly EventPlace[]
  /** Of the book, to be handed in again when it goes on; null where nothing says it yet. */
  readonly multiplier: Dec | null
}

const ONE = Dec.of('1')

/**
 * The history of one instrument in one account and currency as events of its lots. Rows may come in any order; canceled and ignored ones,
 * and those that move nothing, say nothing. The key of an event is its row's external id, or the id of an opening lot.
 */
export function lotEvents(rows: readonly LotRow[], all: LotKnowledge = {}): LotReading {
  const known = withoutEmpty(all)
  const own = toldBy(rows, known)
  // Most books are trades alone, and nothing joins those.
  const isTrades = own.every(({ kind }) => kind === 'trade')
  const { rows: told, unpaid } = isTrades ? { rows: own, unpaid: NONE } : joinedRows(own, known)
  const multiplier = multiplierIn(told, known)
  // A name that only ever left, by a split, was never held: the broker calls the old shares so.
  const isOldName = (known.openings ?? []).length === 0 && told.every(({ kind, externalId }) => kind === 'split' && known.exchanged?.has(externalId) === true)
  if (isOldName) return { events: [], places: [], multiplier }
  const placed = placedEvents(told, { ...known, unpaid }, multiplier)
  const sorted = isTrades ? placed : fractionsSold(placed, told)
  return { events: sorted.map(({ event }) => event), places: sorted, multiplier }
}

const NONE: ReadonlySet<string> = new Set()

/** Rows whose parts belong together as one; those of shares that left for what nobody says are unpaid. */
function joinedRows(own: readonly LotRow[], known: LotKnowledge): LeftForCash {
  const joined = withoutReturned(joinActions(own, known), known)
  const ofSplits = (): ReadonlySet<string> => cashOfSplits(placedEvents(joined, known, multiplierIn(joined, known)), joined)
  return leftForCash(joined, { moves: known, own, ofSplits })
}

const multiplierIn = (rows: readonly LotRow[], known: LotKnowledge): Dec | null => known.multiplier ?? multiplierOf(rows, known)

/** What rows and lots from before the history come to, in the order of the book, before fractions are sold. */
function placedEvents(rows: readonly LotRow[], known: Omit<Knowledge, 'multiplier'>, multiplier: Dec | null): readonly Placed[] {
  const general: Knowledge = { ...known, multiplier: multiplier ?? openedMultiplier(known) }
  const placed: Placed[] = []
  for (const row of rows) {
    const at = lotPlace(row)
    const own = known.overrides?.get(row.externalId)?.multiplier
    const knowing = own === undefined ? general : { ...general, multiplier: own }
    // Most rows are fills, one event each.
    if (isFill(row)) placed.push({ at, row, event: fillOf(row, knowing) })
    else for (const event of eventsOf(row, knowing)) placed.push({ at, row, event })
  }
  const openings = (known.openings ?? []).map((opening): Placed => ({ at: openingPlace(opening.day), row: null, event: openingEvent(opening, multiplier ?? unitsOfOpening(opening, known.symbol)) }))
  const ordered = dividendsReceived(inOrder(openings.length === 0 ? placed : [...openings, ...placed]), row => received(row, general))
  return shortsFound(joinSplits(ordered))
}

/** Rows mostly come in their order, and to see that costs less than to sort them. */
function inOrder(placed: readonly Placed[]): readonly Placed[] {
  const isSorted = placed.every((one, at) => at === 0 || order(placed[at - 1] ?? one, one) <= 0)
  return isSorted ? placed : placed.toSorted(order)
}

/** Lots from before the history are handed in before all rows, and stay there. */
const order = (a: Placed, b: Placed): number => a.at - b.at || (a.row && b.row ? tieOrder(a.row, b.row) : 0)

/** Looking an id up in what is empty costs hashing it, for every row. */
function withoutEmpty({ overrides, picks, ...known }: LotKnowledge): LotKnowledge {
  return { ...known, ...(overrides && overrides.size > 0 ? { overrides } : {}), ...(picks && picks.size > 0 ? { picks } : {}) }
}

/** False for a row that can say nothing about lots, whatever else it says; few dividends bring shares (see paidInShares). */
export function mayMove(row: Pick<LotRow, 'kind' | 'brokerType' | 'quantity'>): boolean {
  if (row.kind === 'dividend') return paidInShares(row)
  return row.kind !== 'interest' && row.kind !== 'tax' && row.kind !== 'other'
}

/** True for a row with an event of its own, but for splits that cancel each other out. */
function moves({ kind, side, quantity }: LotRow): boolean {
  return kind === 'option-event' || (!isNothing(quantity) && (kind !== 'trade' || side !== null))
}

/** tastytrade delivers the shares a dividend bought, or came as, by rows of that kind; elsewhere a dividend's quantity is what it was paid on. */
function paidInShares({ brokerType, quantity }: Pick<LotRow, 'brokerType' | 'quantity'>): boolean {
  return !isNothing(quantity) && brokerType.startsWith('Receive Deliver')
}

/** True for a row that may be added to a book after its last event; every other kind wants the whole book read again. */
export function canFollow({ kind, status }: Pick<LotRow, 'kind' | 'status'>): boolean {
  return kind === 'trade' && status === 'final'
}

/**
 * What a row by itself bought or sold, its quantity signed; null where it did neither. Shares an assigned option brought are bought, and so are
 * those a dividend paid for; what came or went without a price is neither.
 */
export function dealOf(row: LotRow, override?: RowOverride): Pick<LotEvent, 'quantity' | 'effect'> | null {
  const told = row.status === 'canceled' ? null : said(row, override)
  const [event] = told ? eventsOf(told, { multiplier: null }) : []
  return event?.kind === 'fill' ? event : null
}

/** Rows with what the user says about each, without those he takes out. */
export function toldRows(rows: readonly LotRow[], overrides: ReadonlyMap<string, RowOverride>): LotRow[] {
  return rows.flatMap(row => said(row, overrides.get(row.externalId)) ?? [])
}

function toldBy(rows: readonly LotRow[], { overrides }: LotKnowledge): LotRow[] {
  const told: LotRow[] = []
  for (const row of rows) {
    const one = row.status === 'canceled' ? null : said(row, overrides?.get(row.externalId))
    if (one) told.push(one)
  }
  return told
}

/** A row with what the user says about it; null for one he takes out. */
export function said<R extends Sayable>(row: R, override: RowOverride | undefined): R | null {
  if (!override) return row
  if (override.ignored === true) return null
  const { price, fees = row.fees } = override
  const quantity = override.quantity === undefined ? row.quantity : signedAs(row, override.quantity)
  return { ...row, price: price ?? row.price, fees, quantity, positionEffect: override.effect ?? row.positionEffect, amount: saidAmount(row, override) }
}

type Sayable = Pick<LotRow, 'kind' | 'quantity' | 'price' | 'amount' | 'fees'> & Partial<Pick<LotRow, 'positionEffect'>>

/** The broker's cash belongs to the broker's figures; other fees alone change it by what they differ. */
function saidAmount({ kind, amount, price: own, fees: stated }: Sayable, { price, quantity, fees = stated }: RowOverride): Dec | null {
  if (amount === null) return null
  if (kind === 'corporate-action') return price === undefined ? amount : null
  if (kind !== 'trade' && kind !== 'option-event') return amount
  // Without any price only the cash says what it came to, however many there were.
  const isPriced = price !== undefined || (quantity !== undefined && own !== null)
  return kind === 'trade' && isPriced ? null : Dec.sub(amount, Dec.sub(fees, stated))
}

/** What the user says has no sign: which way it went is said by the row. */
function signedAs({ quantity }: Sayable, told: Dec): Dec {
  return quantity !== null && Dec.isNegative(quantity) ? Dec.neg(Dec.abs(told)) : told
}

function multiplierOf(rows: readonly LotRow[], { symbol = '', stated = null }: LotKnowledge): Dec | null {
  const first = rows.find(moves)
  if (!first) return parseOcc(symbol) ? (standardMultiplier(symbol) ?? null) : null
  const known = knownMultiplier(first.symbol ?? '', first.assetClass, first.tradeDate)
  if (known !== null) return known
  if (stated !== null) return stated
  for (const row of rows) {
    const shown = shownMultiplier(row)
    if (shown !== null) return shown
  }
  return null
}

type Knowledge = Omit<LotKnowledge, 'multiplier'> & {
  readonly multiplier: Dec | null
  /** Rows of shares that left for what nobody says. */
  readonly unpaid?: ReadonlySet<string>
}

function eventsOf(row: LotRow, known: Knowledge): LotEvent[] {
  switch (row.kind) {
    case 'trade':
      return isFill(row) ? [fillOf(row, known)] : []
    case 'option-event':
      return optionEnd(row, known)
    case 'split':
      return isNothing(row.quantity) ? [] : known.arrivals?.has(row.externalId) === true || known.exchanged?.has(row.externalId) === true ? movement(row, known) : moved(row, 'split', known)
    case 'transfer':
    case 'journal':
    case 'corporate-action':
      return isNothing(row.quantity) ? [] : movement(row, known)
    case 'fee':
      return isNothing(row.quantity) ? [] : [feeInKind(row, known)]
    case 'dividend':
      return paidInShares(row) ? movement({ ...row, kind: 'corporate-action' }, known) : []
    case 'interest':
    case 'tax':
    case 'other':
      return []
  }
}

const isFill = ({ kind, side, quantity }: LotRow): boolean => kind === 'trade' && side !== null && !isNothing(quantity)

/** A fee taken in the coin itself, or given back in it. What its row says in money is a fee of the day already. */
function feeInKind(row: LotRow, known: Knowledge): LotEvent {
  const event = plain(row, known)
  return { ...event, kind: 'fill', price: Dec.zero, effect: Dec.isNegative(event.quantity) ? 'close' : 'open' }
}

const isNothing = (quantity: Dec | null): boolean => quantity === null || Dec.isZero(quantity)

function plain(row: LotRow, { multiplier }: Knowledge): Omit<LotEvent, 'kind'> {
  return {
    key: row.externalId, day: row.tradeDate, quantity: row.quantity ?? Dec.zero, price: null, multiplier: multiplier ?? ONE, costs: Dec.zero, effect: null,
  }
}

function fillOf(row: LotRow, known: Knowledge): LotEvent {
  const { side, quantity, price, amount, fees } = row
  const size = Dec.abs(quantity ?? Dec.zero)
  const signed = side === 'sell' ? Dec.neg(size) : size
  const effect = row.positionEffect ?? (mayOpenShort(row) ? 'open' : null)
  const picks = known.picks?.get(row.externalId)
  if (price !== null && known.multiplier !== null) {
    const stated = amount === null || settlesDaily(row) ? fees : costsOf({ quantity: signed, price, amount, fees }, known.multiplier)
    const costs = known.multiplier === PAR ? Dec.add(stated, accruedOf(row)) : stated
    if (costs === fees || amount === null || isCost(costs, fees, amount)) {
      const own = { key: row.externalId, kind: 'fill' as const, day: row.tradeDate, quantity: signed, price, multiplier: known.multiplier, costs, effect }
      return picks ? { ...own, picks } : own
    }
  }
  const event = { ...plain(row, known), kind: 'fill' as const, quantity: signed, effect, ...(picks ? { picks } : {}) }
  if (amount === null || settlesDaily(row)) return { ...event, costs: fees }
  // What was paid says what it came to, whatever one unit is.
  const value = Dec.add(amount, fees)
  return { ...event, value: side === 'sell' ? value : Dec.neg(value), costs: fees }
}

/** More than all that was paid is no cost beside the price: then one unit is not what the row is taken for, such as a bond told like a share. */
function isCost(costs: Dec, fees: Dec, amount: Dec): boolean {
  return Dec.cmp(Dec.abs(Dec.sub(costs, fees)), Dec.abs(amount)) <= 0
}

const SOLD_FIRST = new Set(['option', 'future', 'future-option', 'forex'])

/** What is sold without being held as a matter of course, and shares that an option took (`CALL ASN` at E*TRADE); a broker need not say so of them. */
function mayOpenShort({ assetClass, brokerType, description }: LotRow): boolean {
  return SOLD_FIRST.has(assetClass ?? '') || brokerType === 'OPTRD' || (description !== null && /\b(?:assign|exercis|asn\b)/i.test(description))
}

/** The price of a future is never paid: its cash is fees and, on other rows, what each day settles. */
function settlesDaily({ assetClass }: LotRow): boolean {
  return assetClass === 'future'
}

/** The option ends at 0; shares behind it, and what is settled in cash, come at the price or for the cash their row says. */
function optionEnd(row: LotRow, known: Knowledge): LotEvent[] {
  const { quantity, amount, fees } = row
  const isBehind = row.assetClass !== null && row.assetClass !== 'option' && row.assetClass !== 'future-option'
  if (isBehind) return isNothing(quantity) ? [] : [fillOf({ ...row, side: quantity?.startsWith('-') ? 'sell' : 'buy', positionEffect: 'open' }, known)]
  const cash = amount === null ? Dec.zero : Dec.add(amount, fees)
  const worth = Dec.isZero(cash) ? { price: Dec.zero } : { value: cash }
  return [{ ...plain(row, known), kind: 'end', ...worth, costs: fees, effect: 'close' }]
}

/** The price of one unit the user says, where it is known how many one is. */
function saidPrice({ externalId }: LotRow, { overrides, multiplier }: Knowledge): Dec | null {
  return multiplier === null ? null : (overrides?.get(externalId)?.price ?? null)
}

function movement(row: LotRow, known: Knowledge): LotEvent[] {
  const { quantity, amount } = row
  if (known.arrivals?.has(row.externalId) === true) return arrived(row, known)
  if (known.exchanged?.has(row.externalId) === true) return moved(row, 'exchange', known)
  const isOut = quantity !== null && Dec.isNegative(quantity)
  const isPaid = amount !== null && !Dec.isZero(amount) && Dec.isNegative(amount) !== isOut
  const told = row.kind === 'corporate-action' && amount === null ? saidPrice(row, known) : null
  if (told !== null && isOut) return [{ ...plain(row, known), kind: 'fill', price: told, effect: mayOpenShort(row) ? 'open' : 'close' }]
  // What came or went for cash was bought or sold.
  if (row.kind === 'corporate-action' && isPaid)
    return [{ ...plain(row, known), kind: 'fill', value: Dec.abs(amount), effect: isOut && !mayOpenShort(row) ? 'close' : 'open' }]
  if (isStockDividend(row)) return moved(row, 'split', known)
  if (isOut && row.kind === 'corporate-action' && WORTHLESS.test(`${row.brokerType}|${row.description ?? ''}`))
    return [{ ...plain(row, known), kind: 'fill', price: Dec.zero, effect: 'close' }]
  if (known.unpaid?.has(row.externalId) === true) return [{ ...plain(row, known), kind: 'fill', effect: 'close' }]
  return isOut ? moved(row, 'deliver', known) : received(row, known)
}

function received(row: LotRow, known: Knowledge): LotEvent[] {
  const { price = row.assetClass === 'cash' ? ONE : null, lots = [] } = known.overrides?.get(row.externalId) ?? {}
  const rest: LotEvent = { ...plain(row, known), kind: 'receive', price: known.multiplier === null ? null : price }
  return broughtLots(rest, lots, known)
}

/** The lots the user says came, before what he says nothing of; none where they are more than came. */
function broughtLots(all: LotEvent, lots: readonly RowLot[], { multiplier }: Knowledge): LotEvent[] {
  const rest = Dec.sub(all.quantity, Dec.sum(lots.map(({ quantity }) => quantity)))
  if (Dec.isNegative(rest)) return [all]
  const numbers = numbersOf(lots, all.quantity)
  const told = lots.map(({ day, quantity, price, multiplier: own = null }, at) => ({
    ...all, key: keyOf(all.key, numbers[at] ?? OWN), day, quantity, ...pricedAt(price, multiplier ?? own),
  }))
  return Dec.isZero(rest) ? told : [...told, { ...all, key: keyOf(all.key, numberOfRest(numbers)), quantity: rest }]
}

/** IBKR's code for what was delisted worthless, and everybody's word. */
const WORTHLESS = /\bworthless\b|^DW\|/i

function moved(row: LotRow, kind: 'split' | 'deliver' | 'exchange', known: Knowledge): LotEvent[] {
  return [{ ...plain(row, known), kind }]
}

/** What the old instrument did not hold came from nowhere we know. */
function arrived(row: LotRow, known: Knowledge): LotEvent[] {
  const told = known.arrivals?.get(row.externalId) ?? []
  const [split] = told
  if (split?.isSplit === true) return [{ ...plain(row, known), kind: 'split', quantity: split.quantity }]
  const rest = Dec.sub(row.quantity ?? Dec.zero, Dec.sum(told.map(({ quantity }) => quantity)))
  const all = Dec.isZero(rest) ? told : [...told, { day: row.tradeDate, quantity: rest, cost: null }]
  return all.map(({ day, quantity, cost }, at) => ({
    ...plain(row, known), kind: 'receive', key: at === 0 ? row.externalId : `${row.externalId}~${at + 1}`, day, quantity, value: cost,
  }))
}

function openingEvent({ id, day, quantity, price }: OpeningLot, multiplier: Dec | null): LotEvent {
  return { key: id, kind: 'receive', day, quantity, ...pricedAt(price, multiplier), costs: Dec.zero, effect: 'open' }
}

/** Of how many units nobody knows, a price says nothing about what all of it cost. */
function pricedAt(price: Dec | null, multiplier: Dec | null): Pick<LotEvent, 'price' | 'multiplier'> {
  return { price: multiplier === null ? null : price, multiplier: multiplier ?? ONE }
}

function unitsOfOpening({ assetClass = null, multiplier = null, day }: OpeningLot, symbol = ''): Dec | null {
  return multiplier ?? knownMultiplier(symbol, assetClass, day)
}

/** What lots from before the history say of an instrument no row says it of. */
function openedMultiplier({ openings = [], symbol }: LotKnowledge): Dec | null {
  for (const opening of openings) {
    const units = unitsOfOpening(opening, symbol)
    if (units !== null) return units
  }
  return null
}
