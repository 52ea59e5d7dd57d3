import path from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { readScreen, screenHash } from '../../shared/contract/screens.ts'
import { Instant } from '../../shared/domain/time.ts'
import { readIfThere, writePrivateFile } from '../node/private-file.ts'
import type { CrashMarks } from './crash-watch.ts'
import type { Theme } from './ground.ts'
import type { Bounds, WindowState } from './window-state.ts'

/** What the desktop remembers outside the database, because it is needed before that is open or while it cannot be opened. No secrets. */
export interface DesktopMemory {
  readonly onClose: 'ask' | 'tray' | 'quit'
  readonly shortcut: string | null
  readonly checkForUpdates: boolean
  /** The theme the user chose; null while the pages follow the system. */
  readonly theme: Theme | null
  /** How large the window shows everything; 1 is 100 %. */
  readonly zoom: number
  /** Where the user saved to and took from last; empty for nowhere yet. */
  readonly folders: { readonly save: string; readonly open: string }
  readonly window: WindowState | null
  /** The fragment of the screen shown last, such as `#/health`; empty for none. */
  readonly screen: string
  readonly crashes: CrashMarks
}

/** Keeps it in `desktop.json`. What could not be read counts as never said. */
export interface DesktopFile {
  read(): DesktopMemory
  /** Saves what the user asked for. Throws app/disk-full or app/file-unwritable; then nothing is changed. */
  keep(change: Partial<DesktopMemory>): void
  /** Saves what may be lost: a failure is told to `onTrouble` and what was said holds until the end of this run. */
  remember(change: Partial<DesktopMemory>): void
}

export interface DesktopFileDeps {
  readonly folder: string
  /** Hears of each failure, in a word and with its cause. */
  readonly onTrouble: (what: 'unreadable' | 'damaged' | 'unwritable', cause: unknown) => void
  readonly write?: (file: string, text: string) => void
}

const NOTHING: DesktopMemory = {
  onClose: 'ask',
  shortcut: null,
  checkForUpdates: true,
  theme: null,
  zoom: 1,
  folders: { save: '', open: '' },
  window: null,
  screen: '',
  crashes: { running: null, ends: [] },
}
const FARTHEST = 100_000
const MOST_MARKS = 10

/** Opens `desktop.json` in a folder. It is read once; this process is the only one that writes it. */
export function openDesktopFile({ folder, onTrouble, write = writePrivateFile }: DesktopFileDeps): DesktopFile {
  const file = path.join(folder, 'desktop.json')
  let memory = readMemory(load())

  function load(): unknown {
    let text: string | null = null
    try {
      text = readIfThere(file)
    } catch (cause) {
      onTrouble('unreadable', cause)
    }
    try {
      return text === null ? {} : JSON.parse(text)
    } catch (cause) {
      onTrouble('damaged', cause)
      return {}
    }
  }

  const save = (next: DesktopMemory): void => write(file, `${JSON.stringify({ version: 1, ...next }, null, 2)}\n`)

  return {
    read: () => memory,
    keep(change) {
      const next = { ...memory, ...change }
      try {
        save(next)
      } catch (cause) {
        onTrouble('unwritable', cause)
        throw unwritable(cause)
      }
      memory = next
    },
    remember(change) {
      memory = { ...memory, ...change }
      try {
        save(memory)
      } catch (cause) {
        onTrouble('unwritable', cause)
      }
    },
  }
}

function unwritable(cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('app/disk-full', { cause })
  return new AppError('app/file-unwritable', { details: { file: 'desktop.json', reason: code }, cause })
}

/** Field by field: one that is not understood is as if never said, and hides no other. */
function readMemory(found: unknown): DesktopMemory {
  const [onClose, shortcut, checks, zoom, screen, theme] = ['onClose', 'shortcut', 'checkForUpdates', 'zoom', 'screen', 'theme'].map(name =>
    fieldOf(found, name),
  )
  return {
    onClose: onClose === 'tray' || onClose === 'quit' ? onClose : NOTHING.onClose,
    shortcut: typeof shortcut === 'string' && shortcut.length <= 64 ? shortcut : NOTHING.shortcut,
    checkForUpdates: typeof checks === 'boolean' ? checks : NOTHING.checkForUpdates,
    theme: theme === 'light' || theme === 'dark' ? theme : NOTHING.theme,
    zoom: isWithin(zoom, 10) && zoom > 0 ? zoom : NOTHING.zoom,
    folders: readFolders(fieldOf(found, 'folders')),
    window: readWindow(fieldOf(found, 'window')),
    screen: readPlace(screen),
    crashes: readMarks(fieldOf(found, 'crashes')),
  }
}

function readFolders(found: unknown): DesktopMemory['folders'] {
  const [save, open] = [fieldOf(found, 'save'), fieldOf(found, 'open')]
  return { save: typeof save === 'string' ? save : '', open: typeof open === 'string' ? open : '' }
}

/** A page of the window and nothing it would open with: anything else would be no address of ours. */
function readPlace(found: unknown): string {
  const screen = typeof found === 'string' ? readScreen(found) : null
  return screen ? screenHash({ page: screen.page }) : NOTHING.screen
}

function readWindow(found: unknown): WindowState | null {
  const bounds = readBounds(fieldOf(found, 'bounds'))
  return bounds && { bounds, maximized: fieldOf(found, 'maximized') === true, fullScreen: fieldOf(found, 'fullScreen') === true }
}

function readBounds(found: unknown): Bounds | null {
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map(name => fieldOf(found, name))
  if (!isWithin(x, FARTHEST) || !isWithin(y, FARTHEST) || !isWithin(width, FARTHEST) || !isWithin(height, FARTHEST)) return null
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

function readMarks(found: unknown): CrashMarks {
  const running = fieldOf(found, 'running')
  const ends = fieldOf(found, 'ends')
  const list: unknown[] = Array.isArray(ends) ? ends : []
  return { running: isInstant(running) ? running : null, ends: list.filter(isInstant).slice(-MOST_MARKS) }
}

function isInstant(value: unknown): value is Instant {
  return typeof value === 'string' && Instant.is(value)
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= most
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
