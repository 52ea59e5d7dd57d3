import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Desktop, launchDesktop } from '../../desktop/launch.ts'
import { builtCommand } from './host-process.ts'

/** An app that does nothing but open a window with an empty page: what any app needs at least. */
const BARE_MAIN = `
import { app, BrowserWindow, protocol } from 'electron'
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
app.on('window-all-closed', () => undefined)
app.whenReady().then(() => {
  protocol.handle('app', () => new Response('<!doctype html><title>Bare</title>', { headers: { 'content-type': 'text/html' } }))
  if (process.argv.includes('--no-window')) return
  const window = new BrowserWindow({ webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false } })
  window.loadURL('app://keelson/index.html')
})`

/** Writes the bare app into a folder, and answers it. */
export function bareApp(folder: string): string {
  const app = path.join(folder, 'bare')
  mkdirSync(app, { recursive: true })
  writeFileSync(
    path.join(app, 'package.json'),
    JSON.stringify({ name: 'bare', productName: 'Bare', version: '1.0.0', type: 'module', main: 'main.js' }),
  )
  writeFileSync(path.join(app, 'main.js'), BARE_MAIN)
  return app
}

export interface StartOptions {
  readonly dataDir: string
  /** Keelson as built when left out. */
  readonly app?: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** Starts a desktop app over the stand-in, or over Electron where there is one. */
export function startDesktop({ dataDir, app, args = [], env = {} }: StartOptions): Promise<Desktop> {
  builtCommand()
  return launchDesktop({ dataDir, args, env: { KEELSON_TRAY: 'yes', ...env }, ...(app === undefined ? {} : { app }) })
}

/** When the page of the first window began to load and when it had been read, in milliseconds of the wall clock. */
export async function pageTimes(desktop: Desktop): Promise<{ readonly opened: number; readonly read: number }> {
  const page = await desktop.window()
  const told = await page.evaluate(() => JSON.stringify({ opened: performance.timeOrigin, timing: performance.toJSON() as unknown }))
  const { opened, timing } = JSON.parse(told) as { opened: number; timing: { timing: { domInteractive: number } } }
  return { opened, read: timing.timing.domInteractive }
}

/** Closes the window, which asks once, and waits until it is gone. */
export async function hideInTray(desktop: Desktop): Promise<void> {
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await desktop.closeWindow()
  while ((await desktop.windows()) > 0) await sleep(50)
}

/** A process and all it started, by their ids, with their command lines. */
export function family(root: number): { readonly pid: number; readonly command: string }[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    const stat = textOf(`/proc/${name}/stat`)
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const isOurs = (pid: number | undefined): boolean => pid !== undefined && pid > 1 && (pid === root || isOurs(parents.get(pid)))
  return [...parents.keys()].filter(isOurs).map(pid => ({ pid, command: textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }))
}

/** Memory of processes in kilobytes; what several share counts once. */
export function memoryOf(pids: readonly number[]): number {
  const one = (pid: number): number => Number(/^Pss:\s*(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
  return pids.reduce((sum, pid) => sum + one(pid), 0)
}

/** A process that ends meanwhile has nothing more to say. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
