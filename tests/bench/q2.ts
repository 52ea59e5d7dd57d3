import { MANY, openHistory } from './support/long-history.ts'
import { alternate, type BenchResult, judge, median } from './support/measure.ts'
import { cursorsAt, PAGE_ROWS, pageTimes, sameQuery, shuffled } from './support/pages.ts'

const ROUNDS = 9
const PAGES = 200

/** Q2: pages anywhere in 1,000,000 activities, down to page 10,000, against the first page. */
export async function measure(): Promise<BenchResult[]> {
  const db = openHistory(MANY)
  const deep = shuffled(cursorsAt(db, PAGES)).map(after => ({ after, limit: PAGE_ROWS }))
  pageTimes(db, sameQuery(PAGES))
  const { baseline, subject } = await alternate(
    ROUNDS,
    async () => median(pageTimes(db, sameQuery(PAGES))),
    async () => median(pageTimes(db, deep)),
  )
  db.close()
  const note = `${median(subject).toFixed(3)} of ${median(baseline).toFixed(3)} ms`
  return [judge({ id: 'Q2', unit: 'x of the first page', floor: 5, goal: 3 }, median(subject) / median(baseline), note)]
}
