import type { Page, Screen } from '../../shared/contract/screens.ts'
import type { ZoomChange } from './zoom.ts'

/** What a menu depends on. */
export interface MenuFacts {
  readonly platform: NodeJS.Platform
  /** A copy a developer runs from its sources. */
  readonly isDevelopment: boolean
  readonly lock: 'none' | 'open' | 'closed'
  readonly paused: boolean
  /** Nothing runs in the background, so there is nothing to pause. */
  readonly isSafeMode: boolean
  readonly canZoom: Readonly<Record<ZoomChange, boolean>>
}

/** What an item of Keelson's own does. */
export type MenuDeed =
  | { readonly do: 'show'; readonly screen: Screen }
  | { readonly do: 'sync' }
  | { readonly do: 'pause'; readonly paused: boolean }
  | { readonly do: 'lock' }
  | { readonly do: 'kill' }
  | { readonly do: 'zoom'; readonly change: ZoomChange }
  | { readonly do: 'show-data-folder' }
  | { readonly do: 'check-for-updates' }

/** What the system or Chromium does by itself. */
export type MenuRole =
  | 'services'
  | 'hide'
  | 'hideOthers'
  | 'unhide'
  | 'quit'
  | 'close'
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'delete'
  | 'selectAll'
  | 'togglefullscreen'
  | 'toggleDevTools'
  | 'minimize'
  | 'zoom'
  | 'front'

interface Shown {
  /** As Windows and Linux write it: `&` is before the letter that opens an item by keyboard. */
  readonly label: string
  /** Keys, as Electron writes them. */
  readonly keys?: string
}

export interface DeedItem extends Shown {
  readonly kind: 'deed'
  readonly deed: MenuDeed
  readonly enabled: boolean
  /** The window listens for these keys itself; the menu only shows them. */
  readonly keysAreTheWindows?: boolean
  /** Only there for its keys. */
  readonly hidden?: boolean
}

export interface RoleItem extends Partial<Shown> {
  readonly kind: 'role'
  readonly role: MenuRole
}

export type MenuItem = DeedItem | RoleItem | { readonly kind: 'line' }

export interface Menu {
  readonly label: string
  /** Set where the system adds to a menu of its own, such as the open windows on macOS. */
  readonly role?: 'window' | 'help'
  readonly items: readonly MenuItem[]
}

const LINE = { kind: 'line' } as const

/** The pages in the order of the window's rail. */
const PAGE_ITEMS: readonly (readonly [Page, string])[] = [
  ['overview', '&Overview'],
  ['positions', '&Positions'],
  ['performance', 'Pe&rformance'],
  ['history', '&History'],
  ['orders', 'Or&ders'],
  ['journal', '&Journal'],
  ['watchlist', '&Watchlist'],
  ['brokers', '&Brokers'],
  ['import', '&Import'],
  ['health', 'H&ealth'],
]

/** The menu of the application: where macOS has it at the top of the screen, and in the window elsewhere. */
export function menuModel(facts: MenuFacts): Menu[] {
  const isMac = facts.platform === 'darwin'
  return [
    ...(isMac ? [appMenu()] : []),
    fileMenu(facts, isMac),
    editMenu(isMac),
    viewMenu(facts, isMac),
    windowMenu(isMac),
    helpMenu(facts, isMac),
  ]
}

function role(name: MenuRole, label?: string, keys?: string): RoleItem {
  return { kind: 'role', role: name, ...(label === undefined ? {} : { label }), ...(keys === undefined ? {} : { keys }) }
}

function deed(label: string, what: MenuDeed, differs: Partial<Omit<DeedItem, 'kind' | 'label' | 'deed'>> = {}): DeedItem {
  return { kind: 'deed', label, deed: what, enabled: true, ...differs }
}

const show = (label: string, screen: Screen, differs?: Parameters<typeof deed>[2]): DeedItem => deed(label, { do: 'show', screen }, differs)
const settings = (label: string): DeedItem => show(label, { page: 'settings' }, { keys: 'CommandOrControl+,' })
const about = (label: string): DeedItem => show(label, { page: 'settings', act: 'about' })
const updates = (label: string): DeedItem => deed(label, { do: 'check-for-updates' })

function appMenu(): Menu {
  return {
    label: 'Keelson',
    items: [
      about('About Keelson'),
      updates('Check for updates…'),
      LINE,
      settings('Settings…'),
      LINE,
      role('services'),
      LINE,
      role('hide'),
      role('hideOthers'),
      role('unhide'),
      LINE,
      role('quit'),
    ],
  }
}

function fileMenu({ platform, lock, paused, isSafeMode }: MenuFacts, isMac: boolean): Menu {
  // While it is locked these would lead to the lock or be refused.
  const enabled = lock !== 'closed'
  const end = platform === 'win32' ? role('quit', 'E&xit') : role('quit', '&Quit', 'Control+Q')
  return {
    label: '&File',
    items: [
      show('&Import…', { page: 'import' }, { enabled, keys: 'CommandOrControl+O' }),
      show('&Export history…', { page: 'history', act: 'export' }, { enabled, keys: 'CommandOrControl+E' }),
      show('Save &diagnostics…', { page: 'health', act: 'diagnostics' }, { enabled }),
      LINE,
      deed('&Sync now', { do: 'sync' }, { enabled, keys: 'CommandOrControl+R' }),
      ...(isMac ? [] : [deed('Sync now', { do: 'sync' }, { enabled, keys: 'F5', hidden: true })]),
      deed(paused ? '&Resume syncing' : '&Pause syncing', { do: 'pause', paused: !paused }, { enabled: enabled && !isSafeMode }),
      LINE,
      show('&New order…', { page: 'orders', act: 'ticket' }, { enabled, keys: 'CommandOrControl+N' }),
      // Always: under a closed lock too, and without knowing whether anything could trade.
      deed('Stop &all trading', { do: 'kill' }, { keys: 'CommandOrControl+Shift+X' }),
      LINE,
      deed('&Lock now', { do: 'lock' }, { enabled: lock === 'open', keys: 'CommandOrControl+Shift+L', keysAreTheWindows: true }),
      ...(isMac ? [] : [LINE, settings('Se&ttings')]),
      LINE,
      role('close', '&Close window', 'CommandOrControl+W'),
      ...(isMac ? [] : [end]),
    ],
  }
}

function editMenu(isMac: boolean): Menu {
  const items: [MenuRole, string][] = [
    ['undo', '&Undo'],
    ['redo', '&Redo'],
  ]
  const clips: [MenuRole, string][] = [
    ['cut', 'Cu&t'],
    ['copy', '&Copy'],
    ['paste', '&Paste'],
    ['delete', '&Delete'],
    ['selectAll', 'Select &all'],
  ]
  const named = ([name, label]: [MenuRole, string]): RoleItem => role(name, isMac ? undefined : label)
  return { label: '&Edit', items: [...items.map(named), LINE, ...clips.map(named)] }
}

function viewMenu({ isDevelopment, canZoom }: MenuFacts, isMac: boolean): Menu {
  const zoom = (label: string, change: ZoomChange, keys: string, hidden = false): DeedItem =>
    deed(label, { do: 'zoom', change }, { enabled: canZoom[change], keys, ...(hidden ? { hidden } : {}) })
  return {
    label: '&View',
    items: [
      ...PAGE_ITEMS.map(([page, label], at) => show(label, { page }, at < 9 ? { keys: `CommandOrControl+${at + 1}` } : {})),
      show('&Notices', { page: 'overview', act: 'notices' }),
      LINE,
      zoom('&Actual size', 'reset', 'CommandOrControl+0'),
      zoom('&Zoom in', 'in', 'CommandOrControl+Plus'),
      zoom('Zoom o&ut', 'out', 'CommandOrControl+-'),
      // Where plus needs Shift, and on the block of digits.
      zoom('Zoom in', 'in', 'CommandOrControl+=', true),
      zoom('Zoom in', 'in', 'CommandOrControl+numadd', true),
      zoom('Zoom out', 'out', 'CommandOrControl+numsub', true),
      LINE,
      role('togglefullscreen', isMac ? undefined : '&Full screen'),
      ...(isDevelopment ? [LINE, role('toggleDevTools')] : []),
    ],
  }
}

function windowMenu(isMac: boolean): Menu {
  if (isMac) return { label: 'Window', role: 'window', items: [role('minimize'), role('zoom'), LINE, role('front')] }
  return { label: '&Window', items: [role('minimize', 'Mi&nimize')] }
}

function helpMenu({ lock }: MenuFacts, isMac: boolean): Menu {
  const enabled = lock !== 'closed'
  const own = isMac ? [] : [LINE, updates('Check for &updates…'), about('&About Keelson')]
  return {
    label: '&Help',
    ...(isMac ? { role: 'help' as const } : {}),
    items: [
      show('&Keyboard shortcuts', { page: 'overview', act: 'shortcuts' }, { enabled }),
      show('&Health of everything', { page: 'health' }, { enabled }),
      deed('Show the data &folder', { do: 'show-data-folder' }, { enabled }),
      ...own,
    ],
  }
}
