import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { cell, type ClosingColumns, type Closings, noClosings } from '../ledger/lots/closings.ts'
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
  const { openKey, closeKey, openDay, closeDay, trip, isShort } = closings
  const numbers = new Int32Array(buffer, HEADER * 4 + doubles * 8)
  const days = new Int32Array(count)
  const parts: string[] = [amounts]
  let [open, close] = ['', '']
  for (let at = 0; at < count; at += 1) {
    const place = from + at
    const [nextOpen, nextClose] = [cell(openKey, place), cell(closeKey, place)]
    days[at] = numberOf(cell(closeDay, place))
    numbers[at] = numberOf(cell(openDay, place))
    numbers[count + at] = cell(isShort, place) ? -cell(trip, place) : cell(trip, place)
    numbers[2 * count + at] = at > 0 && nextOpen === open ? SAME : parts.push(nextOpen) && nextOpen.length
    numbers[3 * count + at] = at > 0 && nextClose === close ? SAME : parts.push(nextClose) && nextClose.length
    open = nextOpen
    close = nextClose
  }
  return { ...span(days), firstTrip: cell(trip, from), lastTrip: cell(trip, to - 1), days: new Uint8Array(days.buffer), figures: new Uint8Array(buffer), words: parts.join('') }
}

function fill(columns: Float64Array, { quantity, proceeds, cost, fees }: ClosingColumns<number>, from: number, to: number): void {
  const count = to - from
  for (let at = 0; at < count; at += 1) {
    columns[at] = cell(quantity, from + at)
    columns[count + at] = proceeds[from + at] ?? Number.NaN
    columns[2 * count + at] = cost[from + at] ?? Number.NaN
    columns[3 * count + at] = cell(fees, from + at)
  }
}

function textOf({ quantity, proceeds, cost, fees, scales }: ClosingColumns<bigint>, from: number, to: number): string {
  const money = (value: bigint | null): string => (value === null ? NOBODY_KNOWS : bigs.write(value, scales.money))
  const texts: string[] = []
  for (let at = from; at < to; at += 1) texts.push(bigs.write(cell(quantity, at), scales.quantity), money(cell(proceeds, at)), money(cell(cost, at)), money(cell(fees, at)))
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
export function unpackClosings({ days: closeDays, figures, words }: Packed): Closings {
  const [days, bytes] = [daysOf(closeDays), aligned(figures)]
  const header = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER)
  const [version = 0, isText = 0, quantity = 0, money = 0, length = 0] = header
  if (version !== VERSION) throw new TypeError('closings packed in a way this version does not know')
  const scales = { quantity, money }
  const count = days.length
  const doubles = isText === 1 ? 0 : count * AMOUNTS
  const numbers = new Int32Array(bytes.buffer, bytes.byteOffset + HEADER * 4 + doubles * 8, count * WORDS)
  const said = wordsOf(days, numbers, words, length)
  if (isText === 1) return { kind: 'bigs', ...amountsIn(words.slice(0, length), scales), ...said }
  return { kind: 'doubles', ...columnsIn(new Float64Array(bytes.buffer, bytes.byteOffset + HEADER * 4, doubles), count, scales), ...said }
}

type Said = Pick<ClosingColumns<number>, 'openKey' | 'closeKey' | 'openDay' | 'closeDay' | 'trip' | 'isShort'>

function wordsOf(days: Int32Array, numbers: Int32Array, words: string, from: number): Said {
  const count = days.length
  const { openKey, closeKey, openDay, closeDay, trip, isShort } = noClosings<number>({ quantity: 0, money: 0 })
  let [next, open, close] = [from, '', '']
  const read = (length: number, before: string): string => (length === SAME ? before : words.slice(next, (next += length)))
  for (let at = 0; at < count; at += 1) {
    const signed = numbers[count + at] ?? 0
    open = read(numbers[2 * count + at] ?? 0, open)
    close = read(numbers[3 * count + at] ?? 0, close)
    openKey.push(open)
    closeKey.push(close)
    openDay.push(dayOf(numbers[at] ?? 0))
    closeDay.push(dayOf(days[at] ?? 0))
    trip.push(Math.abs(signed))
    isShort.push(signed < 0)
  }
  return { openKey, closeKey, openDay, closeDay, trip, isShort }
}

function columnsIn(columns: Float64Array, count: number, scales: ClosingColumns<number>['scales']): ClosingColumns<number> {
  const made = noClosings<number>(scales)
  const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value)
  for (let at = 0; at < count; at += 1) {
    const [proceeds, cost] = [known(columns[count + at]), known(columns[2 * count + at])]
    made.quantity.push(columns[at] ?? 0)
    made.proceeds.push(proceeds)
    made.cost.push(cost)
    // It was within what a double holds when it was packed.
    made.pnl.push(proceeds === null || cost === null ? null : proceeds - cost)
    made.fees.push(columns[3 * count + at] ?? 0)
  }
  return made
}

function amountsIn(text: string, scales: ClosingColumns<bigint>['scales']): ClosingColumns<bigint> {
  const made = noClosings<bigint>(scales)
  const money = (value: string | undefined): bigint | null => (value === undefined || value === NOBODY_KNOWS ? null : bigs.read(Dec.of(value), scales.money))
  const texts = text.split(',')
  for (let at = 0; at + AMOUNTS <= texts.length; at += AMOUNTS) {
    const [proceeds, cost] = [money(texts[at + 1]), money(texts[at + 2])]
    made.quantity.push(bigs.read(Dec.of(texts[at] ?? '0'), scales.quantity))
    made.proceeds.push(proceeds)
    made.cost.push(cost)
    made.pnl.push(proceeds === null || cost === null ? null : proceeds - cost)
    made.fees.push(money(texts[at + 3]) ?? 0n)
  }
  return made
}

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
  let number = 0
  for (const at of DIGITS) number = number * 10 + day.charCodeAt(at) - ZERO
  return number
}

const DIGITS = [0, 1, 2, 3, 5, 6, 8, 9] as const
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
