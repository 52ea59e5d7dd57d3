import type { Db } from '../../electron/core/db/open.ts'
import type { ActivityPageQuery } from '../../electron/core/store/activities.ts'
import { SIDES } from '../../shared/domain/activity.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { MANY, openHistory } from './support/long-history.ts'
import { alternate, type BenchResult, judge, median, quantile } from './support/measure.ts'
import { PAGE_ROWS, pageTimes, sameQuery, shuffled } from './support/pages.ts'

const ROUNDS = 7
const PAGES = 400
const YEARS = [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025] as const

/** Q3: pages filtered by symbol, side and a year, each other symbols and years, at 1,000,000 activities. */
export async function measure(): Promise<BenchResult[]> {
  const db = openHistory(MANY)
  const queries = shuffled(filteredPages(db))
  const { baseline, subject } = await alternate(
    ROUNDS,
    async () => quantile(pageTimes(db, sameQuery(PAGES)), 0.99),
    async () => pageTimes(db, queries),
  )
  db.close()
  const note = `p50 ${median(subject.map(median)).toFixed(3)} ms; first page p99 ${median(baseline).toFixed(3)} ms`
  return [judge({ id: 'Q3', unit: 'ms p99', floor: 25, goal: 10 }, median(subject.map(times => quantile(times, 0.99))), note)]
}

/** The symbols as often as they are traded: what is traded most is looked at most. */
function filteredPages(db: Db): ActivityPageQuery[] {
  const step = Math.floor(MANY / PAGES)
  const symbols = db.raw.prepare('SELECT symbol FROM activities WHERE id % ? = 1 ORDER BY id LIMIT ?').pluck().all(step, PAGES).map(String)
  return symbols.map((symbol, at) => {
    const year = YEARS[at % YEARS.length] ?? 2020
    const side = SIDES[at % 2] ?? 'buy'
    return { symbol, side, from: LocalDate.of(`${year}-03-01`), to: LocalDate.of(`${year + 1}-02-28`), limit: PAGE_ROWS }
  })
}
