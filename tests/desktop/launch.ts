import type { Page } from 'playwright/test'
import type { Desktop, DesktopOptions, Host } from './desktop.ts'
import { electronBinary, startElectron } from './electron-host.ts'
import type { Desk } from './recorder.ts'
import { startStandin } from './standin-host.ts'

export type { Computer, Desktop, DesktopOptions } from './desktop.ts'

const BLANK: ReadonlySet<string> = new Set(['', 'about:blank'])
const LOOK_MS = 25
const WINDOW_MS = 20_000
const CLOSE_MS = 10_000

/** Whether specs run over a real Electron. KEELSON_REQUIRE_ELECTRON=1 makes a missing one a failure. */
export const isRealElectron = electronBinary() !== undefined

/** Starts the built app: over a real Electron where there is a binary, else over the stand-in. */
export async function launchDesktop(given: DesktopOptions): Promise<Desktop> {
  // No desktop of a test machine shows tray icons, so the app is told whether there is one.
  const options = { ...given, env: { KEELSON_TRAY: given.computer?.hasTray === false ? 'no' : 'yes', ...given.env } }
  const binary = electronBinary()
  return desktopOver(binary === undefined ? await startStandin(options) : await startElectron(binary, options), options.dataDir)
}

/** A user in front of a running app. */
export function desktopOver(host: Host, dataDir: string): Desktop {
  const { evaluate } = host
  type Named = { [K in keyof Desk]: Desk[K] extends (...args: never[]) => unknown ? K : never }[keyof Desk]
  /** Calls a function of the recorder. */
  const desk = <R>(name: Named, ...args: readonly unknown[]): Promise<R> =>
    evaluate(
      (_electron, call) => {
        const { desk: kept } = globalThis as unknown as { desk: Record<string, (...args: readonly unknown[]) => unknown> }
        return kept[call.name]?.(...call.args) as R
      },
      { name, args },
    )
  return {
    kind: host.kind,
    pid: host.pid,
    evaluate,
    computer: host.computer,
    startAgain: host.startAgain,
    exited: host.exited,
    output: host.output,
    relaunchArgs: () => relaunchArgs(host.output()),
    dataDir,
    window: () => firstWindow(host),
    windows: () => evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    focused: () => evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some(window => window.isVisible() && window.isFocused())),
    closeWindow: () => evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.close()),
    tray: {
      items: () => desk('trayItems'),
      toolTip: () => desk('trayToolTip'),
      click: label => desk('clickTray', label),
      press: () => desk('pressTray'),
    },
    menu: { items: () => desk('menuItems'), click: label => desk('clickMenu', label) },
    notifications: {
      shown: () => desk('shownNotifications'),
      everShown: () => desk('everShownNotifications'),
      click: title => desk('useNotification', { title, action: null }),
      act: (title, action) => desk('useNotification', { title, action }),
    },
    dialogs: { asked: () => desk('questions'), answer: (kind, answer) => desk('answer', kind, answer) },
    opened: () => evaluate(() => (globalThis as unknown as { desk: Desk }).desk.opened),
    power: event => evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event),
    quit: () => quit(host),
    async kill() {
      await host.kill()
      await host.release()
    },
    async close() {
      await quit(host, CLOSE_MS)
    },
  }
}

/** What the recorder wrote when the app asked to be started again. */
function relaunchArgs(output: string): readonly string[] | null {
  const text = /\[desk\] relaunch (\[.*\])/.exec(output)?.[1]
  return text === undefined ? null : (JSON.parse(text) as string[])
}

async function firstWindow(host: Host): Promise<Page> {
  const until = Date.now() + WINDOW_MS
  while (Date.now() < until) {
    const page = await host.page()
    // A page is there before anything is in it.
    if (page && !BLANK.has(page.url())) {
      await page.waitForLoadState('domcontentloaded')
      return page
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  throw new Error(`there is no window\n${host.output()}`)
}

async function quit(host: Host, limitMs?: number): Promise<number | null> {
  // The answer may be lost with the process.
  host.evaluate(({ app }) => app.quit()).catch(() => undefined)
  const timer = limitMs === undefined ? undefined : setTimeout(() => void host.kill(), limitMs)
  const code = await host.exited
  clearTimeout(timer)
  await host.release()
  return code
}
