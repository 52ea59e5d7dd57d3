import type { Db } from '../../electron/core/db/open.ts'
import { sql } from '../../electron/core/db/sql.ts'
import { createLedgerWork, type LedgerWork } from '../../electron/core/ledger/work.ts'
import { days } from '../../electron/core/services/ledger-sums.ts'
import { upsertActivities } from '../../electron/core/store/activities-write.ts'
import { markWhole } from '../../electron/core/store/ledger-dirty.ts'
import { closingsWhere } from '../../electron/core/store/ledger-realizations.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { fillHistory, type FillHistory, fillRow } from './support/fill-history.ts'
import { type BenchResult, judge, median, quantile } from './support/measure.ts'

const MANY = 1_000_000
const FEW = 10_000
const ACCOUNTS = 4
const NEW_FILLS = 200
const BACK_DATED = 40
const READS = 15
const AFTER_ALL = LocalDate.of('2026-11-20')

/**
 * P3, P4, P5, P7 over 1,000,000 fills in four accounts: what a new fill costs beside computing everything anew, and beside the same with
 * 10,000 fills; a back-dated one beside its symbol's share of everything; and results by day beside summing every closing. All is written
 * and committed when it counts as done; what counts is processor time, so that a busy disk changes nothing.
 */
export function measure(): Promise<BenchResult[]> {
  const few = computed(FEW)
  const many = computed(MANY)
  const [newFew, newMany] = [newFills(few), newFills(many)]
  const [fast, slow] = [median(newMany), median(newFew)]
  const shares = backDated(many)
  const byDay = resultsByDay(many.history.db)
  const us = (ms: number): string => `${(ms * 1000).toFixed(0)} µs`
  return Promise.resolve([
    judge({ id: 'P3', unit: 'of everything, a new fill', floor: 1 / 1000, goal: 1 / 10_000 }, fast / many.ms, `${us(fast)} (p99 ${us(quantile(newMany, 0.99))}) of ${(many.ms / 1000).toFixed(1)} s: 1 to ${Math.round(many.ms / fast)}`),
    judge({ id: 'P4', unit: 'x of 10,000 fills', floor: 3, goal: 1.5 }, fast / slow, `${us(fast)} with 1,000,000 fills, ${us(slow)} with 10,000`),
    judge({ id: 'P5', unit: 'x of its share', floor: 10, goal: 4 }, median(shares.ratios), shares.note),
    judge({ id: 'P7', unit: 'x of summing closings', floor: 1, goal: 0.1 }, byDay.kept / byDay.summed, `${byDay.kept.toFixed(1)} ms for ${byDay.days} days, ${byDay.summed.toFixed(0)} ms over ${byDay.closings} closings`),
  ])
}

interface Computed {
  readonly history: FillHistory
  readonly work: LedgerWork
  /** Computing everything anew. */
  readonly ms: number
}

function settle(work: LedgerWork): void {
  for (;;) {
    const { more, failed } = work.step(0)
    if (failed.length > 0) throw new Error(`not computed: ${failed[0]}`)
    if (!more) return
  }
}

function computed(fills: number): Computed {
  const history = fillHistory({ fills, accounts: ACCOUNTS })
  const { db } = history
  const work = createLedgerWork(db.writer)
  settle(work)
  for (let account = 1; account <= ACCOUNTS; account += 1) db.writer.tx(w => markWhole(w, account))
  return { history, work, ms: cpuOf(() => settle(work)) }
}

/** Milliseconds of processor time, of all threads. */
function cpuOf(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** What each of saved fills cost to be in the ledger, of every account and symbol in turn. */
function newFills({ history: { db, accounts, books }, work }: Computed): number[] {
  return Array.from({ length: NEW_FILLS }, (_, at) => {
    const [account, symbols] = [accounts[at % ACCOUNTS], [...(books[at % ACCOUNTS]?.keys() ?? [])]]
    if (account === undefined) throw new Error('no account')
    const fill = { key: `n${at}`, day: AFTER_ALL, quantity: Dec.of(at % 2 === 0 ? '5' : '-1'), price: Dec.of('101.25'), costs: Dec.of('0.35'), effect: at % 2 === 0 ? ('open' as const) : ('close' as const) }
    db.writer.tx(w => upsertActivities(w, [fillRow(account, symbols[(at >> 1) % symbols.length] ?? '', fill, at)]))
    return cpuOf(() => settle(work))
  })
}

function backDated({ history: { db, accounts, books }, work, ms }: Computed): { readonly ratios: number[]; readonly note: string } {
  const all = books.reduce((sum, own) => sum + [...own.values()].reduce((total, events) => total + events.length, 0), 0)
  const found = Array.from({ length: BACK_DATED }, (_, at) => {
    const [account, own] = [accounts[at % ACCOUNTS], [...(books[at % ACCOUNTS] ?? [])]]
    const [symbol, events] = own[at === 0 ? 0 : (at * 12) % own.length] ?? []
    const first = events?.[0]
    if (account === undefined || symbol === undefined || first === undefined || !events) throw new Error('no fills')
    const fill = { key: `b${at}`, day: LocalDate.plusDays(first.day, -1), quantity: Dec.of('3'), price: Dec.of('99'), costs: Dec.zero, effect: 'open' as const }
    db.writer.tx(w => upsertActivities(w, [fillRow(account, symbol, fill, at)]))
    const took = cpuOf(() => settle(work))
    return { took, ratio: took / ((ms * events.length) / all), fills: events.length }
  })
  const largest = found.reduce((most, one) => (one.fills > most.fills ? one : most))
  const took = median(found.map(one => one.took))
  return { ratios: found.map(({ ratio }) => ratio), note: `${took.toFixed(1)} ms for a symbol of ${median(found.map(({ fills }) => fills))} fills; the largest, ${largest.fills} fills, ${largest.took.toFixed(0)} ms (${largest.ratio.toFixed(1)}x)` }
}

function resultsByDay(db: Db): { readonly kept: number; readonly summed: number; readonly days: number; readonly closings: number } {
  const closings = closingsAsRows(db)
  const summed = db.raw.prepare('SELECT close_day, sum(CAST(pnl AS REAL)) FROM closings_as_rows GROUP BY close_day')
  const scope = { environment: 'live' } as const
  cpuOf(() => summed.all())
  const rounds = Array.from({ length: READS }, () => ({ kept: cpuOf(() => days(db.reader, scope)), summed: cpuOf(() => summed.all()) }))
  return {
    kept: median(rounds.map(round => round.kept)), summed: median(rounds.map(round => round.summed)),
    days: days(db.reader, scope).length, closings,
  }
}

/** A plain table of every closing with an index by day, as it would be summed without packing; answers how many there are. */
function closingsAsRows(db: Db): number {
  db.raw.exec('CREATE TABLE closings_as_rows (book INTEGER NOT NULL, place INTEGER NOT NULL, close_day TEXT NOT NULL, pnl TEXT, fees TEXT NOT NULL, PRIMARY KEY (book, place)) STRICT, WITHOUT ROWID')
  const books = db.raw.prepare('SELECT id FROM ledger_books').pluck().all().map(Number)
  const insert = db.raw.prepare('INSERT INTO closings_as_rows VALUES (?, ?, ?, ?, ?)')
  let count = 0
  db.writer.tx(() => {
    for (const id of books) {
      const all = Array.from(closingsWhere(db.reader, { where: sql`b.id = ${id}` }), ({ closings }) => closings).flat()
      count += all.length
      for (const { book, place, closeDay, pnl, fees } of all) insert.run(book, place, closeDay, pnl, fees)
    }
  })
  db.raw.exec('CREATE INDEX closings_as_rows_day ON closings_as_rows(close_day)')
  return count
}
