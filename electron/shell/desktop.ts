import type { DesktopChange, DesktopStatus } from '../../shared/contract/desktop.ts'
import type { Desktop } from '../core/ports.ts'
import type { CrashWatch } from './crash-watch.ts'
import type { DesktopFile } from './desktop-file.ts'
import { createHandPace } from './hand-pace.ts'
import type { LoginItem } from './login-item.ts'
import type { Shortcut } from './shortcut.ts'
import type { Updates } from './updates/create-updates.ts'

export interface DesktopDeps extends Pick<Desktop, 'saveFile' | 'openFiles' | 'showDataFolder' | 'restart'> {
  readonly platform: NodeJS.Platform
  readonly file: DesktopFile
  readonly login: LoginItem
  readonly shortcut: Shortcut
  readonly can: { readonly tray: () => boolean; readonly shortcut: boolean; readonly notifications: () => boolean }
  readonly crashes: Pick<CrashWatch, 'crashes' | 'isSafeMode'>
  readonly updates: Pick<Updates, 'view' | 'onChange' | 'check' | 'install'>
  readonly versions: () => DesktopStatus['versions']
}

const PLATFORMS: Partial<Record<NodeJS.Platform, DesktopStatus['platform']>> = { darwin: 'macos', win32: 'windows', linux: 'linux' }

/** The desktop around the windows, as routes `desktop.*` and `updates.*` ask for it. */
export function createDesktop(deps: DesktopDeps): Desktop {
  const { file, login, shortcut, updates, crashes, can } = deps
  const listeners = new Set<() => void>()
  const pace = createHandPace()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  updates.onChange(tell)

  function status(): DesktopStatus {
    const { onClose, shortcut: keys, checkForUpdates } = file.read()
    return {
      here: true,
      platform: PLATFORMS[deps.platform] ?? 'other',
      settings: { onClose, startAtLogin: login.isOn(), shortcut: keys, checkForUpdates },
      can: { tray: can.tray(), startAtLogin: login.can, shortcut: can.shortcut, notifications: can.notifications() },
      safeMode: crashes.isSafeMode ? { crashes: crashes.crashes } : null,
      update: updates.view(),
      versions: deps.versions(),
    }
  }

  /** All of a change or nothing of it: what was done is undone when a later step is refused. */
  function apply({ startAtLogin, shortcut: keys, onClose, checkForUpdates }: DesktopChange): void {
    const before = { keys: file.read().shortcut, startAtLogin: login.isOn() }
    const undo: (() => void)[] = []
    try {
      if (keys !== undefined) {
        shortcut.use(keys)
        undo.push(() => shortcut.use(before.keys))
      }
      if (startAtLogin !== undefined && startAtLogin !== before.startAtLogin) {
        login.set(startAtLogin)
        undo.push(() => login.set(before.startAtLogin))
      }
      const kept = {
        ...(keys === undefined ? {} : { shortcut: keys }),
        ...(onClose === undefined ? {} : { onClose }),
        ...(checkForUpdates === undefined ? {} : { checkForUpdates }),
      }
      if (Object.keys(kept).length > 0) file.keep(kept)
    } catch (cause) {
      for (const step of undo.toReversed()) attempt(step)
      throw cause
    }
  }

  return {
    status,
    // A promise in any case, so that what is refused rejects.
    async set(change) {
      apply(change)
      tell()
      return Promise.resolve(status())
    },
    onChange(run) {
      const listener = (): void => run()
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    saveFile: deps.saveFile,
    openFiles: deps.openFiles,
    // A page could fill the screen with folders.
    showDataFolder: () => (pace.isTooFast() ? Promise.resolve() : deps.showDataFolder()),
    restart: deps.restart,
    checkForUpdates: () => updates.check(),
    installUpdate: () => updates.install(),
  }
}

function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // What cannot be undone shows in the status.
  }
}
