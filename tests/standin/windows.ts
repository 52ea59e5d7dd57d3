import path from 'node:path'
import type * as Electron from 'electron'
import { afterLastWindow, app } from './app.ts'
import { type Chromium, chromium } from './chromium.ts'
import { mustBeReady, openWindows } from './life.ts'
import { pageErrors, record } from './log.ts'
import { openPage, type ShownPage } from './page.ts'
import { displays, workAreaAt } from './screen.ts'
import { ask, Guarded, plainEvent, unsupported } from './strict.ts'
import { type Holder, WebContents } from './web-contents.ts'

const EVENTS = [
  'close',
  'closed',
  'show',
  'hide',
  'focus',
  'blur',
  'minimize',
  'restore',
  'maximize',
  'unmaximize',
  'will-resize',
  'resize',
  'resized',
  'will-move',
  'move',
  'moved',
  'enter-full-screen',
  'leave-full-screen',
  'ready-to-show',
  'page-title-updated',
  'unresponsive',
  'responsive',
  'session-end',
  'query-session-end',
  'always-on-top-changed',
  'app-command',
  'swipe',
]
const REFUSED = {
  nodeIntegration: true,
  nodeIntegrationInWorker: true,
  nodeIntegrationInSubFrames: true,
  contextIsolation: false,
  sandbox: false,
  webSecurity: false,
  webviewTag: true,
  allowRunningInsecureContent: true,
  experimentalFeatures: true,
} as const satisfies Electron.WebPreferences
const REFUSED_OPTIONS = ['parent', 'modal', 'kiosk'] as const

function refuseInsecure(given: Electron.BrowserWindowConstructorOptions): void {
  for (const [name, value] of Object.entries(REFUSED))
    if (Reflect.get(given.webPreferences ?? {}, name) === value) unsupported(`webPreferences.${name}: ${value}`)
  for (const name of REFUSED_OPTIONS) if (given[name]) unsupported(`new BrowserWindow({ ${name} })`)
}

/** The address a test attaches to, once there is a window. */
const browser = (): Promise<Chromium> =>
  chromium(path.join(app.getPath('sessionData'), 'Chromium'), () => {
    for (const window of BrowserWindow.getAllWindows()) window.destroy()
  })
export const endpoint = async (): Promise<string> => (await browser()).endpoint

/** A window: its page is Chromium's, its place on the screen is kept in a book. */
export class BrowserWindow extends Guarded {
  static getAllWindows(): BrowserWindow[] {
    return [...openWindows].filter(window => window instanceof BrowserWindow).filter(window => !window.isDestroyed())
  }
  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find(window => window.id === id) ?? null
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find(window => window.webContents === contents) ?? null
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find(window => window.isFocused()) ?? null
  }
  /** The pages of the windows that are open, for tests. */
  static targets(): string[] {
    return BrowserWindow.getAllWindows().flatMap(window => window.webContents.target() ?? [])
  }
  static #count = 0
  readonly id: number
  readonly webContents: WebContents
  readonly #options: Electron.BrowserWindowConstructorOptions
  readonly #page: Promise<ShownPage>
  #shown: ShownPage | undefined
  #bounds: Electron.Rectangle
  #normal: Electron.Rectangle | null = null
  #title: string
  #isVisible: boolean
  #isDestroyed = false
  #isFocused = false
  #isMinimized = false
  #isMaximized = false
  #isFullScreen = false
  #wasReady = false

  constructor(given: Electron.BrowserWindowConstructorOptions = {}) {
    super('BrowserWindow', EVENTS)
    mustBeReady('Cannot create BrowserWindow')
    refuseInsecure(given)
    this.id = BrowserWindow.#count += 1
    this.#options = given
    this.#title = given.title ?? app.getName()
    this.#isVisible = given.show !== false
    this.#bounds = firstBounds(given)
    const { preload, additionalArguments = [] } = given.webPreferences ?? {}
    this.webContents = new WebContents(this.#holder(), preload)
    this.#page = this.#open(preload, additionalArguments)
    this.#page.catch((cause: unknown) => pageErrors.push(String(cause)))
    openWindows.add(this)
    app.emit('web-contents-created', plainEvent(), this.webContents)
    app.emit('browser-window-created', plainEvent(), this)
    if (this.#isVisible) queueMicrotask(() => this.focus())
  }
  #holder(): Holder {
    const pageOf = (): Promise<ShownPage> => this.#page
    return {
      get page() {
        return pageOf()
      },
      shown: () => this.#shown,
      isDestroyed: () => this.#isDestroyed,
      applySize: () => this.#applySize(),
      readyToShow: () => {
        if (this.#wasReady) return
        this.#wasReady = true
        this.emit('ready-to-show')
      },
      titled: title => {
        if (ask(this, 'page-title-updated', {}, title, true)) this.#title = title
      },
      gone: () => this.#gone(),
    }
  }
  async #open(preload: string | undefined, additionalArguments: readonly string[]): Promise<ShownPage> {
    const page = await openPage(await browser(), { preload, additionalArguments, size: this.#bounds }, this.webContents.listener())
    this.#shown = page
    // Destroyed while it was opening.
    if (this.#isDestroyed) await page.close()
    return page
  }
  #applySize(): void {
    const { width, height } = this.#bounds
    const zoom = this.webContents.getZoomFactor()
    const resize = (page: ShownPage): Promise<void> => page.resize({ width: Math.round(width / zoom), height: Math.round(height / zoom) })
    this.#page.then(resize).catch(() => undefined)
  }
  #gone(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.webContents.emit('destroyed')
    this.emit('closed')
    openWindows.delete(this)
    afterLastWindow()
  }
  close(): void {
    this.#alive()
    if (ask(this, 'close')) this.destroy()
  }
  destroy(): void {
    this.#shown?.close().catch(() => undefined)
    this.#gone()
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  #alive(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed')
  }
  loadURL(url: string): Promise<void> {
    this.#alive()
    return this.webContents.loadURL(url)
  }
  loadFile(file: string): Promise<void> {
    return this.loadURL(new URL(`file://${path.resolve(app.getAppPath(), file)}`).href)
  }
  show(): void {
    this.#become(true)
    this.focus()
  }
  showInactive(): void {
    this.#become(true)
  }
  hide(): void {
    this.#become(false)
    this.blur()
  }
  #become(isVisible: boolean): void {
    this.#alive()
    if (this.#isVisible === isVisible) return
    this.#isVisible = isVisible
    this.emit(isVisible ? 'show' : 'hide')
  }
  isVisible(): boolean {
    this.#alive()
    return this.#isVisible && !this.#isMinimized
  }
  focus(): void {
    if (this.#isDestroyed || this.#isFocused) return
    BrowserWindow.getFocusedWindow()?.blur()
    this.#isFocused = true
    this.emit('focus')
    app.emit('browser-window-focus', plainEvent(), this)
  }
  blur(): void {
    if (!this.#isFocused) return
    this.#isFocused = false
    this.emit('blur')
    app.emit('browser-window-blur', plainEvent(), this)
  }
  isFocused(): boolean {
    return this.#isFocused
  }
  moveTop(): void {
    record('BrowserWindow.moveTop')
  }
  minimize(): void {
    this.#alive()
    this.#isMinimized = true
    this.emit('minimize')
  }
  restore(): void {
    this.#alive()
    this.#isMinimized = false
    this.emit('restore')
  }
  isMinimized(): boolean {
    return this.#isMinimized
  }
  maximize(): void {
    if (this.#isMaximized) return
    this.#normal ??= this.#bounds
    this.#isMaximized = true
    this.#place(workAreaAt(this.#bounds))
    this.emit('maximize')
  }
  unmaximize(): void {
    if (!this.#isMaximized) return
    this.#isMaximized = false
    this.#placeBack()
    this.emit('unmaximize')
  }
  isMaximized(): boolean {
    return this.#isMaximized
  }
  setFullScreen(on: boolean): void {
    if (this.#isFullScreen === on) return
    this.#isFullScreen = on
    if (on) {
      this.#normal ??= this.#bounds
      this.#place(displays()[0]?.bounds ?? this.#bounds)
    } else this.#placeBack()
    this.emit(on ? 'enter-full-screen' : 'leave-full-screen')
  }
  isFullScreen(): boolean {
    return this.#isFullScreen
  }
  isNormal(): boolean {
    return !this.#isMaximized && !this.#isFullScreen && !this.#isMinimized
  }
  getBounds(): Electron.Rectangle {
    this.#alive()
    return { ...this.#bounds }
  }
  getNormalBounds(): Electron.Rectangle {
    this.#alive()
    return { ...(this.#normal ?? this.#bounds) }
  }
  getContentBounds(): Electron.Rectangle {
    return this.getBounds()
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#alive()
    this.#place(atLeast({ ...this.#bounds, ...bounds }, this.#options))
  }
  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height]
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y]
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }
  center(): void {
    const { width, height } = this.#bounds
    this.setBounds(centred({ width, height }))
  }
  #placeBack(): void {
    const back = this.#normal ?? this.#bounds
    this.#normal = null
    this.#place(back)
  }
  #place(bounds: Electron.Rectangle): void {
    const before = this.#bounds
    this.#bounds = bounds
    if (before.width !== bounds.width || before.height !== bounds.height) {
      this.#applySize()
      this.emit('resize')
      this.emit('resized')
    }
    if (before.x === bounds.x && before.y === bounds.y) return
    this.emit('move')
    this.emit('moved')
  }
  getTitle(): string {
    return this.#title
  }
  setTitle(title: string): void {
    this.#title = title
  }
  setMenu(menu: unknown): void {
    record('BrowserWindow.setMenu', menu === null ? null : 'menu')
  }
  removeMenu(): void {
    record('BrowserWindow.removeMenu')
  }
  setMenuBarVisibility(on: boolean): void {
    record('BrowserWindow.setMenuBarVisibility', on)
  }
  setAutoHideMenuBar(on: boolean): void {
    record('BrowserWindow.setAutoHideMenuBar', on)
  }
  setSkipTaskbar(on: boolean): void {
    record('BrowserWindow.setSkipTaskbar', on)
  }
  setIcon(): void {
    record('BrowserWindow.setIcon')
  }
  setOverlayIcon(icon: unknown, description: string): void {
    record('BrowserWindow.setOverlayIcon', icon === null ? null : 'icon', description)
  }
  setProgressBar(progress: number): void {
    record('BrowserWindow.setProgressBar', progress)
  }
  flashFrame(on: boolean): void {
    record('BrowserWindow.flashFrame', on)
  }
  setContentProtection(on: boolean): void {
    record('BrowserWindow.setContentProtection', on)
  }
  setBackgroundColor(color: string): void {
    record('BrowserWindow.setBackgroundColor', color)
  }
  setMinimumSize(width: number, height: number): void {
    Object.assign(this.#options, { minWidth: width, minHeight: height })
  }
}

function atLeast(
  bounds: Electron.Rectangle,
  { minWidth = 0, minHeight = 0 }: Electron.BrowserWindowConstructorOptions,
): Electron.Rectangle {
  return { ...bounds, width: Math.max(bounds.width, minWidth), height: Math.max(bounds.height, minHeight) }
}

function centred({ width, height }: Electron.Size): Electron.Rectangle {
  const area = workAreaAt({ x: 0, y: 0, width, height })
  return { x: area.x + Math.round((area.width - width) / 2), y: area.y + Math.round((area.height - height) / 2), width, height }
}

function firstBounds(given: Electron.BrowserWindowConstructorOptions): Electron.Rectangle {
  const { x, y, width = 800, height = 600 } = given
  return atLeast(x === undefined || y === undefined ? centred({ width, height }) : { x, y, width, height }, given)
}
