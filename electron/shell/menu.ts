import type { MenuItemConstructorOptions } from 'electron'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { Ask } from './ask.ts'
import { type DeedItem, type Menu, type MenuDeed, type MenuFacts, type MenuItem, menuModel } from './menu-model.ts'

export interface MenuDeps extends Pick<MenuFacts, 'platform' | 'isDevelopment' | 'isSafeMode'> {
  readonly canZoom: () => MenuFacts['canZoom']
  /** Does what an item says. */
  readonly run: (deed: MenuDeed) => void
  /** Puts a menu in place of the one there is. */
  readonly set: (template: MenuItemConstructorOptions[]) => void
}

/** What the menu follows once the core is open. */
export interface MenuSource {
  readonly ask: Ask
  readonly subscribe: (listener: (event: Pick<AppEvent, 'type'>) => void) => unknown
}

export interface ApplicationMenu {
  /** Follows the lock and the pause from now on. Resolves when the menu says how they are. */
  follow(source: MenuSource): Promise<void>
  /** The zoom changed. */
  zoomed(): void
}

const TELLING: ReadonlySet<string> = new Set(['lock.changed', 'schedule.changed'])

/** Sets the menu of the application at once, before the core is open, and another whenever it has to say something else. */
export function createMenu({ platform, isDevelopment, isSafeMode, canZoom, run, set }: MenuDeps): ApplicationMenu {
  let known: Pick<MenuFacts, 'lock' | 'paused'> = { lock: 'none', paused: false }
  let last = ''
  let reads = 0

  function show(): void {
    const model = menuModel({ platform, isDevelopment, isSafeMode, canZoom: canZoom(), ...known })
    const text = JSON.stringify(model)
    // A menu that is set anew closes one that is open.
    if (text !== last) set(applicationMenu(model, platform, run))
    last = text
  }

  async function read(ask: Ask): Promise<void> {
    reads += 1
    const own = reads
    const [lock, schedule] = await Promise.all([ask('lock.status', {}), ask('sync.schedule', {})])
    // A later reading knows more.
    if (own !== reads) return
    known = { lock: !lock.ok || !lock.data.on ? 'none' : lock.data.locked ? 'closed' : 'open', paused: schedule.ok && schedule.data.paused }
    show()
  }

  show()
  return {
    follow({ ask, subscribe }) {
      subscribe(({ type }) => {
        if (TELLING.has(type)) void read(ask)
      })
      return read(ask)
    },
    zoomed: show,
  }
}

/** A menu as Electron takes it. */
export function applicationMenu(
  model: readonly Menu[],
  platform: NodeJS.Platform,
  run: (deed: MenuDeed) => void,
): MenuItemConstructorOptions[] {
  const words = platform === 'darwin' ? macWords : (label: string): string => label
  const deedItem = ({ label, keys, deed, enabled, keysAreTheWindows, hidden }: DeedItem): MenuItemConstructorOptions => ({
    label: words(label),
    enabled,
    click: () => run(deed),
    ...(keys === undefined ? {} : { accelerator: keys }),
    ...(keysAreTheWindows === true ? { registerAccelerator: false } : {}),
    ...(hidden === true ? { visible: false, acceleratorWorksWhenHidden: true } : {}),
  })
  const item = (one: MenuItem): MenuItemConstructorOptions => {
    if (one.kind === 'line') return { type: 'separator' }
    if (one.kind === 'deed') return deedItem(one)
    const { role, label, keys } = one
    return { role, ...(label === undefined ? {} : { label: words(label) }), ...(keys === undefined ? {} : { accelerator: keys }) }
  }
  return model.map(({ label, role, items }) => ({ label: words(label), submenu: items.map(item), ...(role === undefined ? {} : { role }) }))
}

/** `Show the data &folder` as macOS writes it: `Show the Data Folder`. */
function macWords(label: string): string {
  return label.replace('&', '').replaceAll(/(?<=\s)(?!(?:the|of|for)\b)[a-z]/g, letter => letter.toUpperCase())
}
