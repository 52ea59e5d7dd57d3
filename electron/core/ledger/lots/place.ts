import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import { remembered } from '../remembered.ts'
import type { LotRow } from './lot-row.ts'

/** Rows that are known by their day alone stand at its start in this order, behind lots from before the history: what came in, what was opened, what was closed. */
const DAY_PLACES = { split: 1, arrival: 2, opened: 3, unsaid: 4, closed: 5 } as const

/**
 * Where a row stands among the others of its book, in microseconds since 1970: its own time (but for splits), and the rest by day. Of rows without a time
 * splits, arrivals and openings come first, then closings; what left, what came after the close (see isAfterClose) and options that ended come at the end of the day, those that ended without saying how many
 * behind those that say it: they are the rest. Ties go by
 * tieOrder. It depends on the row alone, so a later row never moves an earlier one.
 */
export function lotPlace(row: PlacedRow): number {
  const { kind, quantity } = row
  if (kind === 'option-event' && (saysAll(quantity) || !row.isTimed)) return saysAll(quantity) ? endOf(row.tradeDate) : endOf(row.tradeDate) - 1
  if (row.isTimed) return kind === 'split' ? betweenSessions(row) : row.sortAt
  if (kind === 'trade') return row.sortAt + dayPlace(row)
  if (isAfterClose(row)) return endOf(row.tradeDate)
  if (kind === 'split') return row.sortAt + DAY_PLACES.split
  return quantity?.startsWith('-') ? endOf(row.tradeDate) : row.sortAt + DAY_PLACES.arrival
}

/** A split takes effect while nothing is traded: one told in the day was there before it, one told after the close comes behind it. */
function betweenSessions({ tradeDate, sortAt }: PlacedRow): number {
  const day = openingPlace(tradeDate)
  return sortAt < day + CLOSE ? day + DAY_PLACES.split : sortAt
}

/** 16:00, in microseconds of the day; no clock is changed on a day of trading. */
const CLOSE = 16 * 3_600_000_000

/** True for a split or another action its broker entered later `as of` the day: what it brought is counted from the next session on. */
function isAfterClose({ kind, brokerType = '' }: PlacedRow): boolean {
  return (kind === 'split' || kind === 'corporate-action') && AS_OF.test(brokerType)
}

/** The broker's word is left out of rows that can only be trades. */
export type PlacedRow = Pick<LotRow, 'kind' | 'side' | 'positionEffect' | 'quantity' | 'tradeDate' | 'sortAt' | 'isTimed'> & Partial<Pick<LotRow, 'brokerType'>>

const AS_OF = /\bas of \d/i

/** Where a lot from before the history stands: before everything of its day. */
export function openingPlace(day: LocalDate): number {
  return Instant.toEpochMicros(startOfDay(day, EXCHANGE_ZONE))
}

/** True for a broker's id that counts up. */
export function isNumber(externalId: string): boolean {
  return /^\d+$/.test(externalId)
}

/**
 * The order of two rows at one place: by their broker's numbers where both have one, else by the numbers of the rows, which is how they
 * arrived. Rows without such a number come first.
 */
export function tieOrder(a: Pick<LotRow, 'id' | 'externalId'>, b: Pick<LotRow, 'id' | 'externalId'>): number {
  const [one, other] = [numberOf(a.externalId), numberOf(b.externalId)]
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : a.id - b.id)
}

/** Without zeros in front, so that the longer one is the larger; empty for an id of another form. */
function numberOf(externalId: string): string {
  return isNumber(externalId) ? externalId.replace(/^0+(?=\d)/, '') : ''
}

/** Puts rows in the order their books go through them. */
export function sortLotRows<R extends LotRow>(rows: readonly R[]): R[] {
  return rows
    .map(row => ({ row, place: lotPlace(row) }))
    .toSorted((a, b) => a.place - b.place || tieOrder(a.row, b.row))
    .map(({ row }) => row)
}

/** All there is, then. */
const saysAll = (quantity: LotRow['quantity']): boolean => quantity === null || quantity === Dec.zero

function dayPlace({ side, positionEffect }: Pick<LotRow, 'side' | 'positionEffect'>): number {
  if (positionEffect !== null) return positionEffect === 'open' ? DAY_PLACES.opened : DAY_PLACES.closed
  return side === 'buy' ? DAY_PLACES.opened : DAY_PLACES.unsaid
}

const MOST_DAYS = 20_000

const endOf = remembered(MOST_DAYS, (day: LocalDate) => Instant.toEpochMicros(startOfDay(LocalDate.plusDays(day, 1), EXCHANGE_ZONE)) - 1)
