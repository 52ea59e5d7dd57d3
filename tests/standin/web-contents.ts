import type * as Electron from 'electron'
import { fromWire, originOf } from './addresses.ts'
import { app } from './app.ts'
import { invoke, ipcMain } from './ipc.ts'
import { preloads, record } from './log.ts'
import type { PageListener, ShownPage } from './page.ts'
import { makeCodec } from './page/codec.ts'
import type { Coded } from './page/codec.ts'
import type { PreloadMessage } from './page/worlds.ts'
import { settlePermissions } from './permissions.ts'
import { defaultSession } from './session.ts'
import { ask, Guarded, plainEvent, strict } from './strict.ts'

const codec = makeCodec()
const EVENTS = [
  'did-start-loading',
  'did-stop-loading',
  'did-finish-load',
  'did-fail-load',
  'dom-ready',
  'did-start-navigation',
  'did-navigate',
  'did-navigate-in-page',
  'page-title-updated',
  'will-navigate',
  'will-frame-navigate',
  'will-redirect',
  'will-attach-webview',
  'did-create-window',
  'render-process-gone',
  'destroyed',
  'preload-error',
  'console-message',
  'unresponsive',
  'responsive',
  'before-input-event',
  'zoom-changed',
  'did-change-theme-color',
  'context-menu',
  'will-prevent-unload',
  'devtools-opened',
  'select-bluetooth-device',
  'ipc-message',
]

/** The part of a window its contents need. */
export interface Holder {
  readonly page: Promise<ShownPage>
  readonly shown: () => ShownPage | undefined
  isDestroyed(): boolean
  applySize(): void
  readyToShow(): void
  titled(title: string): void
  gone(): void
}

let ids = 0
export const everyContents: WebContents[] = []

export class WebContents extends Guarded {
  readonly id = (ids += 1)
  readonly session = defaultSession
  readonly #holder: Holder
  readonly preload: string | undefined
  #openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null
  #zoom = 1
  constructor(holder: Holder, preload: string | undefined) {
    super('webContents', EVENTS)
    this.#holder = holder
    this.preload = preload
    everyContents.push(this)
  }
  get mainFrame(): object {
    const url = this.getURL()
    const frame: Record<string, unknown> = {
      url,
      origin: originOf(url),
      parent: null,
      frames: [],
      name: '',
      routingId: this.id,
      processId: this.id,
      isDestroyed: () => this.isDestroyed(),
    }
    return strict('webFrameMain', Object.assign(frame, { top: frame }))
  }
  get zoomFactor(): number {
    return this.#zoom
  }
  set zoomFactor(factor: number) {
    this.#zoom = factor
    this.#holder.applySize()
  }
  get zoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2)
  }
  set zoomLevel(level: number) {
    this.zoomFactor = 1.2 ** level
  }
  getZoomFactor(): number {
    return this.#zoom
  }
  setZoomFactor(factor: number): void {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0")
    this.zoomFactor = factor
  }
  getZoomLevel(): number {
    return this.zoomLevel
  }
  setZoomLevel(level: number): void {
    this.zoomLevel = level
  }
  setVisualZoomLevelLimits(least: number, most: number): Promise<void> {
    record('webContents.setVisualZoomLevelLimits', least, most)
    return Promise.resolve()
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.isDestroyed()) throw new TypeError('Object has been destroyed')
    const message = { t: 'message', channel, args: codec.encode(args) } as const
    void this.#holder.page.then(page => page.toPreload(message))
  }
  /** Chromium's name of its page. */
  target(): string | undefined {
    return this.#holder.shown()?.targetId
  }
  getURL(): string {
    const url = fromWire(this.#holder.shown()?.url() ?? '')
    return url === 'about:blank' ? '' : url
  }
  isDestroyed(): boolean {
    return this.#holder.isDestroyed()
  }
  isCrashed(): boolean {
    return false
  }
  isLoading(): boolean {
    return this.#isLoading
  }
  #isLoading = false
  getOSProcessId(): number {
    return this.id
  }
  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.#openHandler = handler
  }
  async loadURL(url: string): Promise<void> {
    this.#isLoading = true
    this.emit('did-start-loading')
    const page = await this.#holder.page
    await page.load(url).catch((cause: unknown) => {
      this.emit('did-fail-load', plainEvent(), -2, String(cause), url, true)
      throw cause
    })
  }
  reload(): void {
    void this.#holder.page.then(page => page.reload())
  }
  reloadIgnoringCache(): void {
    this.reload()
  }
  async executeJavaScript(code: string): Promise<unknown> {
    return (await this.#holder.page).evaluate(code)
  }
  /** Ends the page's process as a crash would. */
  forcefullyCrashRenderer(): void {
    // It never answers.
    void this.#holder.page.then(page => page.session.send('Page.crash').catch(() => undefined))
  }
  focus(): void {
    record('webContents.focus')
  }
  openDevTools(): void {
    record('webContents.openDevTools')
  }
  toggleDevTools(): void {
    record('webContents.toggleDevTools')
  }
  closeDevTools(): void {
    record('webContents.closeDevTools')
  }
  isDevToolsOpened(): boolean {
    return false
  }
  setBackgroundThrottling(on: boolean): void {
    record('webContents.setBackgroundThrottling', on)
  }
  setWebRTCIPHandlingPolicy(policy: string): void {
    record('webContents.setWebRTCIPHandlingPolicy', policy)
  }
  setIgnoreMenuShortcuts(on: boolean): void {
    record('webContents.setIgnoreMenuShortcuts', on)
  }

  /** What the page tells, as the events of Electron. */
  listener(): PageListener {
    return {
      fromPreload: message => void this.#take(message),
      wantsToGo: (url, frame) => {
        const details = { url, isMainFrame: frame.isMain, isSameDocument: false, frame: { url: frame.url }, initiator: this.mainFrame }
        const goes = ask(this, 'will-frame-navigate', details)
        return frame.isMain ? ask(this, 'will-navigate', details, url) && goes : goes
      },
      redirected: (url, frame) => ask(this, 'will-redirect', { url, isMainFrame: frame.isMain, isSameDocument: false }, url),
      settle: (browser, url) => settlePermissions(browser, this, url),
      downloads: (url, name) => this.#downloads(url, name),
      opened: details => this.#opened(details),
      moved: (url, isSameDocument) =>
        this.emit(isSameDocument ? 'did-navigate-in-page' : 'did-navigate', plainEvent(), url, isSameDocument ? true : 200),
      lifecycle: name => this.#lifecycle(name),
      titled: title => this.#holder.titled(title),
      crashed: () => {
        const details = { reason: 'crashed', exitCode: 133 }
        this.emit('render-process-gone', plainEvent(), details)
        app.emit('render-process-gone', plainEvent(), this, details)
      },
      closed: () => this.#holder.gone(),
    }
  }
  #downloads(url: string, name: string): void {
    const item = strict('downloadItem', { getURL: () => url, getFilename: () => name, cancel: () => record('downloadItem.cancel', url) })
    const goes = ask(defaultSession, 'will-download', {}, item, this)
    record('will-download', url, goes)
    // Chromium is told to keep none.
    if (goes) throw new Error(`[standin] a download is not supported: ${url}`)
  }
  #lifecycle(name: 'dom-ready' | 'painted' | 'loaded'): void {
    if (name === 'dom-ready') this.emit('dom-ready', plainEvent())
    else this.#holder.readyToShow()
    if (name !== 'loaded') return
    this.#isLoading = false
    this.emit('did-finish-load')
    this.emit('did-stop-loading')
  }
  #opened(details: { url: string; frameName: string; features: string; disposition: 'foreground-tab' }): void {
    const verdict = this.#openHandler?.({ ...details, referrer: { url: '', policy: 'no-referrer' } }) ?? { action: 'allow' }
    record('window.open', details.url, verdict.action)
    // Chromium has refused it already; a child window the app wants is not shown here.
    if (verdict.action === 'allow') throw new Error(`[standin] a window opened by a page is not supported: ${details.url}`)
  }
  async #take(message: PreloadMessage): Promise<void> {
    if (message.t === 'loaded') return void preloads.push('loaded')
    if (message.t === 'failed') {
      preloads.push(message.message)
      return void this.emit(
        'preload-error',
        plainEvent(),
        this.preload,
        Object.assign(new Error(message.message), { stack: message.stack }),
      )
    }
    const event = plainEvent({ type: 'frame', sender: this, senderFrame: this.mainFrame, frameId: this.id, processId: this.id, ports: [] })
    const args = codec.decode(message.args) as unknown[]
    if (message.t === 'send') return void ipcMain.emit(message.channel, event, ...args)
    const { ok, value } = await invoke(message.channel, event, args)
    const coded = encodeAnswer(ok, value, message.channel)
    const page = this.#holder.shown()
    await page?.toPreload({ t: 'reply', id: message.id, ...coded })
  }
}

function encodeAnswer(ok: boolean, value: unknown, channel: string): { ok: boolean; value: Coded } {
  try {
    return { ok, value: codec.encode(value) }
  } catch (cause) {
    return { ok: false, value: `Error invoking remote method '${channel}': ${String(cause)}` }
  }
}

const alive = (): WebContents[] => everyContents.filter(contents => !contents.isDestroyed())
export const webContents = strict('webContents', {
  getAllWebContents: alive,
  getFocusedWebContents: (): WebContents | null => alive().at(-1) ?? null,
  fromDevToolsTargetId: (target: string): WebContents | undefined => alive().find(contents => contents.target() === target),
  fromId: (id: number): WebContents | undefined => alive().find(contents => contents.id === id),
})
