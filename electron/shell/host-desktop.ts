import { app, dialog, Notification, shell } from 'electron'
import type { Clock, Consent, Desktop, LogSink, Random } from '../core/ports.ts'
import { versions } from './about.ts'
import { createConsent } from './consent.ts'
import type { CrashWatch } from './crash-watch.ts'
import { createDesktop } from './desktop.ts'
import type { DesktopFile } from './desktop-file.ts'
import { createDialogs, type FileQuestions } from './dialogs.ts'
import type { Leaving } from './leaving.ts'
import type { LoginItem } from './login-item.ts'
import { relaunch } from './native-login.ts'
import type { Shortcut } from './shortcut.ts'
import { builtInKeys } from './updates/keys.ts'
import { createUpdates, type Updates } from './updates/create-updates.ts'

/** What the shell has made of the desktop by the time the core starts. */
export interface DesktopHost {
  readonly dataDir: string
  readonly file: DesktopFile
  readonly login: LoginItem
  readonly shortcut: Shortcut
  readonly crashes: CrashWatch
  readonly leaving: Leaving
  readonly hasTray: () => boolean
  readonly canShortcut: boolean
  readonly window: () => Electron.BrowserWindow | null
  /** Ends the app in order and starts it again, as it is started by hand. */
  readonly restart: () => void
  readonly clock: Clock
  readonly random: Random
  readonly log: LogSink
}

/** The desktop as the core's routes use it, with the updates behind it. */
export function createHostDesktop(host: DesktopHost): { readonly desktop: Desktop; readonly consent: Consent; readonly updates: Updates } {
  const { dataDir, file, login, shortcut, crashes } = host
  const updates = createHostUpdates(host)
  const dialogs = createDialogs({
    questions: fileQuestions(host.window),
    folders: {
      read: use => file.read().folders[use] || undefined,
      write: (use, folder) => file.remember({ folders: { ...file.read().folders, [use]: folder } }),
    },
    beginAt: app.getPath('downloads'),
  })
  const desktop = createDesktop({
    platform: process.platform,
    file,
    login,
    shortcut,
    crashes,
    updates,
    ...dialogs,
    can: { tray: host.hasTray, shortcut: host.canShortcut, notifications: () => Notification.isSupported() },
    versions: () => versions(app.getVersion(), process.versions),
    async showDataFolder() {
      await shell.openPath(dataDir)
    },
    restart() {
      // The answer to whoever asked goes out first.
      setImmediate(host.restart)
      return Promise.resolve()
    },
  })
  const consent = createConsent({
    show(box) {
      const over = host.window()
      return over ? dialog.showMessageBox(over, box) : dialog.showMessageBox(box)
    },
  })
  return { desktop, consent, updates }
}

function createHostUpdates({ dataDir, clock, random, log, crashes, file, leaving }: DesktopHost): Updates {
  const { platform, arch, execPath, env, resourcesPath } = process
  return createUpdates({
    copy: { version: app.getVersion(), platform, arch, isPackaged: app.isPackaged, resourcesPath, execPath, env },
    keys: builtInKeys(),
    folder: `${dataDir}/desktop`,
    clock,
    random,
    log,
    isSafeMode: crashes.isSafeMode,
    isWanted: () => file.read().checkForUpdates,
    ending: {
      async drain() {
        await leaving.drain()
        crashes.ended()
        app.releaseSingleInstanceLock()
      },
      exit: () => app.exit(0),
      relaunch: () => relaunch(() => app.exit(0)),
    },
  })
}

function fileQuestions(window: DesktopHost['window']): FileQuestions {
  return {
    save(question) {
      const over = window()
      return over ? dialog.showSaveDialog(over, question) : dialog.showSaveDialog(question)
    },
    open(question) {
      const over = window()
      return over ? dialog.showOpenDialog(over, question) : dialog.showOpenDialog(question)
    },
  }
}
