import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Desktop } from '../desktop/launch.ts'
import { benchFolder } from './support/bench-desk.ts'
import { bareApp, family, hideInTray, memoryOf, startDesktop } from './support/desktop-app.ts'
import { type BenchResult, judge } from './support/measure.ts'
import { type Activity, activityOf } from './support/wake-ups.ts'

/** How long the idle app is watched: KEELSON_BENCH_IDLE_MINUTES, or ten minutes for a figure to quote. */
const MINUTES = Number(process.env['KEELSON_BENCH_IDLE_MINUTES'] ?? 10)
const MINUTE_MS = 60_000
/** The writer thread leaves a minute after its last work, and the engine tidies its memory some time after that. */
const SETTLE_MS = 150_000
const OPEN_MS = 10_000
/** The connection's next refresh, the next sync, the next look for an update, and the web server of the simulators. */
const LIVE_TIMERS = 4

/**
 * A4DESK, A4DESKCPU: what the desktop app does in the tray, its window closed, a sandbox broker connected and synced; a bare app without
 * a window is watched at the same time. A5: renderers left. A5MB: memory of main process and renderers, to that with the window open.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  const root = path.dirname(folder.file)
  const [dataDir, bareDir] = ['data', 'bare-data'].map(name => path.join(root, name)) as [string, string]
  for (const dir of [dataDir, bareDir]) mkdirSync(dir)
  const bare = await startDesktop({ dataDir: bareDir, app: bareApp(root), args: ['--no-window'] })
  const desktop = await startDesktop({ dataDir })
  await connect(desktop)
  await sleep(OPEN_MS)
  const open = memoryIn(desktop.pid)
  await hideInTray(desktop)
  await sleep(SETTLE_MS)
  const closed = memoryIn(desktop.pid)
  const before = [desktop.pid, bare.pid].map(activityOf)
  await sleep(MINUTES * MINUTE_MS)
  const [idle, base] = [desktop.pid, bare.pid].map((pid, at) => perMinute(before[at], activityOf(pid)))
  const renderers = rendererPids(desktop.pid).length + (await desktop.windows())
  await Promise.all([desktop.kill(), bare.kill()])
  const note = `over ${MINUTES} minutes; bare app ${base?.wakeUps.toFixed(1)} and ${base?.cpuMs.toFixed(1)} ms`
  const mb = (kilobytes: number): number => Math.round(kilobytes / 1024)
  return [
    judge({ id: 'A4DESK', unit: 'wake-ups a minute', floor: 60, goal: 12 + 2 * LIVE_TIMERS }, idle?.wakeUps ?? Number.NaN, note),
    judge({ id: 'A4DESKCPU', unit: 'ms CPU a minute', floor: 20, goal: 5 }, idle?.cpuMs ?? Number.NaN, note),
    judge({ id: 'A5', unit: 'renderers after close', floor: 0, goal: 0 }, renderers, 'renderer processes and windows'),
    judge(
      { id: 'A5MB', unit: 'x with the window', floor: 0.7, goal: 0.55 },
      closed.own / open.own,
      `${mb(closed.own)} of ${mb(open.own)} MB; with the browser of the stand-in ${mb(closed.all)} of ${mb(open.all)} MB`,
    ),
  ]
}

/** Connects a sandbox broker through the window and syncs it. */
async function connect(desktop: Desktop): Promise<void> {
  const page = await desktop.window()
  await page.evaluate(async () => {
    const { keelson } = globalThis as unknown as { keelson: { request(json: string): Promise<string> } }
    const call = async (route: string, input: object): Promise<{ connectionIds: string[] }> => {
      const reply = JSON.parse(await keelson.request(JSON.stringify({ id: `bench-${route}`, route, input }))) as {
        ok: boolean
        data: never
      }
      if (!reply.ok) throw new Error(`${route} was refused: ${JSON.stringify(reply)}`)
      return reply.data
    }
    const { connectionIds } = await call('sandbox.explore', { broker: 'alpaca' })
    await call('sync.run', { connectionId: connectionIds[0] })
  })
}

function perMinute(before: Activity | undefined, after: Activity): Activity {
  return {
    wakeUps: (after.wakeUps - (before?.wakeUps ?? Number.NaN)) / MINUTES,
    cpuMs: (after.cpuMs - (before?.cpuMs ?? Number.NaN)) / MINUTES,
  }
}

function rendererPids(root: number): number[] {
  return family(root)
    .filter(({ command }) => command.includes('--type=renderer'))
    .map(({ pid }) => pid)
}

/** Kilobytes: `own` of main process and renderers, which the app answers for; `all` with the other processes of the browser. */
function memoryIn(root: number): { readonly own: number; readonly all: number } {
  return { own: memoryOf([root, ...rendererPids(root)]), all: memoryOf(family(root).map(({ pid }) => pid)) }
}
