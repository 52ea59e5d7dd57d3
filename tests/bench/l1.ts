import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ibkr } from '../../electron/core/brokers/ibkr/index.ts'
import { type BenchBroker, benchDesk, benchFolder } from './support/bench-desk.ts'
import { type BrokerProcess, startBroker, startFlex } from './support/broker-process.ts'
import { type BenchResult, judge, median } from './support/measure.ts'

const ROWS = 100_000
const STATEMENTS = 2
const ROUNDS = 3

interface Loop {
  readonly p99: number
  readonly longest: number
}

const FLEX: BenchBroker = {
  broker: ibkr,
  connection: { environment: 'live', method: 'flex' },
  bases: ['flex', 'flexOther'],
  session: { settings: { 'query-id': '654321' }, secrets: { token: '123456789012345678901234' } },
}

/**
 * L1, L1FLEX: how late the main thread is while 100,000 rows are synced, from the first request to the end of the run with its text index: a
 * thousand pages over HTTP, and two Flex statements of 50,000 rows each, which come whole.
 */
export async function measure(): Promise<BenchResult[]> {
  using broker = await startBroker({ rows: ROWS, perDay: 50 })
  using flex = await startFlex({ rows: ROWS / STATEMENTS })
  const pages: Loop[] = []
  const statements: Loop[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    pages.push(await lagOf(broker))
    statements.push(await lagOf(flex, FLEX))
  }
  return [result('L1', pages), result('L1FLEX', statements)]
}

function result(id: string, loops: readonly Loop[]): BenchResult {
  const longest = Math.max(...loops.map(loop => loop.longest))
  return judge(
    { id, unit: 'ms event loop p99', floor: 50, goal: 20 },
    median(loops.map(loop => loop.p99)),
    `longest ${longest.toFixed(0)} ms`,
  )
}

async function lagOf({ origin }: BrokerProcess, broker?: BenchBroker): Promise<Loop> {
  using folder = benchFolder()
  await using desk = benchDesk(folder.file, origin, undefined, broker)
  await desk.warm()
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const { result: end, accounts, error } = await desk.run()
  loop.disable()
  if (end !== 'success' || accounts[0]?.new !== ROWS)
    throw new Error(`the sync brought ${accounts[0]?.new} rows: ${end} ${JSON.stringify(error ?? accounts)}`)
  return { p99: loop.percentile(99) / 1e6, longest: loop.max / 1e6 }
}
