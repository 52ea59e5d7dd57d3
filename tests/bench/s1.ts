import { monitorEventLoopDelay } from 'node:perf_hooks'
import { bareInsert, preparedDatabase, storedRows } from './support/bare-insert.ts'
import { benchDesk, benchFolder } from './support/bench-desk.ts'
import { startBroker } from './support/broker-process.ts'
import { alternate, type BenchResult, judge, median, timed, type Timing } from './support/measure.ts'

const ROWS = 100_000
const ROUNDS = 7
const HISTORY = { perDay: 50 }

interface Load extends Timing {
  /** The whole run, with the text index and the end of the run. */
  readonly whole: Timing
  readonly loopP99: number
  readonly loopMax: number
}

/**
 * S1, S2, S5: a first sync of 100,000 rows through the product's own pipeline (loopback HTTP from another process, JSON, zod,
 * mapping, hashing, the writer thread, which runs already) until the last row is saved, against bare prepared inserts of the
 * same rows into the same schema. The note adds the text index, which is filled after the load.
 */
export async function measure(): Promise<BenchResult[]> {
  using broker = await startBroker({ ...HISTORY, rows: ROWS })
  const { baseline, subject } = await alternate(ROUNDS, insertBare, () => syncFresh(broker.origin))
  const wall = (timings: readonly Timing[]): number => median(timings.map(timing => timing.wallMs))
  const cpu = (timings: readonly Timing[]): number => median(timings.map(timing => timing.cpuMs))
  const whole = subject.map(load => load.whole)
  const speed = `${Math.round(ROWS / wall(subject))}k rows/s of ${Math.round(ROWS / wall(baseline))}k; ${(wall(baseline) / wall(whole)).toFixed(2)} with the text index`
  const perRow = (ms: number): string => ((1000 * ms) / ROWS).toFixed(1)
  const cost = `${perRow(cpu(subject))} of ${perRow(cpu(baseline))} µs a row; ${perRow(cpu(whole))} with the text index`
  const longest = `longest ${median(subject.map(load => load.loopMax)).toFixed(0)} ms`
  return [
    judge({ id: 'S1', unit: 'x of bare inserts', floor: 0.6, goal: 0.75 }, wall(baseline) / wall(subject), speed),
    judge({ id: 'S2', unit: 'x CPU of bare inserts', floor: 2.2, goal: 1.7 }, cpu(subject) / cpu(baseline), cost),
    judge({ id: 'S5', unit: 'ms event loop p99', floor: 50, goal: 20 }, median(subject.map(load => load.loopP99)), longest),
  ]
}

async function insertBare(): Promise<Timing> {
  using folder = benchFolder()
  const { db, account } = preparedDatabase(folder.file)
  const rows = storedRows(account, ROWS, HISTORY)
  const timing = await timed(() => bareInsert(db, rows))
  db.close()
  return timing
}

async function syncFresh(origin: string): Promise<Load> {
  using folder = benchFolder()
  let saved = { at: 0, cpu: process.cpuUsage() }
  await using desk = benchDesk(folder.file, origin, event => {
    if (event.type === 'sync.progress') saved = { at: performance.now(), cpu: process.cpuUsage() }
  })
  await desk.warm()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const began = { at: performance.now(), cpu: process.cpuUsage() }
  const whole = await timed(async () => {
    const { result, accounts } = await desk.run()
    if (result !== 'success' || accounts[0]?.new !== ROWS) throw new Error(`the sync brought ${accounts[0]?.new} rows: ${result}`)
  })
  loop.disable()
  const cpuMs = (saved.cpu.user + saved.cpu.system - began.cpu.user - began.cpu.system) / 1000
  return { wallMs: saved.at - began.at, cpuMs, whole, loopP99: loop.percentile(99) / 1e6, loopMax: loop.max / 1e6 }
}
