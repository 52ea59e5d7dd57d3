import os from 'node:os'
import path from 'node:path'
import type * as Electron from 'electron'
import { closeChromium } from './chromium.ts'
import { commandLine } from './command-line.ts'
import { life, mustNotBeReady, openWindows } from './life.ts'
import { record } from './log.ts'
import { manifest, options } from './options.ts'
import { type InstanceLock, lockInstance } from './single-instance.ts'
import { ask, Guarded, plainEvent, unsupported } from './strict.ts'

const EVENTS = [
  'will-finish-launching',
  'ready',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  'second-instance',
  'activate',
  'open-url',
  'open-file',
  'continue-activity',
  'browser-window-created',
  'browser-window-focus',
  'browser-window-blur',
  'web-contents-created',
  'render-process-gone',
  'child-process-gone',
  'certificate-error',
  'login',
  'select-client-certificate',
  'session-created',
  'gpu-info-update',
]

const appData = process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config')

class App extends Guarded {
  readonly #paths = new Map<string, string>([
    ['home', os.homedir()],
    ['appData', appData],
    ['temp', os.tmpdir()],
    ['exe', process.execPath],
    ...['downloads', 'documents', 'desktop', 'pictures', 'music', 'videos'].map((name): [string, string] => [
      name,
      path.join(os.homedir(), name),
    ]),
  ])
  readonly #ready = Promise.withResolvers<void>()
  readonly commandLine = commandLine
  readonly isPackaged = options.isPackaged === true
  readonly runningUnderARM64Translation = false
  name = manifest.productName ?? manifest.name
  applicationMenu: unknown = null
  accessibilitySupportEnabled = false
  #lock: InstanceLock | null = null
  #loginItem: Electron.Settings = {}
  #badge = 0

  constructor() {
    super('app', EVENTS)
  }
  whenReady(): Promise<void> {
    return this.#ready.promise
  }
  isReady(): boolean {
    return life.isReady
  }
  /** Called by the stand-in once the main script has run to its end. */
  becomeReady(): void {
    if (life.isOver) return
    this.emit('will-finish-launching')
    life.isReady = true
    this.emit('ready', plainEvent(), {})
    this.#ready.resolve()
  }
  getPath(name: string): string {
    const userData = this.#paths.get('userData') ?? path.join(appData, this.name)
    const derived: Readonly<Record<string, string>> = {
      userData,
      sessionData: userData,
      logs: path.join(userData, 'logs'),
      crashDumps: path.join(userData, 'Crashpad'),
    }
    return this.#paths.get(name) ?? derived[name] ?? unsupported(`app.getPath('${name}')`)
  }
  setPath(name: string, folder: string): void {
    if (!path.isAbsolute(folder)) throw new Error('Path must be absolute')
    this.#paths.set(name, folder)
  }
  getAppPath(): string {
    return options.app
  }
  getVersion(): string {
    return manifest.version
  }
  getName(): string {
    return this.name
  }
  setName(name: string): void {
    this.name = name
  }
  getLocale(): string {
    return 'en-US'
  }
  getSystemLocale(): string {
    return 'en-US'
  }
  getPreferredSystemLanguages(): string[] {
    return ['en-US']
  }
  enableSandbox(): void {
    mustNotBeReady('app.enableSandbox()')
    record('app.enableSandbox')
  }
  disableHardwareAcceleration(): void {
    mustNotBeReady('app.disableHardwareAcceleration()')
    record('app.disableHardwareAcceleration')
  }
  requestSingleInstanceLock(data: unknown = {}): boolean {
    const mine = { argv: process.argv, cwd: process.cwd(), data }
    this.#lock ??= lockInstance(
      this.getPath('userData'),
      mine,
      knock => void this.emit('second-instance', plainEvent(), knock.argv, knock.cwd, knock.data),
    )
    return this.#lock !== null
  }
  hasSingleInstanceLock(): boolean {
    return this.#lock !== null
  }
  releaseSingleInstanceLock(): void {
    this.#lock?.release()
    this.#lock = null
  }
  setAppUserModelId(id: string): void {
    record('app.setAppUserModelId', id)
  }
  setDesktopName(name: string): void {
    record('app.setDesktopName', name)
  }
  setAboutPanelOptions(about: Electron.AboutPanelOptionsOptions): void {
    record('app.setAboutPanelOptions', about)
  }
  showAboutPanel(): void {
    record('app.showAboutPanel')
  }
  setAsDefaultProtocolClient(scheme: string, ...rest: readonly unknown[]): boolean {
    record('app.setAsDefaultProtocolClient', scheme, ...rest)
    return true
  }
  removeAsDefaultProtocolClient(scheme: string): boolean {
    record('app.removeAsDefaultProtocolClient', scheme)
    return true
  }
  isDefaultProtocolClient(): boolean {
    return false
  }
  setLoginItemSettings(settings: Electron.Settings): void {
    record('app.setLoginItemSettings', settings)
    this.#loginItem = settings
  }
  getLoginItemSettings(): Electron.LoginItemSettings {
    const { openAtLogin = false } = this.#loginItem
    const wasOpenedAtLogin = options.startedAtLogin === true
    return {
      openAtLogin,
      wasOpenedAtLogin,
      status: openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: openAtLogin,
      launchItems: [],
    }
  }
  setUserTasks(tasks: Electron.Task[]): boolean {
    record('app.setUserTasks', tasks)
    return true
  }
  setJumpList(categories: Electron.JumpListCategory[] | null): 'ok' {
    record('app.setJumpList', categories)
    return 'ok'
  }
  setBadgeCount(count = 0): boolean {
    record('app.setBadgeCount', count)
    this.#badge = count
    return true
  }
  getBadgeCount(): number {
    return this.#badge
  }
  addRecentDocument(file: string): void {
    record('app.addRecentDocument', file)
  }
  clearRecentDocuments(): void {
    record('app.clearRecentDocuments')
  }
  focus(how?: Electron.FocusOptions): void {
    record('app.focus', how)
  }
  hide(): void {
    record('app.hide')
  }
  show(): void {
    record('app.show')
  }
  setActivationPolicy(policy: string): void {
    record('app.setActivationPolicy', policy)
  }
  /** A Mac's; left out elsewhere, as in Electron. */
  get dock(): undefined {
    return undefined
  }
  getAppMetrics(): { pid: number; type: string }[] {
    return [
      { pid: process.pid, type: 'Browser' },
      ...[...openWindows].filter(window => !window.isDestroyed()).map(() => ({ pid: 0, type: 'Tab' })),
    ]
  }
  /** The starting is left to the test, whose recorder says with which arguments. */
  relaunch(how: Electron.RelaunchOptions = {}): void {
    record('app.relaunch', how)
  }
  quit(): void {
    void end(0, true)
  }
  exit(code = 0): void {
    void end(code, false)
  }
}

export const app = new App()

/** Electron's way out: before-quit, then each window is closed, then will-quit; any of them may refuse. `exit` asks nobody. */
async function end(code: number, mayRefuse: boolean): Promise<void> {
  if (life.isOver) return
  if (mayRefuse && !agreesToQuit()) return
  life.isOver = true
  for (const window of openWindows) window.destroy()
  app.emit('quit', plainEvent(), code)
  app.releaseSingleInstanceLock()
  await closeChromium()
  process.exit(code)
}

function agreesToQuit(): boolean {
  life.isQuitting = ask(app, 'before-quit')
  if (!life.isQuitting) return false
  for (const window of openWindows) window.close()
  life.isQuitting = [...openWindows].every(window => window.isDestroyed()) && ask(app, 'will-quit')
  return life.isQuitting
}

/** What Electron does once the last window is closed: it asks the app, and ends it when the app has no say. */
export function afterLastWindow(): void {
  if (life.isQuitting || life.isOver || [...openWindows].some(window => !window.isDestroyed())) return
  if (app.listenerCount('window-all-closed') === 0) app.quit()
  else app.emit('window-all-closed')
}

// A listener of the app's own takes the place of Electron's.
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => (process.listenerCount(signal) === 1 ? app.quit() : undefined))
