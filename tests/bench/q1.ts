import { FEW, MANY, openHistory } from './support/long-history.ts'
import { alternate, type BenchResult, judge, median, quantile } from './support/measure.ts'
import { pageTimes, sameQuery } from './support/pages.ts'

const ROUNDS = 9
const PAGES = 400

/** Q1, Q1P99: the first page of 1,000,000 activities against the first page of 10,000. */
export async function measure(): Promise<BenchResult[]> {
  const few = openHistory(FEW)
  const many = openHistory(MANY)
  for (const db of [few, many]) pageTimes(db, sameQuery(PAGES))
  const { baseline, subject } = await alternate(
    ROUNDS,
    async () => pageTimes(few, sameQuery(PAGES)),
    async () => pageTimes(many, sameQuery(PAGES)),
  )
  few.close()
  many.close()
  const base = median(baseline.map(median))
  const p50 = median(subject.map(median))
  const p99 = (rounds: number[][]): number => median(rounds.map(times => quantile(times, 0.99)))
  return [
    judge({ id: 'Q1', unit: 'x of the page at 10k', floor: 2, goal: 1.3 }, p50 / base, `${p50.toFixed(3)} of ${base.toFixed(3)} ms`),
    judge({ id: 'Q1P99', unit: 'ms p99', floor: 4, goal: 2 }, p99(subject), `first page at 1M rows; ${p99(baseline).toFixed(3)} ms at 10k`),
  ]
}
