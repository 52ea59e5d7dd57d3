import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { benchFolder } from './support/bench-desk.ts'
import { bareApp, pageTimes, startDesktop } from './support/desktop-app.ts'
import { librariesIn } from './support/loaded-modules.ts'
import { alternate, type BenchResult, judge, median } from './support/measure.ts'

const ROUNDS = 7

interface Start {
  /** Milliseconds from the start of the process until its first window began to load its page. */
  readonly opened: number
  /** The same until the page had been read. */
  readonly read: number
}

/**
 * A1DESK: from starting the desktop app to its first window, against an app that does nothing else, both over the stand-in.
 * A2DESK: how many libraries the main process has loaded by then.
 */
export async function measure(): Promise<BenchResult[]> {
  using folder = benchFolder()
  const root = path.dirname(folder.file)
  const bare = bareApp(root)
  let count = 0
  const fresh = (): string => {
    const dataDir = path.join(root, `data-${(count += 1)}`)
    mkdirSync(dataDir)
    return dataDir
  }
  // The first of each is read from the disk.
  await startOf(fresh(), bare)
  await startOf(fresh())
  const { baseline, subject } = await alternate(
    ROUNDS,
    () => startOf(fresh(), bare),
    () => startOf(fresh()),
  )
  const middle = (starts: readonly Start[], field: keyof Start): number => median(starts.map(start => start[field]))
  const note = `${Math.round(middle(subject, 'opened'))} of ${Math.round(middle(baseline, 'opened'))} ms; page read after ${Math.round(middle(subject, 'read'))} of ${Math.round(middle(baseline, 'read'))} ms`
  const libraries = await loadedBeforeWindow(fresh())
  return [
    judge({ id: 'A1DESK', unit: 'x of a bare window', floor: 2, goal: 1.5 }, middle(subject, 'opened') / middle(baseline, 'opened'), note),
    {
      ...judge({ id: 'A2DESK', unit: 'libraries loaded', floor: 0, goal: 0 }, libraries.length, libraries.join(', ')),
      pass: libraries.length === 0,
    },
  ]
}

async function startOf(dataDir: string, app?: string): Promise<Start> {
  const began = Date.now()
  const desktop = await startDesktop({ dataDir, ...(app === undefined ? {} : { app }) })
  const { opened, read } = await pageTimes(desktop)
  await desktop.kill()
  return { opened: opened - began, read: read - began }
}

/** Runs in the process before anything else: notes each module, from the app's own main script on until the first window is there. */
const NOTE_TAKER = `
import { registerHooks } from 'node:module'
const noted = (globalThis.noted = { urls: [], isOver: false })
registerHooks({
  load(url, context, next) {
    if (url.endsWith('/out/main/index.js'))
      import('electron').then(({ app }) => app.once('browser-window-created', () => (noted.isOver = true)))
    if (!noted.isOver && (noted.urls.length > 0 || url.endsWith('/out/main/index.js'))) noted.urls.push(url)
    return next(url, context)
  },
})`

interface Noted {
  readonly urls: string[]
  readonly isOver: boolean
}

/** The libraries of what was loaded until the first window was made. The core comes while its page is drawn. */
async function loadedBeforeWindow(dataDir: string): Promise<string[]> {
  const preload = `--import=data:text/javascript,${encodeURIComponent(NOTE_TAKER)}`
  const desktop = await startDesktop({ dataDir, env: { NODE_OPTIONS: preload } })
  await desktop.window()
  const { urls, isOver } = await desktop.evaluate(() => (globalThis as unknown as { noted: Noted }).noted)
  await desktop.kill()
  if (urls.length === 0 || !isOver) throw new Error('the main script or its window was not noted')
  return librariesIn(urls)
}
