import path from 'node:path'
import { app, globalShortcut, Menu, powerMonitor, protocol, screen, session, shell } from 'electron'
import { AppError, toErrorView } from '../../shared/contract/errors.ts'
import type { Screen } from '../../shared/contract/screens.ts'
import type { Layout } from '../node/layout.ts'
import { createRandom } from '../node/random.ts'
import { listStaticFiles } from '../node/static-files.ts'
import type { Base } from './base.ts'
import { createDeeds, type Deed } from './deeds.ts'
import { guardSession } from './guard.ts'
import type { Leaving } from './leaving.ts'
import type { Life, Screens } from './life.ts'
import type { Links } from './links.ts'
import { type ApplicationMenu, createMenu } from './menu.ts'
import { createNativeLogin, relaunch, startProgram } from './native-login.ts'
import { createNativeNotifications } from './native-notifications.ts'
import { showTasks } from './native-tasks.ts'
import { startTray, type TrayHandle } from './native-tray.ts'
import { APP_SCHEME } from './origin.ts'
import { listenPower } from './outside.ts'
import { createPageHandler } from './protocol.ts'
import { createShortcut, type Shortcut } from './shortcut.ts'
import type { Started } from './start-core.ts'
import { createTrayPlace } from './tray-place.ts'
import { createWindows, type Windows } from './windows.ts'
import { nextZoom, type Zoom } from './zoom.ts'

export interface BootDeps {
  readonly base: Base
  readonly layout: Layout
  readonly links: Links
  readonly leaving: Leaving
  readonly started: PromiseWithResolvers<Started>
  /** Whether the desktop shows tray icons now. */
  readonly hasTrayPlace: () => Promise<boolean>
  /** The data folder, when it is not the usual one. */
  readonly ownDataDir: string | null
  /** Started by the system, at a login: without a window. */
  readonly isHidden: boolean
  /** The screen a link asks for that the app was started with. */
  readonly first: Screen | null
  /** Called as soon as there is a way to the window. */
  readonly onScreens: (screens: Screens) => void
}

/** Starts the app once Electron is ready: first the window, then what is behind it. Rejects when the core does not open. */
export async function boot(deps: BootDeps): Promise<void> {
  const { base, layout, leaving, started } = deps
  await guardSession(session.defaultSession, { devTools: !app.isPackaged })
  protocol.handle(APP_SCHEME, createPageHandler(listStaticFiles(layout.rendererDir)))
  let menu: ApplicationMenu | null = null
  const windows: Windows = createWindows({
    base,
    layout,
    leaving,
    started: started.promise,
    hasTray: () => place.isThere(),
    onZoom: () => menu?.zoomed(),
    // A desktop may lose its tray while we run, and the app with it.
    onGone: () => void place.look().then(life.showHidden),
  })
  const { life, zoom } = windows
  const ask = askLater(started.promise)
  const run = createDeeds({
    ask,
    screens: life,
    zoom: zoom.change,
    showDataFolder: () => void shell.openPath(base.dataDir),
    quit: leaving.quit,
  })
  const place = createTrayPlace({ ask: deps.hasTrayPlace, open: () => openTray(deps, run), after: base.clock.after })
  // A window can end the app as it opens.
  base.crashes.began()
  // What asked for the window before there was one asks again now.
  if (!deps.isHidden) life.show(deps.first ?? undefined)
  deps.onScreens(life)
  menu = showMenu(base, zoom, run)
  showTasks(run, startProgram(process.env, process.execPath), deps.ownDataDir)
  // Not awaited: a desktop that is slow to answer holds up nothing else.
  void (deps.isHidden ? place.wait().then(life.showHidden) : place.look())
  listenPower({
    power: powerMonitor,
    onLockScreen: () => void ask('lock.now', {}),
    onReturn: () => place.tray()?.look(),
    onShutdown: leaving.sessionEnds,
  })
  screen.on('display-removed', life.displaysChanged)
  screen.on('display-metrics-changed', life.displaysChanged)
  const opened = await openCore(deps, windows, ask, place.isThere)
  await menu.follow({ ask, subscribe: opened.core.subscribe })
}

/** The tray's icon, which tells of the core as soon as that is open. */
function openTray({ base, layout, started }: BootDeps, run: (deed: Deed) => void): TrayHandle | null {
  const tray = startTray({ base, folder: path.join(layout.root, 'resources/tray'), run })
  if (tray) started.promise.then(tray.follow, () => undefined)
  return tray
}

function showMenu({ crashes }: Base, zoom: Zoom, run: (deed: Deed) => void): ApplicationMenu {
  const can = (change: 'in' | 'out' | 'reset'): boolean => nextZoom(zoom.factor(), change) !== zoom.factor()
  return createMenu({
    platform: process.platform,
    isDevelopment: !app.isPackaged,
    isSafeMode: crashes.isSafeMode,
    canZoom: () => ({ in: can('in'), out: can('out'), reset: can('reset') }),
    run,
    set: template => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
  })
}

/** Asks a core that may still be opening. One that does not open ends the app, so nobody waits for its answer. */
function askLater(started: Promise<Started>): Started['ask'] {
  return async (route, input) => {
    const opened = await started.catch(() => null)
    return opened ? opened.ask(route, input) : { ok: false, error: toErrorView(new AppError('app/internal')) }
  }
}

/** Reads the core while the window is drawn, and opens it. */
async function openCore(deps: BootDeps, { life, badge }: Windows, ask: Started['ask'], hasTray: () => boolean): Promise<Started> {
  const { base, layout, links, leaving, started } = deps
  const notify = createNativeNotifications({ screens: life, ask, badge: badge.set, log: base.log })
  const host = {
    ...base,
    leaving,
    hasTray,
    login: createNativeLogin(deps.ownDataDir),
    shortcut: registerShortcut(base, life),
    canShortcut: !isWayland(process.env),
    window: life.window,
    restart: () => relaunch(leaving.quit),
    random: createRandom(),
    log: base.sink,
  }
  try {
    const { startCore } = await import('./start-core.ts')
    const opened = await startCore({ host, layout, links, notify })
    started.resolve(opened)
    return opened
  } catch (cause) {
    started.reject(cause)
    throw cause
  }
}

/** Wayland lets no program listen to keys meant for others. */
function isWayland(env: Readonly<Record<string, string | undefined>>): boolean {
  return process.platform === 'linux' && env['XDG_SESSION_TYPE'] === 'wayland'
}

function registerShortcut({ file, log }: Base, life: Life<Electron.BrowserWindow>): Shortcut {
  const shortcut = createShortcut(globalShortcut, () => life.show())
  try {
    shortcut.use(file.read().shortcut)
  } catch (cause) {
    // Another program has it now; the settings offer another.
    log.warn('shell.shortcut-taken', { cause })
  }
  return shortcut
}
