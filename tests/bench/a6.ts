import { setTimeout as sleep } from 'node:timers/promises'
import { connectToHost } from '../../electron/headless/remote-core.ts'
import { ended, hostFileOf, type HostProcess, startBareNode, startHost, statusField, statusOf } from './support/host-process.ts'
import { longHistory, MANY } from './support/long-history.ts'
import { alternate, type BenchResult, judge, median } from './support/measure.ts'
import { PAGE_ROWS } from './support/pages.ts'

const ROUNDS = 5
const SETTLE_MS = 4000
/** The day's first start copies the database, which is let finish. */
const FIRST_SETTLE_MS = 30_000

/**
 * A6: resident memory of the headless host (core, web server, sockets) with 1,000,000 activities open and a page of them read,
 * against a Node that imports nothing.
 */
export async function measure(): Promise<BenchResult[]> {
  const { dataDir } = longHistory(MANY)
  const afterBackup = await hostMemory(dataDir, FIRST_SETTLE_MS)
  const { baseline, subject } = await alternate(ROUNDS, bareMemory, () => hostMemory(dataDir, SETTLE_MS))
  const [base, host] = [median(baseline), median(subject)]
  const note = `${Math.round(host / 1024)} of ${Math.round(base / 1024)} MB; ${Math.round(afterBackup / 1024)} MB after the daily backup`
  return [judge({ id: 'A6', unit: 'x of bare node', floor: 1.8, goal: 1.4 }, host / base, note)]
}

async function bareMemory(): Promise<number> {
  using node = startBareNode()
  await sleep(SETTLE_MS)
  return statusField(node.process.pid, 'VmRSS')
}

async function hostMemory(dataDir: string, settleMs: number): Promise<number> {
  using host = await startHost({ dataDir })
  await readPage(host, dataDir)
  await sleep(settleMs)
  const kilobytes = statusField(host.process.pid, 'VmRSS')
  host.process.kill('SIGTERM')
  await ended(host.process)
  return kilobytes
}

/** Reads a page as the command line does, and leaves again. */
async function readPage(host: HostProcess, dataDir: string): Promise<void> {
  await statusOf(host.link)
  const core = await connectToHost(await hostFileOf(host, dataDir))
  const input = { limit: PAGE_ROWS }
  const envelope = await core.dispatch({ id: 'a6', route: 'activities.page', input }, { signal: new AbortController().signal })
  await core.close()
  if (!envelope.ok) throw new Error(envelope.error.message)
}
