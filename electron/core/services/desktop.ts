import type { DesktopStatus } from '../../../shared/contract/desktop.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Desktop } from '../ports.ts'

type DesktopHandlers = Pick<
  Handlers,
  | 'desktop.status' | 'desktop.set' | 'desktop.saveFile' | 'desktop.openFiles' | 'desktop.showDataFolder' | 'desktop.restart'
  | 'updates.check' | 'updates.install'
>

const NOT_HERE: DesktopStatus = {
  here: false,
  platform: 'other',
  settings: { onClose: 'ask', startAtLogin: false, shortcut: null, checkForUpdates: false },
  can: { tray: false, startAtLogin: false, shortcut: false, notifications: false },
  safeMode: null,
  update: { state: 'off', version: null, notes: '', progress: null, checkedAt: null, trouble: null },
  versions: [],
}

export interface DesktopServiceDeps {
  readonly desktop: Desktop | undefined
  readonly emit: (event: NewEvent) => void
  /** The version of the database, which no host knows. */
  readonly sqlite: string
}

/** Hands what a window asks of the desktop on to the host; a host without one says so. */
export function createDesktop({ desktop, emit, sqlite }: DesktopServiceDeps) {
  const complete = (status: DesktopStatus): DesktopStatus => ({ ...status, versions: [...status.versions, { name: 'SQLite', version: sqlite }] })
  function here(): Desktop {
    if (!desktop) throw new AppError('desktop/not-here')
    return desktop
  }
  const handlers: DesktopHandlers = {
    'desktop.status': () => (desktop ? complete(desktop.status()) : NOT_HERE),
    'desktop.set': async change => complete(await here().set(change)),
    'desktop.saveFile': file => here().saveFile(file),
    'desktop.openFiles': async () => {
      const files = await here().openFiles()
      return { files: files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })) }
    },
    'desktop.showDataFolder': async () => {
      await here().showDataFolder()
      return {}
    },
    'desktop.restart': async () => {
      await here().restart()
      return {}
    },
    'updates.check': () => here().checkForUpdates(),
    'updates.install': async () => {
      await here().installUpdate()
      return {}
    },
  }
  return { handlers, stop: desktop?.onChange(() => emit({ type: 'desktop.changed' })) ?? (() => undefined) }
}
