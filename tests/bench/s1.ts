import { monitorEventLoopDelay } from 'node:perf_hooks'
import { bareInsert, preparedDatabase, storedRows } from './support/bare-insert.ts'
import { benchDesk, benchFolder } from './support/bench-desk.ts'
import { startBroker } from './support/broker-process.ts'
import { alternate, type BenchResult, judge, median, timed, type Timing } from './support/measure.ts'

const ROWS = 100_000
const ROUNDS = 7
const HISTORY = { perDay: 50 }

interface Load extends Timing {
  readonly loopP99: number
  readonly loopMax: number
  /** Until the last row was saved; the rest is the text index. */
  readonly savedMs: number
}

/**
 * S1, S2, S5: a first sync of 100,000 rows through the product's own pipeline (loopback HTTP from another process, JSON, zod,
 * mapping, hashing, the writer thread, which runs already) against bare prepared inserts of the same rows into the same schema.
 */
export async function measure(): Promise<BenchResult[]> {
  using broker = await startBroker({ ...HISTORY, rows: ROWS })
  const { baseline, subject } = await alternate(ROUNDS, insertBare, () => syncFresh(broker.origin))
  const ratio = (of: (timing: Timing) => number): number => median(subject.map(of)) / median(baseline.map(of))
  const p99 = median(subject.map(load => load.loopP99))
  const rate = (ms: number): string => `${Math.round(ROWS / ms)}k rows/s`
  const base = median(baseline.map(timing => timing.wallMs))
  const wall = median(subject.map(timing => timing.wallMs))
  const saved = median(subject.map(load => load.savedMs))
  return [
    judge(
      { id: 'S1', unit: 'x of bare inserts', floor: 0.6, goal: 0.75 },
      base / wall,
      `${rate(wall)} of ${rate(base)}, text index included; ${(base / saved).toFixed(2)} until the last row is saved`,
    ),
    judge(
      { id: 'S2', unit: 'x CPU of bare inserts', floor: 2.2, goal: 1.7 },
      ratio(timing => timing.cpuMs),
      `${((1000 * median(subject.map(t => t.cpuMs))) / ROWS).toFixed(1)} of ${((1000 * median(baseline.map(t => t.cpuMs))) / ROWS).toFixed(1)} µs a row`,
    ),
    judge(
      { id: 'S5', unit: 'ms event loop p99', floor: 50, goal: 20 },
      p99,
      `longest ${median(subject.map(load => load.loopMax)).toFixed(0)} ms`,
    ),
  ]
}

async function insertBare(): Promise<Timing> {
  using folder = benchFolder()
  const { db, account } = preparedDatabase(folder.file)
  const rows = storedRows(account, ROWS, HISTORY)
  globalThis.gc?.()
  const timing = await timed(() => bareInsert(db, rows))
  db.close()
  return timing
}

async function syncFresh(origin: string): Promise<Load> {
  using folder = benchFolder()
  let savedAt = 0
  await using desk = benchDesk(folder.file, origin, event => {
    if (event.type === 'sync.progress') savedAt = performance.now()
  })
  await desk.warm()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  globalThis.gc?.()
  const began = performance.now()
  loop.enable()
  const timing = await timed(async () => {
    const { result, accounts } = await desk.run()
    if (result !== 'success' || accounts[0]?.new !== ROWS) throw new Error(`the sync brought ${accounts[0]?.new} rows: ${result}`)
  })
  loop.disable()
  return { ...timing, savedMs: savedAt - began, loopP99: loop.percentile(99) / 1e6, loopMax: loop.max / 1e6 }
}
