import { type Db, openDatabase } from '../../electron/core/db/open.ts'
import { entryPage } from '../../electron/core/store/journal.ts'
import { placeAt } from '../../electron/core/store/journal-place.ts'
import { sql } from '../../electron/core/db/sql.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { BENCH_NOW, benchFolder } from './support/bench-desk.ts'
import { type BenchResult, judge, median, quantile } from './support/measure.ts'

const ENTRIES = 1_000_000
const A_DAY = 300
const TX_ROWS = 20_000
const ROUNDS = 5
const SEARCHES = 400
const SCANS = 3
const PAGE_ROWS = 50

/** From the most used to the least: half of all words are the first eight. */
const WORDS = (
  'the stop entry breakout waited size trend pullback plan volume early late earnings trailing reversal range patience exit momentum gap resistance support confirmation discipline ' +
  'chased revenge average opening target moving news halt spread overtraded invalidation consolidation capitulation accumulation'
).split(' ')

/**
 * Q4: pages found by words in 1,000,000 journal entries, each search another one, by processor time, because another program may take the
 * processor in the middle of one; beside a scan for the same words.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  const db = openDatabase({ file: folder.file, now: () => BENCH_NOW })
  try {
    fill(db)
    const searches = Array.from({ length: SEARCHES }, (_, at) => wordsFor(at))
    times(db, searches.slice(0, 50))
    const rounds = Array.from({ length: ROUNDS }, () => times(db, searches))
    const p99 = median(rounds.map(found => quantile(found, 0.99)))
    const p50 = median(rounds.map(median))
    const rare = median(Array.from({ length: 50 }, (_, at) => median(times(db, [`rare${at * 17 + 3}`]))))
    const scan = median(Array.from({ length: SCANS }, (_, at) => scanMs(db, `rare${at * 300 + 7}`)))
    const note = `processor time: p50 ${p50.toFixed(3)} ms, worst ${Math.max(...rounds.flat()).toFixed(1)} ms; a scan ${scan.toFixed(0)} ms`
    return [
      judge({ id: 'Q4', unit: 'ms p99', floor: 10, goal: 5 }, p99, note),
      judge({ id: 'Q4SCAN', unit: 'x of a scan', floor: 20, goal: 50 }, scan / rare, `a rare word: ${scan.toFixed(0)} ms by ${rare.toFixed(3)} ms`),
    ]
  } finally {
    db.close()
  }
}

/** Rows as insertEntry writes them, without its questions: a million of those take minutes. */
function fill(db: Db): void {
  const first = LocalDate.of('2017-01-02')
  const entry = db.raw.prepare(`INSERT INTO journal_entries (n, id, place, day, subject, title, text, created_at, updated_at) VALUES (?, ?, ?, ?, 'day', ?, ?, 0, 0)`)
  const tag = db.raw.prepare('INSERT INTO journal_tags (entry, tag, place) VALUES (?, ?, ?)')
  const words = db.raw.prepare('INSERT INTO journal_text (rowid, title, text, tags, symbol) VALUES (?, ?, ?, ?, NULL)')
  db.raw.pragma('wal_autocheckpoint = 16000')
  for (let from = 0; from < ENTRIES; from += TX_ROWS) {
    db.writer.tx(() => {
      for (let at = from; at < Math.min(ENTRIES, from + TX_ROWS); at += 1) {
        const day = LocalDate.plusDays(first, Math.floor(at / A_DAY))
        const place = placeAt(day, at + 1)
        const said = Array.from({ length: 14 }, (_, k) => wordAt(at * 31 + k * 7)).join(' ')
        const text = at % 1000 === 0 ? `${said} rare${at / 1000}` : said
        const title = `${wordAt(at)} ${wordAt(at * 17 + 5)}`
        entry.run(at + 1, `jrn_${at}`, place, day, title, text)
        tag.run(at + 1, wordAt(at * 13 + 1), place)
        // A whole number as a row id: the text index takes no other.
        words.run(BigInt(place), title, text, wordAt(at * 13 + 1))
      }
    })
  }
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
}

/** A fixed draw from the words: the smaller of two, so that the first come most. */
function wordAt(seed: number): string {
  const draw = (by: number): number => (((seed + 1) * by) % 2_147_483_647) % WORDS.length
  return WORDS[Math.min(draw(48_271), draw(69_621))] ?? ''
}

/** What people type: a word, its beginning, two words, two beginnings, and now and then something rare or unknown. */
function wordsFor(at: number): string {
  const [one, two] = [wordAt(at * 101 + 3), wordAt(at * 211 + 9)]
  const kinds = [one, one.slice(0, 3), `${one} ${two}`, `${one.slice(0, 4)} ${two.slice(0, 2)}`, one.slice(0, -1), `rare${at}`, one.slice(0, 1), `${two} nothing`]
  return kinds[at % kinds.length] ?? one
}

function times(db: Db, searches: readonly string[]): number[] {
  return searches.map(search => {
    const before = process.cpuUsage()
    entryPage(db.reader, { search, limit: PAGE_ROWS })
    return msSince(before)
  })
}

/** The question for a rare word without the index: for a common one a scan ends after a few entries, too. */
function scanMs(db: Db, word: string): number {
  const before = process.cpuUsage()
  db.reader.all(sql`SELECT n FROM (SELECT n, place, title || ' ' || text AS words FROM journal_entries WHERE words LIKE ${`%${word}%`}) ORDER BY place DESC LIMIT ${PAGE_ROWS}`)
  return msSince(before)
}

/** User and system time of this process since then, in milliseconds. */
function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
