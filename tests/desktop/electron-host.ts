import { spawn } from 'node:child_process'
import path from 'node:path'
import { _electron } from 'playwright/test'
import { findElectron } from '../../electron/launch/electron-binary.ts'
import type { DesktopOptions, Host, Main } from './desktop.ts'
import { recorderScript } from './recorder-script.ts'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * The Electron of this checkout, if its binary is there. The package itself is never asked: it would download one. With
 * KEELSON_REQUIRE_ELECTRON=1 it has to be there.
 */
export function electronBinary(): string | undefined {
  const binary = findElectron(root, process.env)
  if (binary === undefined && process.env['KEELSON_REQUIRE_ELECTRON'] === '1')
    throw new Error('KEELSON_REQUIRE_ELECTRON is set and there is no Electron binary')
  return binary
}

/** Starts the built app in a real Electron. */
export async function startElectron(executablePath: string, options: DesktopOptions): Promise<Host> {
  const { dataDir, env = {}, app = process.env['KEELSON_DESKTOP_APP'] ?? root } = options
  if (options.isPackaged === true) throw new Error('a packaged app is started by itself, not by a test: its fuses keep tests out')
  const argsOf = (more: readonly string[] = []): string[] => [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '-r',
    recorderScript(),
    app,
    `--data-dir=${dataDir}`,
    ...more,
  ]
  const settings = { ...process.env, XDG_CONFIG_HOME: path.join(dataDir, 'home/config'), ...env }
  const known = Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined))
  const running = await _electron.launch({ executablePath, args: argsOf(options.args), env: known })
  const child = running.process()
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => output.push(part.toString('utf8')))
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  return {
    kind: 'electron',
    pid: child.pid ?? 0,
    exited,
    evaluate: <R, A>(fn: (electron: Main, arg: A) => R | Promise<R>, arg?: A) => running.evaluate(fn as never, arg as never) as Promise<R>,
    computer: () => Promise.reject(new Error('a real computer cannot be told what to be')),
    async page() {
      for (const page of running.windows().toReversed()) {
        const isOpen = running
          .browserWindow(page)
          .then(window => window.evaluate((one: Electron.BrowserWindow | null) => one?.isDestroyed() === false))
        // One that is going has no window any more.
        if (await isOpen.catch(() => false)) return page
      }
      return undefined
    },
    startAgain: more =>
      new Promise((resolve, reject) => {
        const again = spawn(executablePath, argsOf(more), { env: known, stdio: 'ignore' })
        again.once('error', reject).once('exit', resolve)
      }),
    output: () => output.join(''),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    release: () => Promise.resolve(),
  }
}
