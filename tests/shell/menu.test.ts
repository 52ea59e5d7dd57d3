import { describe, expect, test } from 'vitest'
import type { MenuItemConstructorOptions } from 'electron'
import { type ClickedPlace, contextMenu } from '../../electron/shell/context-menu.ts'
import { createMenu } from '../../electron/shell/menu.ts'
import { type Menu, type MenuDeed, type MenuFacts, type MenuItem, menuModel } from '../../electron/shell/menu-model.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import { readScreen, screenHash } from '../../shared/contract/screens.ts'
import { askedCore } from './support/asked.ts'

const PLATFORMS = ['darwin', 'win32', 'linux'] as const
const FACTS: MenuFacts = {
  platform: 'linux',
  isDevelopment: false,
  lock: 'open',
  paused: false,
  isSafeMode: false,
  canZoom: { in: true, out: true, reset: true },
}
const model = (differs: Partial<MenuFacts> = {}): Menu[] => menuModel({ ...FACTS, ...differs })
const itemsOf = (menus: readonly Menu[]): readonly MenuItem[] => menus.flatMap(({ items }) => items)
const deeds = (menus: readonly Menu[]) => itemsOf(menus).flatMap(item => (item.kind === 'deed' ? [item] : []))
const roles = (menus: readonly Menu[]): string[] => itemsOf(menus).flatMap(item => (item.kind === 'role' ? [item.role] : []))
const enabled = (menus: readonly Menu[], label: string): boolean | undefined =>
  deeds(menus).find(item => item.label.replace('&', '').startsWith(label))?.enabled

describe('the menu of the application', () => {
  test('follows macOS: a menu of the app with its settings, services and end, and the windows in a menu of the system', () => {
    const [app, ...others] = model({ platform: 'darwin' })
    expect(app?.items.map(item => (item.kind === 'line' ? '-' : item.kind === 'role' ? item.role : item.label))).toEqual([
      'About Keelson',
      'Check for updates…',
      '-',
      'Settings…',
      '-',
      'services',
      '-',
      'hide',
      'hideOthers',
      'unhide',
      '-',
      'quit',
    ])
    expect(others.map(({ label, role }) => role ?? label)).toEqual(['&File', '&Edit', '&View', 'window', 'help'])
    expect(roles(others)).not.toContain('quit')
    expect(deeds(others).map(({ label }) => label)).not.toContain('&About Keelson')
  })

  test('ends with Exit on Windows and Quit on Linux, and has About under Help on both', () => {
    const end = (platform: NodeJS.Platform) => itemsOf(model({ platform })).find(item => item.kind === 'role' && item.role === 'quit')
    expect([end('win32'), end('linux')]).toMatchObject([{ label: 'E&xit' }, { label: '&Quit', keys: 'Control+Q' }])
    for (const platform of ['win32', 'linux'] as const)
      expect(model({ platform }).at(-1)?.items.at(-1)).toMatchObject({ label: '&About Keelson' })
  })

  test.each(PLATFORMS)('opens by a letter of its own in each menu (%s)', platform => {
    for (const { items } of [
      { items: model({ platform }).map(({ label }) => ({ kind: 'deed' as const, label })) },
      ...model({ platform }),
    ]) {
      const letters = items
        .flatMap(item => (item.kind !== 'line' && !('hidden' in item) ? [/&(\w)/.exec(item.label ?? '')?.[1]?.toLowerCase()] : []))
        .filter(letter => letter !== undefined)
      expect(letters).toEqual([...new Set(letters)])
    }
  })

  test.each(PLATFORMS)('gives each key to one item, and none that the window listens for itself (%s)', platform => {
    const all = itemsOf(model({ platform, isDevelopment: true })).flatMap(item =>
      item.kind !== 'line' && item.keys !== undefined ? [item] : [],
    )
    const keys = all.map(item => item.keys)
    expect(keys).toEqual([...new Set(keys)])
    expect(keys).not.toContain('CommandOrControl+K')
    expect(all.filter(item => item.kind === 'deed' && item.keysAreTheWindows === true).map(item => item.keys)).toEqual([
      'CommandOrControl+Shift+L',
    ])
    // A key alone is typing: g, n, / and ? are the window's.
    for (const key of keys) expect(key).toMatch(/^(?:CommandOrControl\+|Control\+|F\d+$)/)
  })

  test.each(PLATFORMS)('leads only to screens there are (%s)', platform => {
    const screens = deeds(model({ platform })).flatMap(({ deed }) => (deed.do === 'show' ? [deed.screen] : []))
    expect(screens.map(screen => readScreen(screenHash(screen)))).toEqual(screens)
  })

  test.each(PLATFORMS)('has nothing that reloads the window or opens it to a developer in what is shipped (%s)', platform => {
    expect(roles(model({ platform })).filter(role => /reload|dev/i.test(role))).toEqual([])
    expect(roles(model({ platform, isDevelopment: true }))).toContain('toggleDevTools')
  })

  test('offers under a closed lock only what tells nothing', () => {
    const menus = model({ lock: 'closed' })
    expect(['Import', 'Export', 'Save diagnostics', 'Sync', 'Pause', 'Lock', 'Show the data', 'New order'].map(label => enabled(menus, label))).toEqual(
      Array.from({ length: 8 }, () => false),
    )
    expect(['Overview', 'Settings', 'About', 'Zoom in', 'Stop all trading'].map(label => enabled(menus, label))).toEqual([true, true, true, true, true])
    expect(roles(menus)).toContain('quit')
  })

  test('locks only where a lock is set', () => {
    expect(['none', 'open', 'closed'].map(lock => enabled(model({ lock: lock as MenuFacts['lock'] }), 'Lock now'))).toEqual([
      false,
      true,
      false,
    ])
  })

  test('pauses what runs, resumes what is paused, and neither in safe mode', () => {
    const pausing = (differs: Partial<MenuFacts>) => deeds(model(differs)).find(({ deed }) => deed.do === 'pause')
    expect(pausing({})).toMatchObject({ label: '&Pause syncing', deed: { paused: true }, enabled: true })
    expect(pausing({ paused: true })).toMatchObject({ label: '&Resume syncing', deed: { paused: false } })
    expect(pausing({ isSafeMode: true })?.enabled).toBe(false)
  })

  test('zooms no further than it goes', () => {
    const menus = model({ canZoom: { in: false, out: true, reset: true } })
    expect(deeds(menus).flatMap(({ deed, enabled: can }) => (deed.do === 'zoom' ? [`${deed.change} ${can}`] : []))).toEqual([
      'reset true',
      'in false',
      'out true',
      'in false',
      'in false',
      'out true',
    ])
  })
})

describe('the menu that is set', () => {
  function bench(platform: NodeJS.Platform = 'linux') {
    const core = askedCore({ 'sync.schedule': { paused: false, nextAt: null, quiet: null } })
    const sets: MenuItemConstructorOptions[][] = []
    const ran: MenuDeed[] = []
    const listeners: ((event: Pick<AppEvent, 'type'>) => void)[] = []
    const zoom = { in: true, out: true, reset: false }
    const menu = createMenu({
      platform,
      isDevelopment: false,
      isSafeMode: false,
      canZoom: () => ({ ...zoom }),
      run: deed => void ran.push(deed),
      set: template => void sets.push(template),
    })
    const find = (label: string): MenuItemConstructorOptions | undefined =>
      sets
        .at(-1)
        ?.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
        .find(item => item.label === label)
    return {
      ...core,
      menu,
      sets,
      ran,
      zoom,
      find,
      follow: () => menu.follow({ ask: core.ask, subscribe: listener => void listeners.push(listener) }),
      tell: (type: AppEvent['type']) => listeners.forEach(listener => listener({ type })),
    }
  }
  const lock = (on: boolean, locked: boolean) => ({ on, locked, waitMs: 0, idleMinutes: null })

  test('is there before the core is, and does what it says', () => {
    const at = bench()
    expect(at.sets).toHaveLength(1)
    const click = at.find('&History')?.click
    // Electron hands over the item, the window and the event; none is used.
    Reflect.apply(click ?? (() => undefined), undefined, [])
    expect(at.ran).toEqual([{ do: 'show', screen: { page: 'history' } }])
  })

  test('follows the lock, the pause and the zoom, and is set anew only when it says something else', async () => {
    const at = bench()
    await at.follow()
    expect(at.sets).toHaveLength(1)
    at.answers['lock.status'] = lock(true, false)
    at.tell('lock.changed')
    await expect.poll(() => at.find('&Lock now')?.enabled).toBe(true)
    at.answers['sync.schedule'] = { paused: true, nextAt: null, quiet: null }
    at.tell('schedule.changed')
    await expect.poll(() => at.find('&Resume syncing')?.enabled).toBe(true)
    at.zoom.in = false
    at.menu.zoomed()
    expect(at.find('&Zoom in')?.enabled).toBe(false)
    const { length } = at.sets
    at.tell('notices.changed')
    at.tell('lock.changed')
    await expect.poll(() => at.asked).toHaveLength(8)
    at.menu.zoomed()
    expect(at.sets).toHaveLength(length)
  })

  test('writes its words as macOS does, without letters to press', () => {
    const at = bench('darwin')
    expect(at.sets[0]?.map(({ label }) => label)).toEqual(['Keelson', 'File', 'Edit', 'View', 'Window', 'Help'])
    for (const label of ['Export History…', 'Sync Now', 'Show the Data Folder', 'Health of Everything', 'Zoom Out', 'Check for Updates…'])
      expect(at.find(label)?.label).toBe(label)
  })

  test('only shows the keys that the window hears itself', () => {
    expect(bench().find('&Lock now')).toMatchObject({ accelerator: 'CommandOrControl+Shift+L', registerAccelerator: false })
  })
})

describe('the menu over text', () => {
  const place: ClickedPlace = {
    isEditable: true,
    selectionText: '',
    editFlags: { canUndo: true, canRedo: false, canCut: false, canCopy: false, canPaste: true, canSelectAll: true },
  }
  test('edits a field, with what can be done there', () => {
    expect(contextMenu(place).flatMap(({ role, enabled: can }) => (role ? [`${role} ${can}`] : []))).toEqual([
      'undo true',
      'redo false',
      'cut false',
      'copy false',
      'paste true',
      'selectAll true',
    ])
  })

  test('copies selected text, and is not there over anything else', () => {
    expect(contextMenu({ ...place, isEditable: false, selectionText: 'AAPL', editFlags: { ...place.editFlags, canCopy: true } })).toEqual([
      { role: 'copy', enabled: true },
    ])
    expect(contextMenu({ ...place, isEditable: false, selectionText: ' ' })).toEqual([])
  })
})
