import { runInThisContext } from 'node:vm'
import { closeChromium } from './chromium.ts'
import * as log from './log.ts'
import { store } from './safe-storage.ts'
import { plug as plugScreens } from './screen.ts'
import { press } from './global-shortcut.ts'
import { checkPermission, defaultSession, requestPermission } from './session.ts'
import { BrowserWindow, endpoint } from './windows.ts'

/** What tests find as `globalThis.standin` in the main process: the computer around the app. */
export const standin = {
  log: log.entries,
  pageErrors: log.pageErrors,
  consoleLines: log.consoleLines,
  blockedRequests: log.blockedRequests,
  preloads: log.preloads,
  store,
  plugScreens,
  press,
  requestPermission,
  checkPermission,
  session: defaultSession,
  targets: BrowserWindow.targets,
}
export type Standin = typeof standin

interface Ask {
  readonly id: number
  readonly fn: string
  readonly arg: unknown
  /** What the function is given first. */
  readonly of: 'electron' | 'standin'
}

/** Lets the process that started this one run functions in here, as Playwright does with a real Electron. */
export async function listen(): Promise<void> {
  Object.assign(globalThis, { standin })
  if (!process.send) return
  const electron = await import('./electron.ts')
  const say = (message: object): void => void process.send?.(message)
  process.on('message', (message: Ask | { kind: 'endpoint' }) => {
    if ('kind' in message) void endpoint().then(address => say({ kind: 'endpoint', address }))
    else void run(message, message.of === 'standin' ? standin : electron.default).then(say)
  })
  // Whoever started this is gone: so is this.
  process.once('disconnect', () => void closeChromium().finally(() => process.exit(1)))
  say({ kind: 'started' })
}

async function run({ id, fn, arg }: Ask, of: unknown): Promise<object> {
  try {
    // The text is a function of a test, which runs here as it would in Electron.
    const call = runInThisContext(`(${fn})`) as (of: unknown, arg: unknown) => unknown
    return { kind: 'answer', id, ok: true, value: await call(of, arg) }
  } catch (cause) {
    return { kind: 'answer', id, ok: false, value: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }
  }
}
