import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '../../electron/headless/wire.ts'
import { connectToHost } from '../../electron/headless/remote-core.ts'
import { benchFolder } from './support/bench-desk.ts'
import { hostFileOf, startBareNode, startHost, statusOf } from './support/host-process.ts'
import { type BenchResult, judge, median } from './support/measure.ts'
import { type Activity, threadsOf } from './support/wake-ups.ts'

const WINDOWS = 5
const WINDOW_MS = 30_000
/** The writer thread leaves a minute after its last work. */
const SETTLE_MS = 65_000
/** The connection's next refresh, the next sync, and the web server's own look at its connections. */
const LIVE_TIMERS = 3

/**
 * A4, A4CPU: what the headless host does in a minute when nobody looks: a sandbox broker connected and synced, no client. A Node
 * that does nothing is watched during the same time.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  const dataDir = path.dirname(folder.file)
  using bare = startBareNode()
  using host = await startHost({ dataDir })
  await statusOf(host.link)
  await connectOnce(await hostFileOf(host, dataDir))
  await sleep(SETTLE_MS)
  const [idle, base] = await watch([host.process.pid, bare.process.pid])
  const note = `bare node ${base?.wakeUps} and ${base?.cpuMs.toFixed(1)} ms`
  return [
    judge({ id: 'A4', unit: 'wake-ups a minute', floor: 60, goal: 12 + 2 * LIVE_TIMERS }, idle?.wakeUps ?? Number.NaN, note),
    judge({ id: 'A4CPU', unit: 'ms CPU a minute', floor: 20, goal: 5 }, idle?.cpuMs ?? Number.NaN, note),
  ]
}

async function connectOnce(host: Parameters<typeof connectToHost>[0]): Promise<void> {
  const core = await connectToHost(host)
  const { signal } = new AbortController()
  const client = createClient(core)
  const [connectionId] = (await client.request('sandbox.explore', { broker: 'alpaca' }, signal)).connectionIds
  if (connectionId === undefined) throw new Error('the sandbox did not connect')
  await client.request('sync.run', { connectionId }, signal)
  await core.close()
}

/**
 * A minute of each process, as the median of windows as long as the slowest timer. The engine tidies its memory once some time
 * after the last work, which is one window and no habit.
 */
async function watch(pids: readonly (number | undefined)[]): Promise<Activity[]> {
  const windows: Activity[][] = []
  for (let window = 0; window < WINDOWS; window += 1) {
    const before = pids.map(threadsOf)
    await sleep(WINDOW_MS)
    windows.push(pids.map(threadsOf).map((after, at) => since(before[at] ?? new Map<string, Activity>(), after)))
  }
  const perMinute = (at: number, field: keyof Activity): number =>
    (median(windows.map(window => window[at]?.[field] ?? Number.NaN)) * 60_000) / WINDOW_MS
  return pids.map((_, at) => ({ wakeUps: perMinute(at, 'wakeUps'), cpuMs: perMinute(at, 'cpuMs') }))
}

/** A thread that ended in between counts for nothing: what it did is gone with it. */
function since(before: ReadonlyMap<string, Activity>, after: ReadonlyMap<string, Activity>): Activity {
  const sum = (field: keyof Activity): number =>
    [...after].reduce((total, [task, now]) => total + now[field] - (before.get(task)?.[field] ?? 0), 0)
  return { wakeUps: sum('wakeUps'), cpuMs: sum('cpuMs') }
}
