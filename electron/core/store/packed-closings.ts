import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { amountAt, cell, type ClosingColumns, type ClosingEnd, type Closings, figureAt } from '../ledger/lots/closings.ts'
import { bigs } from '../ledger/lots/kernel.ts'

/** Some closings of one book as they are stored: columns of numbers, little end first, and the text of their keys. */
export interface PackedClosings {
  readonly firstDay: LocalDate
  readonly lastDay: LocalDate
  readonly firstTrip: number
  readonly lastTrip: number
  /** The day each was closed on, as a number: 20260105. */
  readonly days: Uint8Array
  readonly figures: Uint8Array
  readonly words: string
}

type Packed = Pick<PackedClosings, 'days' | 'figures' | 'words'>

/*
 * `figures`: whole numbers of 32 bits that say what follows (VERSION; 1 where amounts are text; decimals of quantities and of money; the length of
 * that text); of doubles the columns quantity, proceeds, cost and fees, NaN for what nobody knows; then numbers of 32 bits: the day each
 * was opened, its trip (negative for a short lot), and the length of the two keys (SAME: that of the closing before). `words`: the amounts, where they
 * are text, then the keys.
 */
const VERSION = 1
const HEADER = 6
const AMOUNTS = 4
const WORDS = 4
const SAME = -1
const NOBODY_KNOWS = ''

/** Packs closings from one place to before another; at least one. */
export function packClosings(closings: Closings, from: number, to: number): PackedClosings {
  const count = to - from
  const isText = closings.kind === 'bigs'
  const amounts = closings.kind === 'bigs' ? textOf(closings, from, to) : ''
  const doubles = isText ? 0 : count * AMOUNTS
  const buffer = new ArrayBuffer(HEADER * 4 + doubles * 8 + count * WORDS * 4)
  new Int32Array(buffer, 0, HEADER).set([VERSION, isText ? 1 : 0, closings.scales.quantity, closings.scales.money, amounts.length])
  if (closings.kind === 'doubles') fill(new Float64Array(buffer, HEADER * 4, doubles), closings, from, to)
  const numbers = new Int32Array(buffer, HEADER * 4 + doubles * 8)
  const days = new Int32Array(count)
  const parts: string[] = [amounts]
  const { ends, opened, closed, trip } = closings
  const [open, close] = [newSide(), newSide()]
  for (let at = 0; at < count; at += 1) {
    numbers[2 * count + at] = lengthOfKey(open, ends, cell(opened, from + at), parts)
    numbers[3 * count + at] = lengthOfKey(close, ends, cell(closed, from + at), parts)
    numbers[at] = open.day
    days[at] = close.day
    numbers[count + at] = cell(trip, from + at)
  }
  const tripAt = (place: number): number => Math.abs(cell(closings.trip, place))
  return { ...span(days), firstTrip: tripAt(from), lastTrip: tripAt(to - 1), days: new Uint8Array(days.buffer), figures: new Uint8Array(buffer), words: parts.join('') }
}

/** One side of the closing before. */
interface Side {
  place: number
  key: string
  day: number
}

const newSide = (): Side => ({ place: -1, key: '', day: 0 })

/** The length of the key of an end, which is added to the parts; SAME for that of the closing before. */
function lengthOfKey(side: Side, ends: readonly ClosingEnd[], place: number, parts: string[]): number {
  if (place === side.place) return SAME
  const { key, day } = cell(ends, place)
  side.place = place
  side.day = numberOf(day)
  if (key === side.key) return SAME
  side.key = key
  parts.push(key)
  return key.length
}

function fill(columns: Float64Array, { quantity, proceeds, cost, fees }: ClosingColumns<number>, from: number, to: number): void {
  const count = to - from
  for (let at = 0; at < count; at += 1) {
    columns[at] = figureAt(quantity, from + at)
    columns[count + at] = amountAt(proceeds, from + at) ?? Number.NaN
    columns[2 * count + at] = amountAt(cost, from + at) ?? Number.NaN
    columns[3 * count + at] = figureAt(fees, from + at)
  }
}

function textOf({ quantity, proceeds, cost, fees, scales }: ClosingColumns<bigint>, from: number, to: number): string {
  const money = (value: bigint | null): string => (value === null ? NOBODY_KNOWS : bigs.write(value, scales.money))
  const texts: string[] = []
  for (let at = from; at < to; at += 1) texts.push(bigs.write(figureAt(quantity, at), scales.quantity), money(amountAt(proceeds, at)), money(amountAt(cost, at)), money(figureAt(fees, at)))
  return texts.join(',')
}

function span(days: Int32Array): Pick<PackedClosings, 'firstDay' | 'lastDay'> {
  let [first, last] = [days[0] ?? 0, days[0] ?? 0]
  for (const day of days) {
    if (day < first) first = day
    if (day > last) last = day
  }
  return { firstDay: dayOf(first), lastDay: dayOf(last) }
}

/** Closings as they were before they were packed. Throws TypeError for a form of a later Keelson. */
export function unpackClosings({ days: closeDays, figures, words: text }: Packed): Closings {
  const [days, bytes] = [daysOf(closeDays), aligned(figures)]
  const header = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER)
  const [version = 0, isText = 0, quantity = 0, money = 0, length = 0] = header
  if (version !== VERSION) throw new TypeError('closings packed in a way this version does not know')
  const scales = { quantity, money }
  const count = days.length
  const doubles = isText === 1 ? 0 : count * AMOUNTS
  const numbers = new Int32Array(bytes.buffer, bytes.byteOffset + HEADER * 4 + doubles * 8, count * WORDS)
  const words = endsIn(days, numbers, text, length)
  if (isText === 1) return { kind: 'bigs', scales, ...words, ...amountsIn(text.slice(0, length), scales) }
  return { kind: 'doubles', scales, ...words, ...columnsIn(new Float64Array(bytes.buffer, bytes.byteOffset + HEADER * 4, doubles), count) }
}

type Words = Pick<Closings, 'ends' | 'opened' | 'closed' | 'trip'>
type Amounts<N> = Pick<ClosingColumns<N>, 'quantity' | 'proceeds' | 'cost' | 'pnl' | 'fees'>

function endsIn(days: Int32Array, numbers: Int32Array, text: string, from: number): Words {
  const count = days.length
  const ends: ClosingEnd[] = []
  const [opened, closed] = [new Int32Array(count), new Int32Array(count)]
  let [next, open, close] = [from, '', '']
  const read = (length: number, before: string): string => (length === SAME ? before : text.slice(next, (next += length)))
  for (let at = 0; at < count; at += 1) {
    open = read(numbers[2 * count + at] ?? 0, open)
    close = read(numbers[3 * count + at] ?? 0, close)
    opened[at] = ends.push({ key: open, day: dayOf(numbers[at] ?? 0) }) - 1
    closed[at] = ends.push({ key: close, day: dayOf(days[at] ?? 0) }) - 1
  }
  return { ends, opened, closed, trip: numbers.subarray(count, 2 * count) }
}

function columnsIn(columns: Float64Array, count: number): Amounts<number> {
  const column = (at: number): Float64Array => columns.subarray(at * count, (at + 1) * count)
  const [proceeds, cost] = [column(1), column(2)]
  // It was within what a double holds when it was packed, and is NaN where either is.
  const pnl = proceeds.map((value, at) => value - (cost[at] ?? Number.NaN))
  return { quantity: column(0), proceeds, cost, pnl, fees: column(3) }
}

function amountsIn(text: string, scales: ClosingColumns<bigint>['scales']): Amounts<bigint> {
  const money = (value: string | undefined): bigint | null => (value === undefined || value === NOBODY_KNOWS ? null : bigs.read(Dec.of(value), scales.money))
  const texts = text.split(',')
  const column = (figure: number): (bigint | null)[] => texts.flatMap((value, at) => (at % AMOUNTS === figure ? [money(value)] : []))
  const [proceeds, cost] = [column(1), column(2)]
  const pnl = proceeds.map((value, at) => minus(value, cost[at] ?? null))
  const quantity = texts.flatMap((value, at) => (at % AMOUNTS === 0 ? [bigs.read(Dec.of(value), scales.quantity)] : []))
  return { quantity, proceeds, cost, pnl, fees: column(3) }
}

const minus = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a - b)

/** The days of packed closings, as numbers. */
export function daysOf(days: Uint8Array): Int32Array {
  const { buffer, byteOffset, byteLength } = aligned(days)
  return new Int32Array(buffer, byteOffset, byteLength / 4)
}

/** Bytes that columns can be laid over. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
}

/** 2026-01-05 as 20260105. */
export function numberOf(day: LocalDate): number {
  const digit = (at: number): number => day.charCodeAt(at) - ZERO
  // Written out: a loop costs four times as much, and every closing asks twice.
  const year = ((digit(0) * 10 + digit(1)) * 10 + digit(2)) * 10 + digit(3)
  return (year * 10 + digit(5)) * 1000 + digit(6) * 100 + digit(8) * 10 + digit(9)
}

const ZERO = 48
const MOST_DAYS = 20_000
const known = new Map<number, LocalDate>()

/** 20260105 as 2026-01-05. */
export function dayOf(number: number): LocalDate {
  const found = known.get(number)
  if (found !== undefined) return found
  if (known.size >= MOST_DAYS) known.clear()
  const digits = String(number).padStart(8, '0')
  const day = LocalDate.of(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`)
  known.set(number, day)
  return day
}
