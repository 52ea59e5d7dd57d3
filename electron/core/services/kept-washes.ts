import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/open.ts'
import { allocateWashes, type Wash, WASH_DAYS, type WashStart } from '../ledger/lots/wash.ts'
import { dayOfPlace, firstDayOf, type Said, type WashBook, washHistory } from '../store/ledger-washes.ts'

/** How far before its newest day an allocation is gone on from: what arrives on the newest day may replace losses of a window before. */
const BEFORE_NEWEST = 2 * WASH_DAYS + 1

/** Which losses of a root are replaced and by what, over its whole history in all accounts of an environment, as it was at some state of its books. */
export interface KeptWashes {
  readonly books: ReadonlyMap<number, WashBook>
  /** Replaced losses by book and place, as text, because there may be a hundred thousand. */
  readonly found: ReadonlyMap<number, ReadonlyMap<number, string>>
  /** Runs that hold one, by book. */
  readonly runs: ReadonlyMap<number, ReadonlySet<number>>
  readonly count: number
  /** Where it goes on when something is added; null where it begins anew. */
  readonly start: WashStart | null
}

/** What of a closing is replaced, from its text. */
export function washOf(kept: KeptWashes, { book, place }: { readonly book: number; readonly place: number }): Wash | null {
  const cells = kept.found.get(book)?.get(place)?.split(',')
  if (!cells) return null
  const [, disallowed = '0', ...words] = cells
  const replacements = Array.from({ length: words.length / 3 }, (_, at) => {
    const [account = '', day = '', quantity = ''] = words.slice(3 * at)
    return { account, day: LocalDate.of(day), quantity: Dec.of(quantity) }
  })
  return { disallowed: Dec.of(disallowed), replacements }
}

const textOf = ({ disallowed, replacements }: Wash, trip: number): string => [trip, disallowed, ...replacements.flatMap(({ account, day, quantity }) => [account, day, quantity])].join(',')

const tripIn = (text: string): number => Number.parseInt(text, 10)

/** True where books are as they were then. */
export function isCurrent(books: readonly WashBook[], kept: KeptWashes | null): boolean {
  return kept !== null && books.length === kept.books.size && books.every(book => isSame(book, kept.books.get(book.id)))
}

/** The same for the books as they are now. What only went on is gone on with; else it is made anew. */
export function refreshed(reader: Reader, books: readonly WashBook[], before: KeptWashes | null, said: () => Said): KeptWashes {
  if (before && isCurrent(books, before)) return before
  const start = before && startFor(reader, books, before)
  const history = washHistory(reader, books, { from: start && LocalDate.plusDays(start.day, -WASH_DAYS), said: said() })
  const { washes, next } = allocateWashes(history, { start, keepFrom: keepFrom(books, start) })
  const found = new Map(before && start ? before.found : [])
  const runs = new Map(before && start ? before.runs : [])
  for (const [book, own] of Map.groupBy(history.closings.map((closing, at) => ({ closing, wash: washes[at] ?? null })), ({ closing }) => closing.book)) {
    const texts = new Map(found.get(book))
    for (const { closing: { place, trip, closeDay }, wash } of own) {
      if (start && closeDay < start.day) continue
      if (wash) texts.set(place, textOf(wash, trip))
      else texts.delete(place)
    }
    found.set(book, texts)
    runs.set(book, new Set(Array.from(texts.values(), tripIn)))
  }
  return { books: new Map(books.map(book => [book.id, book])), found, runs, count: [...found.values()].reduce((sum, { size }) => sum + size, 0), start: next }
}

/** The day to go on from next time; never one before the day this one goes on from. */
function keepFrom(books: readonly WashBook[], start: WashStart | null): LocalDate | null {
  const newest = books.reduce<number | null>((last, { lastAt }) => (lastAt !== null && lastAt > (last ?? lastAt - 1) ? lastAt : last), null)
  if (newest === null) return null
  const day = LocalDate.plusDays(dayOfPlace(newest), -BEFORE_NEWEST)
  return start && day < start.day ? start.day : day
}

/** Where to go on; null to begin anew, because a book was computed anew or is gone, or what is new reaches too far back. */
function startFor(reader: Reader, books: readonly WashBook[], { books: known, start }: KeptWashes): WashStart | null {
  if (start === null || books.filter(({ id }) => known.has(id)).length < known.size) return null
  const isNear = (book: WashBook): boolean => {
    const before = known.get(book.id) ?? null
    if (isSame(book, before)) return true
    if (before && (before.stamp !== book.stamp || before.assetClass !== book.assetClass)) return false
    const first = firstDayOf(reader, book, before)
    return first !== null && LocalDate.plusDays(first, -WASH_DAYS) >= start.day
  }
  return books.every(isNear) ? start : null
}

function isSame(book: WashBook, known: WashBook | null | undefined): boolean {
  return known != null && book.stamp === known.stamp && book.events === known.events && book.lastAt === known.lastAt && book.lastId === known.lastId && book.assetClass === known.assetClass
}
