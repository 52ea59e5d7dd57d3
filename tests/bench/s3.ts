import type { Db } from '../../electron/core/db/open.ts'
import { upsertActivities } from '../../electron/core/store/activities-write.ts'
import type { ActivityValues } from '../../electron/core/store/activities-write.ts'
import { bareInsert, preparedDatabase, storedRows } from './support/bare-insert.ts'
import { benchFolder } from './support/bench-desk.ts'
import { alternate, type BenchResult, judge, median, timed, type Timing } from './support/measure.ts'

const ROWS = 100_000
const BATCH = 5000
const ROUNDS = 7
const HISTORY = { perDay: 50 }

/**
 * S3: the writer thread's own work on a history that comes back unchanged, against bare inserts of the same rows. It fails
 * outright when a single row is written.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  const { db, account } = preparedDatabase(folder.file)
  const rows = storedRows(account, ROWS, HISTORY)
  bareInsert(db, rows)
  const { baseline, subject } = await alternate(
    ROUNDS,
    () => insertBare(rows),
    () => timed(() => saveAgain(db, rows)),
  )
  db.close()
  const rate = (timings: readonly Timing[]): number => ROWS / median(timings.map(timing => timing.wallMs))
  const note = `${Math.round(rate(subject))}k rows/s of ${Math.round(rate(baseline))}k, 0 rows written`
  return [judge({ id: 'S3', unit: 'x of bare inserts', floor: 2.5, goal: 5 }, rate(subject) / rate(baseline), note)]
}

async function insertBare(rows: readonly ActivityValues[]): Promise<Timing> {
  using folder = benchFolder()
  const { db } = preparedDatabase(folder.file)
  const timing = await timed(() => bareInsert(db, rows))
  db.close()
  return timing
}

function saveAgain(db: Db, rows: readonly ActivityValues[]): void {
  const changes = (): unknown => db.raw.prepare('SELECT total_changes()').pluck().get()
  const before = changes()
  for (let start = 0; start < rows.length; start += BATCH) db.writer.tx(w => upsertActivities(w, rows.slice(start, start + BATCH)))
  if (changes() !== before) throw new Error('an unchanged history was written to')
}
