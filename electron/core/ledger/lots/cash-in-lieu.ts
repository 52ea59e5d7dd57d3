import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { LotEvent } from './lot-event.ts'
import type { LotRow } from './lot-row.ts'
import { SPLIT_DECIMALS } from './matcher.ts'
import { lotPlace } from './place.ts'
import { quantitiesHeld } from './quantity-held.ts'
import { partOf } from './share.ts'

/** An event in its place among the others of its book. */
export interface Placed {
  readonly at: number
  readonly row: LotRow | null
  readonly event: LotEvent
}

/** The agent sells the fractions of everybody first; it seldom takes longer. */
export const MOST_DAYS = 60
/** A broker may take the fraction out by a row of its own, a few days to either side of the cash. */
export const NEAR_DAYS = 5
const WORDS = /\bcash in lieu\b|\bin lieu of (?:a )?frac|^CIL\b/i
const RATIO = /(\d+(?:\.\d+)?)\s*(?:-?\s*for\s*-?|:)\s*(\d+(?:\.\d+)?)/i
const ONE = Dec.of('1')

/** True for cash that was paid in place of a fraction of a share. */
export function isCashInLieu(row: LotRow): boolean {
  return speaksOfCashInLieu(row) && row.amount !== null && Dec.cmp(row.amount, Dec.zero) > 0
}

/** True for a corporate action whose words speak of such cash, whichever way it went. */
export function speaksOfCashInLieu({ kind, brokerType, description }: LotRow): boolean {
  return kind === 'corporate-action' && (WORDS.test(brokerType) || WORDS.test(description ?? ''))
}

/**
 * Events with the fractions that splits left sold for the cash paid in place of them. How large a fraction was is read from the cash's own
 * row, else from what the split left, else from the ratio one of both rows states; where neither states one, a split that made fewer of
 * many goes by the only whole ratio that fits. Where that says nothing, the cash stays in no result; nor is it in one where a trade sold the
 * fraction. One that merely left by a row of its own was sold for the cash. Takes and answers events in their order.
 */
export function fractionsSold(placed: readonly Placed[], rows: readonly LotRow[]): readonly Placed[] {
  let found = placed
  const done = new Set<string>()
  for (const row of rows) if (isCashInLieu(row)) found = sold(found, row, done)
  return found
}

/** The cash that belongs to a fraction a split left, by the broker's ids, whether it is a result or a trade was. */
export function cashOfSplits(placed: readonly Placed[], rows: readonly LotRow[]): ReadonlySet<string> {
  let found = placed
  const done = new Set<string>()
  return new Set(
    rows.filter(isCashInLieu).flatMap(row => {
      const before = done.size
      found = sold(found, row, done)
      return done.size > before ? [row.externalId] : []
    }),
  )
}

/** The cash of one row; `done` holds the splits whose fraction is sold. */
function sold(placed: readonly Placed[], row: LotRow, done: Set<string>): readonly Placed[] {
  const own = placed.find(one => one.row === row)
  const others = placed.filter(one => one.row !== row)
  // A quantity beside cash that came says what did not come.
  const kept = own?.event.kind === 'receive' ? others : placed
  const held = quantitiesHeld(others.map(({ event }) => event))
  const at = others.findLastIndex(
    ({ event }, index) => event.kind === 'split' && event.day <= row.tradeDate && !takes(event, fractionOf(held[index] ?? Dec.zero)),
  )
  const split = others[at]
  if (!split || done.has(split.event.key) || split.event.day < LocalDate.plusDays(row.tradeDate, -MOST_DAYS)) return kept
  const before = held[at] ?? Dec.zero
  const after = Dec.add(before, split.event.quantity)
  if (Dec.cmp(before, Dec.zero) <= 0 || Dec.isNegative(after)) return kept
  const left = fractionOf(after)
  const size = own === undefined ? null : Dec.abs(own.event.quantity)
  if (Dec.isZero(after)) {
    done.add(split.event.key)
    return allSold(others, at, { row, before, size })
  }
  const fraction = size ?? (Dec.isZero(left) ? ratioFraction(before, after, [split.row, row]) : left)
  if (fraction === null || Dec.cmp(fraction, ONE) >= 0) return kept
  done.add(split.event.key)
  const sale: Placed = { at: Math.max(lotPlace(row), split.at), row, event: saleOf(row, split.event, fraction) }
  if (Dec.isZero(left)) {
    const whole = { ...split, event: { ...split.event, quantity: Dec.add(split.event.quantity, fraction) } }
    return inserted(others.with(at, whole), sale, at)
  }
  const gone = size === null ? goneBy(others, at, sale, held) : null
  if (gone === 'by-trade') return kept
  return inserted(others.filter(one => one !== gone), sale, at)
}

/** Where nothing but a fraction is left all of the cost goes with it. How small it was makes no result, so where nobody says it the shares of before are sold. */
function allSold(others: readonly Placed[], at: number, { row, before, size }: { readonly row: LotRow; readonly before: Dec; readonly size: Dec | null }): readonly Placed[] {
  const split = others[at]
  if (!split) return others
  const told = size ?? statedFraction(before, Dec.zero, [split.row, row])
  const fraction = told !== null && Dec.cmp(told, ONE) < 0 ? told : before
  const sale: Placed = { at: Math.max(lotPlace(row), split.at), row, event: saleOf(row, split.event, fraction) }
  const rest = Dec.add(split.event.quantity, fraction)
  const remaining = Dec.isZero(rest) ? others.toSpliced(at, 1) : others.with(at, { ...split, event: { ...split.event, quantity: rest } })
  return inserted(remaining, sale, Dec.isZero(rest) ? at - 1 : at)
}

/** What took the fraction out that a split left: what merely left, or anything that was a result or went on by itself; null where it is still there. */
function goneBy(others: readonly Placed[], at: number, sold: Placed, held: readonly Dec[]): Placed | 'by-trade' | null {
  const { event: sale } = sold
  const to = placeIn(others, sold, at)
  const last = LocalDate.plusDays(sale.day, NEAR_DAYS)
  const fraction = Dec.neg(sale.quantity)
  const left = others.find(({ event }, index) => index > at && LEAVES.has(event.kind) && event.day <= last && takes(event, fraction))
  if (left) return left
  // A trade that comes later is added behind the others, which stay as they are.
  const isNear = ({ event, row }: Placed, index: number): boolean =>
    index > at && (index < to || (row?.kind !== 'trade' && event.day <= last))
  if (others.some((one, index) => isNear(one, index) && takes(one.event, fraction))) return 'by-trade'
  const between = others.slice(at + 1, to).filter(({ event }) => Dec.isNegative(event.quantity))
  const isWhole = Dec.isZero(fractionOf(held[to] ?? Dec.zero))
  return isWhole && between.some(({ event }) => !Dec.isZero(fractionOf(event.quantity))) ? 'by-trade' : null
}

const LEAVES: ReadonlySet<LotEvent['kind']> = new Set(['deliver', 'split'] as const)

const takes = ({ quantity }: LotEvent, fraction: Dec): boolean => !Dec.isZero(fraction) && Dec.cmp(quantity, Dec.neg(fraction)) === 0

function inserted(placed: readonly Placed[], sale: Placed, split: number): readonly Placed[] {
  return placed.toSpliced(placeIn(placed, sale, split), 0, sale)
}

/** Where a sale goes among others, behind its split. */
function placeIn(placed: readonly Placed[], sale: Placed, split: number): number {
  const id = sale.row?.id ?? 0
  const next = placed.findIndex((one, index) => index > split && (one.at > sale.at || (one.at === sale.at && (one.row?.id ?? 0) > id)))
  return next < 0 ? placed.length : next
}

function saleOf(row: LotRow, split: LotEvent, fraction: Dec): LotEvent {
  return {
    key: row.externalId,
    kind: 'fill',
    day: row.tradeDate,
    quantity: Dec.neg(fraction),
    price: null,
    value: row.amount,
    multiplier: split.multiplier,
    costs: Dec.zero,
    effect: 'close',
  }
}

/** What a split of whole shares would have left beside them; null where nothing says it. */
function ratioFraction(before: Dec, after: Dec, rows: readonly (LotRow | null)[]): Dec | null {
  return ratioIn(rows) ? statedFraction(before, after, rows) : wholeRatio(before, after)
}

function ratioIn(rows: readonly (LotRow | null)[]): RegExpExecArray | undefined {
  return rows
    .flatMap(row => [row?.description, row?.brokerType])
    .map(text => RATIO.exec(text ?? ''))
    .find(match => match !== null)
}

/** The same by a ratio that is stated. */
export function statedFraction(before: Dec, after: Dec, rows: readonly (LotRow | null)[]): Dec | null {
  const stated = ratioIn(rows)
  if (!stated) return null
  const [a, b] = [Dec.of(stated[1] ?? '0'), Dec.of(stated[2] ?? '0')]
  if (Dec.isZero(a) || Dec.isZero(b)) return null
  const fits = [partOf(before, a, b, SPLIT_DECIMALS), partOf(before, b, a, SPLIT_DECIMALS)]
    .map(exact => Dec.sub(exact, after))
    .filter(fraction => Dec.cmp(fraction, Dec.zero) > 0 && Dec.cmp(fraction, ONE) < 0)
  return fits.length === 1 ? (fits[0] ?? null) : null
}

/** One for n, where a single n leaves a fraction. */
function wholeRatio(before: Dec, after: Dec): Dec | null {
  if (Dec.decimals(before) > 0) return null
  const [old, made] = [BigInt(before), BigInt(after)]
  const [least, most] = [old / (made + 1n) + 1n, (old - 1n) / made]
  return least === most ? Dec.sub(partOf(before, ONE, Dec.of(String(least)), SPLIT_DECIMALS), after) : null
}

function fractionOf(value: Dec): Dec {
  return Dec.sub(value, Dec.of(value.split('.')[0] ?? '0'))
}
