import { indexText } from '../../electron/core/store/activities-write.ts'
import { writeHistory } from '../../electron/core/store/history.ts'
import { LocalDate } from '../../shared/domain/time.ts'
import { bareInsert, preparedDatabase, storedRows } from './support/bare-insert.ts'
import { BENCH_NOW, type BenchDesk, benchDesk, benchFolder } from './support/bench-desk.ts'
import { startBroker } from './support/broker-process.ts'
import { alternate, type BenchResult, judge, median, timed } from './support/measure.ts'

const ROUNDS = 41
const CHUNK = 50_000
const FROM = LocalDate.of('2018-01-01')
const TO = LocalDate.of('2026-11-20')
/** The newest days are the same in both histories, so that both read the same page again. */
const RECENT = { rows: 400, perDay: 15 }

/** S4: a sync that brings nothing new, through the whole pipeline, with a million rows stored against ten thousand. */
export async function measure(): Promise<BenchResult[]> {
  using broker = await startBroker({ rows: RECENT.rows, perDay: 1, recent: RECENT })
  using small = benchFolder()
  using large = benchFolder()
  store(small.file, 10_000, 4)
  store(large.file, 1_000_000, 400)
  await using few = benchDesk(small.file, broker.origin)
  await using many = benchDesk(large.file, broker.origin)
  await few.warm()
  await many.warm()
  await alternate(
    5,
    () => syncNothing(few),
    () => syncNothing(many),
  )
  const { baseline, subject } = await alternate(
    ROUNDS,
    () => syncNothing(few),
    () => syncNothing(many),
  )
  const [tenThousand, million] = [median(baseline), median(subject)]
  return [
    judge(
      { id: 'S4', unit: 'x of 10k rows', floor: 1.5, goal: 1.2 },
      million / tenThousand,
      `${million.toFixed(1)} ms at 1M rows, ${tenThousand.toFixed(1)} ms at 10k`,
    ),
  ]
}

async function syncNothing(desk: BenchDesk): Promise<number> {
  const { wallMs } = await timed(async () => {
    const { result, accounts } = await desk.run()
    const [account] = accounts
    if (result !== 'success' || account?.new !== 0 || account.updated !== 0 || account.fetched === 0)
      throw new Error(`not a sync of nothing: ${JSON.stringify(accounts)}`)
  })
  return wallMs
}

/** A complete history of so many rows, oldest first, indexed. */
function store(file: string, rows: number, perDay: number): void {
  const { db, account } = preparedDatabase(file)
  for (let left = rows; left > 0; left -= CHUNK) {
    const from = Math.max(0, left - CHUNK)
    bareInsert(db, storedRows(account, left - from, { perDay, recent: RECENT }, from).reverse())
  }
  for (let more = true; more;) more = indexText(db.writer)
  writeHistory(db.writer, account, { from: FROM, to: TO, cursor: null, done: true, completeFrom: FROM, completeTo: TO }, BENCH_NOW)
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}
