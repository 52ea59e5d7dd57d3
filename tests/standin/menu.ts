import type * as Electron from 'electron'
import { app } from './app.ts'
import { record } from './log.ts'
import { Guarded, plainEvent, unsupported } from './strict.ts'
import { BrowserWindow } from './windows.ts'

type Template = Electron.MenuItemConstructorOptions
type Click = (item: MenuItem, window: BrowserWindow | undefined, event: object) => void

const onWindow = (act: (window: BrowserWindow) => void) => (): void => {
  const window = BrowserWindow.getFocusedWindow()
  if (window) act(window)
}
const zoomBy = (step: number) => onWindow(({ webContents }) => webContents.setZoomLevel(webContents.getZoomLevel() + step))
const native = (): void => undefined

/** Electron's own items: the label each has by itself and what it does here. Editing is Chromium's own business. */
const ROLES: Readonly<Record<string, readonly [label: string, act: () => void]>> = {
  quit: ['Quit', () => app.quit()],
  close: ['Close Window', onWindow(window => window.close())],
  minimize: ['Minimize', onWindow(window => window.minimize())],
  togglefullscreen: ['Toggle Full Screen', onWindow(window => window.setFullScreen(!window.isFullScreen()))],
  reload: ['Reload', onWindow(window => window.webContents.reload())],
  forcereload: ['Force Reload', onWindow(window => window.webContents.reload())],
  toggledevtools: ['Toggle Developer Tools', onWindow(window => window.webContents.toggleDevTools())],
  zoomin: ['Zoom In', zoomBy(0.5)],
  zoomout: ['Zoom Out', zoomBy(-0.5)],
  resetzoom: ['Actual Size', onWindow(({ webContents }) => webContents.setZoomLevel(0))],
  zoom: ['Zoom', onWindow(window => window.maximize())],
  front: ['Bring All to Front', native],
  window: ['Window', native],
  help: ['Help', native],
  about: ['About', () => app.showAboutPanel()],
  undo: ['Undo', native],
  redo: ['Redo', native],
  cut: ['Cut', native],
  copy: ['Copy', native],
  paste: ['Paste', native],
  delete: ['Delete', native],
  selectall: ['Select All', native],
  pasteandmatchstyle: ['Paste and Match Style', native],
  hide: ['Hide', native],
  hideothers: ['Hide Others', native],
  unhide: ['Show All', native],
  services: ['Services', native],
  startspeaking: ['Start Speaking', native],
  stopspeaking: ['Stop Speaking', native],
  appmenu: ['Keelson', native],
  filemenu: ['File', native],
  editmenu: ['Edit', native],
  viewmenu: ['View', native],
  windowmenu: ['Window', native],
}

export class MenuItem {
  readonly id: string | undefined
  label: string
  sublabel: string
  toolTip: string
  readonly role: string | undefined
  readonly type: string
  readonly submenu: Menu | undefined
  readonly accelerator: string | undefined
  enabled: boolean
  visible: boolean
  checked: boolean
  icon: unknown
  /** Does what a user's click does; a disabled or hidden item does nothing. */
  readonly click: (event?: object, window?: BrowserWindow) => void
  constructor(given: Template) {
    const role = given.role?.toLowerCase()
    const known = role === undefined ? undefined : (ROLES[role] ?? unsupported(`the menu role ${given.role}`))
    this.id = given.id
    this.role = role
    this.label = given.label ?? known?.[0] ?? ''
    this.sublabel = given.sublabel ?? ''
    this.toolTip = given.toolTip ?? ''
    this.type = given.type ?? (given.submenu ? 'submenu' : 'normal')
    this.submenu =
      given.submenu instanceof Menu ? given.submenu : Array.isArray(given.submenu) ? Menu.buildFromTemplate(given.submenu) : undefined
    this.accelerator = given.accelerator
    this.enabled = given.enabled ?? true
    this.visible = given.visible ?? true
    this.checked = given.checked ?? false
    this.icon = given.icon
    const run = given.click as unknown as Click | undefined
    this.click = (event = plainEvent(), window = BrowserWindow.getFocusedWindow() ?? undefined) => {
      if (!this.enabled || !this.visible) return
      if (this.type === 'checkbox') this.checked = !this.checked
      if (this.type === 'radio') this.checked = true
      if (run) run(this, window, event)
      else known?.[1]()
    }
  }
}

export class Menu extends Guarded {
  static #application: Menu | null = null
  readonly items: MenuItem[] = []
  constructor() {
    super('Menu', ['menu-will-show', 'menu-will-close'])
  }
  static buildFromTemplate(template: readonly (Template | MenuItem)[]): Menu {
    const menu = new Menu()
    for (const item of template) {
      if (!(item instanceof MenuItem) && item.label === undefined && item.role === undefined && item.type !== 'separator')
        throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type')
      menu.append(item instanceof MenuItem ? item : new MenuItem(item))
    }
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }
  append(item: MenuItem): void {
    this.items.push(item)
  }
  insert(at: number, item: MenuItem): void {
    this.items.splice(at, 0, item)
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  popup(): void {
    record('Menu.popup')
    this.emit('menu-will-show', plainEvent())
  }
  closePopup(): void {
    this.emit('menu-will-close', plainEvent())
  }
}
