import path from 'node:path'
import { app, dialog, protocol, shell } from 'electron'
import { resolveDataDir } from '../node/data-dir.ts'
import { CHARTS_PAGE } from '../../shared/words/charts.ts'
import { layoutAround } from '../node/layout.ts'
import { hasStatusNotifier } from '../node/status-notifier.ts'
import { openBase } from './base.ts'
import { boot } from './boot.ts'
import { linkAmong } from './deep-link.ts'
import { createFatal } from './fatal.ts'
import { guardApp } from './guard.ts'
import { createLeaving } from './leaving.ts'
import type { Screens } from './life.ts'
import { createLinks } from './links.ts'
import { HIDDEN_FLAG } from './login-item.ts'
import { relaunch } from './native-login.ts'
import { APP_SCHEME } from './origin.ts'
import { listenOutside } from './outside.ts'
import type { Started } from './start-core.ts'
import { refuseSwitches } from './switches.ts'

const APP_ID = 'app.keelson.desktop'

interface Place {
  readonly dataDir: string
  readonly isOwn: boolean
}

function prepare(): Place {
  app.setName('Keelson')
  if (process.platform === 'win32') app.setAppUserModelId(APP_ID)
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
  const dataDir = resolveDataDir({ flag: app.commandLine.getSwitchValue('data-dir'), env: process.env })
  // Chromium's own files stay apart from the user's data, and the single-instance lock below follows the folder.
  app.setPath('userData', path.join(dataDir, 'desktop'))
  return { dataDir, isOwn: dataDir !== resolveDataDir({ env: {} }) }
}

function start({ dataDir, isOwn }: Place): void {
  const base = openBase(dataDir)
  const { crashes, clock, log } = base
  // A graphics driver that ends the app would do so at every start.
  if (crashes.isSafeMode) app.disableHardwareAcceleration()
  const started = Promise.withResolvers<Started>()
  started.promise.catch(() => undefined)
  const screens = Promise.withResolvers<Screens>()
  const leaving = createLeaving({
    app,
    drain: async () => (await started.promise).stop(),
    after: clock.after,
    onEnd: crashes.ended,
    log: log.warn,
  })
  const fatal = createFatal({
    log: log.error,
    explain: (title, text) => dialog.showErrorBox(title, text),
    write: text => void process.stderr.write(text),
    drain: leaving.drain,
    exit: code => app.exit(code),
  })
  process.on('uncaughtException', cause => void fatal.unhandled(cause))
  process.on('unhandledRejection', cause => void fatal.unhandled(cause))
  const links = createLinks({
    open: url => shell.openExternal(url),
    hosts: async () => (await import('../core/brokers/pages.ts')).brokerHosts(),
    pages: new Set([CHARTS_PAGE]),
  })
  guardApp(app, url => void links.fromWindow(url))
  listenOutside({ app, ready: screens.promise, isLeaving: leaving.isLeaving, startAgain: () => relaunch(() => undefined) })
  // Without this the app would end with its last window; it lives on in the tray.
  app.on('window-all-closed', () => undefined)
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) =>
    log.warn('shell.process-gone', { type, reason, exitCode, name }),
  )
  // Not awaited here: Electron is ready only after this file has run to its end.
  app
    .whenReady()
    .then(() => {
      // Chromium takes the signals for itself on its way here.
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leaving.sessionEnds)
      return boot({
        base,
        links,
        leaving,
        started,
        hasTrayPlace: () => (process.platform === 'linux' ? hasStatusNotifier(process.env) : Promise.resolve(true)),
        layout: layoutAround(import.meta.filename),
        ownDataDir: isOwn ? dataDir : null,
        first: linkAmong(process.argv),
        isHidden: !crashes.isSafeMode && linkAmong(process.argv) === null && wasStartedHidden(),
        onScreens: screens.resolve,
      })
    })
    .catch((cause: unknown) => {
      if (fatal.cannotStart(cause).isExpected) crashes.ended()
      app.exit(1)
    })
}

/** True when the system started the app at a login. macOS says so itself. */
function wasStartedHidden(): boolean {
  return process.argv.includes(HIDDEN_FLAG) || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin)
}

/** Ends an installed copy that was started without what protects it. */
function refuseWithoutWalls(): void {
  const missing = app.isPackaged ? refuseSwitches(app.commandLine) : null
  if (missing === null) return
  const text = `Keelson does not run with --${missing}. Start it without; where the system keeps apps from a sandbox of their own, install the deb or rpm package.`
  process.stderr.write(`${text}\n`)
  dialog.showErrorBox('Keelson could not start', text)
  process.exit(1)
}

refuseWithoutWalls()
const place = prepare()
if (app.requestSingleInstanceLock()) start(place)
else app.quit()
