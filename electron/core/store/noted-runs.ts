import type { ActivityKind, Side } from '../../../shared/domain/activity.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader, Row } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import type { RowOverride } from '../ledger/lots/lot-rows.ts'
import { lotPlace, openingPlace } from '../ledger/lots/place.ts'
import { integer, json, text, textOrNull } from './cells.ts'
import { runOfLot } from './run-of-lot.ts'

/** A journal entry, and the run it belongs to: that of the lot it was written beside, wherever in the run that lot stands. */
export interface NotedRun {
  /** The number of the entry. */
  readonly entry: number
  readonly book: number
  readonly trip: number
}

/** A row or an opening lot that somebody wrote beside, in its book, with its place (microseconds since 1970). Where it brings no lot its key alone may tell. */
interface NotedLot {
  readonly entry: number
  readonly book: number
  readonly key: string
  readonly begins: { readonly at: number; readonly day: LocalDate; readonly isShort: boolean | null } | null
}

interface Run {
  readonly trip: number
  readonly key: string
  readonly isShort: boolean
  readonly openDay: LocalDate
  readonly lastAt: number
}

/** The runs of entries; `which` is a condition about `journal_entries e`. Entries beside what closed a run, or is no lot, belong to none. */
export function runsOfEntries(reader: Reader, which: Sql): NotedRun[] {
  const found: NotedRun[] = []
  for (const [book, lots] of Map.groupBy(notedLots(reader, which), lot => lot.book)) {
    const first = lots.reduce((least, { begins }) => Math.min(least, begins?.at ?? Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
    const runs = runsFrom(reader, book, first)
    const byKey = new Map(runs.map(run => [run.key, run]))
    for (const { entry, key, begins } of lots) {
      const likely = byKey.get(key) ?? (begins && runAt(runs, begins))
      // Where it ended in that moment the next one may have begun, so the lot itself has to tell.
      const told = likely && likely.key !== key && likely.lastAt === begins?.at ? runOfLot(reader, book, key) : null
      const run = runs.find(({ trip }) => trip === told) ?? likely
      if (run) found.push({ entry, book, trip: run.trip })
    }
  }
  return found
}

/** Runs of a book follow each other: what was bought or sold at a place is in the first one that ends there or later, if that had begun. */
function runAt(runs: readonly Run[], { at, day, isShort }: NonNullable<NotedLot['begins']>): Run | null {
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle]?.lastAt ?? at) < at) low = middle + 1
    else high = middle
  }
  const run = runs[low]
  return run && run.isShort === isShort && run.openDay <= day ? run : null
}

function runsFrom(reader: Reader, book: number, from: number): Run[] {
  return reader
    .all(sql`SELECT trip, key, is_short, open_day, last_at FROM ledger_trips WHERE book = ${book} AND last_at >= ${from} ORDER BY trip`)
    .map(row => ({
      trip: integer(row, 'trip'),
      key: text(row, 'key'),
      isShort: integer(row, 'is_short') === 1,
      openDay: text<LocalDate>(row, 'open_day'),
      lastAt: integer(row, 'last_at'),
    }))
}

/** A part of a row that brought several lots is named by the row, a wave and its number; where there is no such row, the book is found by the symbol. */
function notedLots(reader: Reader, which: Sql): NotedLot[] {
  const entries = reader
    .all(
      sql`SELECT e.n, e.account, e.external_id, e.symbol FROM journal_entries e WHERE e.account IS NOT NULL AND e.external_id IS NOT NULL AND ${which}`,
    )
    .map(row => ({
      n: integer(row, 'n'),
      account: integer(row, 'account'),
      key: text(row, 'external_id'),
      symbol: textOrNull(row, 'symbol'),
    }))
  const parts = entries.flatMap(entry => (PART.test(entry.key) ? [{ ...entry, row: entry.key.replace(PART, '') }] : []))
  const own = sql`e.value ->> 'n' AS n, e.value ->> 'key' AS key, b.id AS book`
  const rows = reader.all(sql`
    SELECT ${own}, a.kind, a.broker_type, a.asset_class, a.side, a.position_effect, a.quantity, a.trade_date, a.sort_at, a.executed_at IS NOT NULL AS is_timed, a.status, w.said
    FROM ${listed([...entries.map(entry => ({ ...entry, row: entry.key })), ...parts])}
    CROSS JOIN activities a ON a.account = e.value ->> 'account' AND a.external_id = e.value ->> 'row'
    CROSS JOIN ledger_books b ON b.account = a.account AND b.symbol = a.symbol AND b.currency = a.currency
    LEFT JOIN row_overrides w ON w.account = a.account AND w.external_id = a.external_id`)
  const found = new Set(rows.map(row => integer(row, 'n')))
  const openings = reader.all(sql`
    SELECT ${own}, o.day, o.quantity
    FROM ${listed(entries.filter(({ n }) => !found.has(n)))} CROSS JOIN opening_lots o ON o.id = e.value ->> 'key' AND o.account = e.value ->> 'account'
    CROSS JOIN ledger_books b ON b.account = o.account AND b.symbol = o.symbol AND b.currency = o.currency`)
  for (const row of openings) found.add(integer(row, 'n'))
  const others = reader.all(sql`
    SELECT ${own} FROM ${listed(entries.filter(({ n }) => !found.has(n)))}
    CROSS JOIN ledger_books b ON b.account = e.value ->> 'account' AND b.symbol = e.value ->> 'symbol'`)
  return [
    ...rows.map(row => noted(row, beginsAt(row))),
    ...openings.map(row => {
      const day = text<LocalDate>(row, 'day')
      return noted(row, { at: openingPlace(day), day, isShort: Dec.isNegative(text<Dec>(row, 'quantity')) })
    }),
    ...others.map(row => noted(row, null)),
  ]
}

const PART = /~\d+$/
const listed = (entries: readonly object[]): Sql => sql`json_each(${JSON.stringify(entries)}) e`

function noted(row: Row, begins: NotedLot['begins']): NotedLot {
  return { entry: integer(row, 'n'), book: integer(row, 'book'), key: text(row, 'key'), begins }
}

/** The direction is null of a row that brings no lot: it closes, only divides, or is left out. */
function beginsAt(row: Row): NotedLot['begins'] {
  const [kind, assetClass, quantity] = [
    text<ActivityKind>(row, 'kind'),
    textOrNull<AssetClass>(row, 'asset_class'),
    textOrNull<Dec>(row, 'quantity'),
  ]
  const [side, positionEffect, day] = [
    textOrNull<Side>(row, 'side'),
    textOrNull<'open' | 'close'>(row, 'position_effect'),
    text<LocalDate>(row, 'trade_date'),
  ]
  const said = row['said'] === null ? {} : json<RowOverride>(row, 'said')
  const isEnd = kind === 'option-event' && (assetClass === null || assetClass === 'option' || assetClass === 'future-option')
  const isNone =
    quantity === null ||
    kind === 'split' ||
    isEnd ||
    text(row, 'status') === 'canceled' ||
    said.ignored === true ||
    (said.effect ?? positionEffect) === 'close'
  const place = {
    kind,
    brokerType: text(row, 'broker_type'),
    side,
    positionEffect,
    quantity,
    tradeDate: day,
    sortAt: integer(row, 'sort_at'),
    isTimed: integer(row, 'is_timed') === 1,
  }
  return { at: lotPlace(place), day, isShort: isNone ? null : kind === 'trade' ? side === 'sell' : quantity.startsWith('-') }
}

/** Runs by book and number. */
export interface Runs {
  readonly books: ReadonlySet<number>
  /** Each as its book and number. */
  readonly all: readonly (readonly [book: number, trip: number])[]
  has(book: number, trip: number): boolean
}

export function runsAre(runs: Iterable<Pick<NotedRun, 'book' | 'trip'>>): Runs {
  const named = new Map([...runs].map(({ book, trip }) => [runName({ book, trip }), [book, trip]] as const))
  const all = [...named.values()]
  return { books: new Set(all.map(([book]) => book)), all, has: (book, trip) => named.has(runName({ book, trip })) }
}

export const runName = ({ book, trip }: Pick<NotedRun, 'book' | 'trip'>): string => `${book}.${trip}`

/** The runs the user gave a tag, beside whichever of their lots. */
export function tripsTagged(reader: Reader, tag: string): Runs {
  return runsAre(runsOfEntries(reader, sql`e.n IN (SELECT g.entry FROM journal_tags g WHERE g.tag = ${tag})`))
}

/** A run and its tags, each once whatever its capitals (the spelling of the first entry). */
export interface TaggedRun {
  readonly book: number
  readonly trip: number
  readonly tags: ReadonlyMap<string, string>
}

/** Every run that carries a tag, with its tags by how the filter compares them. */
export function taggedRuns(reader: Reader): Map<string, TaggedRun> {
  const spelled = new Map<string, string>()
  const tags = new Map<number, string[]>()
  for (const row of reader.all(sql`SELECT entry, tag FROM journal_tags ORDER BY entry, tag`)) {
    const [entry, tag] = [integer(row, 'entry'), text(row, 'tag')]
    spelled.set(compared(tag), spelled.get(compared(tag)) ?? tag)
    tags.set(entry, [...(tags.get(entry) ?? []), tag])
  }
  const found = new Map<string, { readonly book: number; readonly trip: number; readonly tags: Map<string, string> }>()
  for (const { entry, book, trip } of runsOfEntries(reader, sql`e.n IN (SELECT g.entry FROM journal_tags g)`)) {
    const name = runName({ book, trip })
    const own = found.get(name) ?? { book, trip, tags: new Map<string, string>() }
    for (const tag of tags.get(entry) ?? []) own.tags.set(compared(tag), spelled.get(compared(tag)) ?? tag)
    found.set(name, own)
  }
  return found
}

/** As the column compares: capitals from A to Z are like small letters. */
const compared = (tag: string): string => tag.replaceAll(/[A-Z]+/g, letters => letters.toLowerCase())
