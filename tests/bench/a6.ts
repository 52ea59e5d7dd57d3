import { setTimeout as sleep } from 'node:timers/promises'
import { connectToHost } from '../../electron/headless/remote-core.ts'
import { hostFileOf, type HostProcess, startBareNode, startHost, statusField, statusOf } from './support/host-process.ts'
import { longHistory, MANY } from './support/long-history.ts'
import { alternate, type BenchResult, judge, median } from './support/measure.ts'
import { PAGE_ROWS } from './support/pages.ts'

const ROUNDS = 5
const SETTLE_MS = 4000

/**
 * A6: resident memory of the headless host (core, web server, sockets) with 1,000,000 activities open and a page of them read,
 * against a Node that imports nothing.
 */
export async function measure(): Promise<BenchResult[]> {
  const { dataDir } = longHistory(MANY)
  const { baseline, subject } = await alternate(ROUNDS, bareMemory, () => hostMemory(dataDir))
  const [base, host] = [median(baseline), median(subject)]
  const note = `${Math.round(host / 1024)} of ${Math.round(base / 1024)} MB`
  return [judge({ id: 'A6', unit: 'x of bare node', floor: 1.8, goal: 1.4 }, host / base, note)]
}

async function bareMemory(): Promise<number> {
  using node = startBareNode()
  await sleep(SETTLE_MS)
  return statusField(node.process.pid, 'VmRSS')
}

async function hostMemory(dataDir: string): Promise<number> {
  using host = await startHost({ dataDir })
  await readPage(host, dataDir)
  await sleep(SETTLE_MS)
  return statusField(host.process.pid, 'VmRSS')
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
