import { readScreen, type Screen, screenHash } from '../../shared/contract/screens.ts'
import { CHANNELS } from './channels.ts'
import { createTally } from './crash-watch.ts'
import type { DesktopFile } from './desktop-file.ts'
import { isOwnAddress } from './origin.ts'
import type { Questions } from './questions.ts'
import { type Bounds, isReachable, placeWindow } from './window-state.ts'

/** The one way to the window for notifications, tray, menus and links. */
export interface Screens {
  /** Brings the window to the front, making one when there is none, and leads it to a screen when one is named. Never throws. */
  show(screen?: Screen): void
}

interface Preventable {
  preventDefault(): void
}

/** The part of a window that is used. */
export interface LifeWindow {
  readonly webContents: {
    getURL(): string
    send(channel: string, text: string): void
    on(event: 'did-finish-load', run: () => void): unknown
    on(
      event: 'render-process-gone',
      run: (event: unknown, details: { readonly reason: string; readonly exitCode: number }) => void,
    ): unknown
  }
  isDestroyed(): boolean
  isMinimized(): boolean
  isMaximized(): boolean
  isFullScreen(): boolean
  getNormalBounds(): Bounds
  getBounds(): Bounds
  setBounds(bounds: Bounds): void
  restore(): void
  minimize(): void
  show(): void
  focus(): void
  close(): void
  destroy(): void
  on(event: 'close', run: (event: Preventable) => void): unknown
  on(event: 'closed' | 'unresponsive' | 'responsive', run: () => void): unknown
}

export interface OpenOptions {
  readonly bounds: Bounds
  readonly maximized: boolean
  readonly fullScreen: boolean
  /** The fragment of the screen to begin with; empty for the first one. */
  readonly hash: string
  /** Begins as small as the system lets it, where there is no tray to be found in. */
  readonly minimized: boolean
}

export interface LifeDeps<W extends LifeWindow> {
  readonly open: (options: OpenOptions) => W
  /** What the displays have free, the main one first. */
  readonly areas: () => readonly Bounds[]
  readonly file: DesktopFile
  readonly questions: Questions<W>
  /** Whether the app can be found again without a window. */
  readonly hasTray: () => boolean
  /** macOS keeps an app without windows in its dock; nobody there expects to be asked. */
  readonly staysInDock: boolean
  readonly quit: () => void
  readonly isLeaving: () => boolean
  readonly nowMs: () => number
  /** A window was made, or the last one went. */
  readonly onChange: () => void
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void
}

export interface Life<W extends LifeWindow> extends Screens {
  /** Without a window where the app can be found without one, else with a small one: as the system starts it, and when its tray went. */
  showHidden(): void
  window(): W | null
  /** Brings the window back onto what is left of the desktop. */
  displaysChanged(): void
}

/** The window's life: made when it is wanted, gone when it is closed, so that an app in the tray costs no window. */
export function createLife<W extends LifeWindow>(deps: LifeDeps<W>): Life<W> {
  const { file, questions } = deps
  const isTooOften = createTally(deps.nowMs)
  let current: W | null = null
  let isLoaded = false
  let waiting: Screen | null = null
  let isAsking = false
  /** Its page failed too often: whether it comes again is for the user to say. */
  let isGivenUp = false

  function make(hash: string, minimized = false): void {
    const { window: last } = file.read()
    const bounds = placeWindow(last?.bounds ?? null, deps.areas())
    const window = deps.open({ bounds, maximized: last?.maximized ?? false, fullScreen: last?.fullScreen ?? false, hash, minimized })
    current = window
    isLoaded = false
    window.webContents.on('did-finish-load', () => {
      isLoaded = true
      const screen = waiting
      waiting = null
      if (screen && current === window) lead(window, screen)
    })
    window.webContents.on('render-process-gone', (_event, details) => {
      if (current === window) void gone(window, details)
    })
    window.on('close', event => closing(window, event))
    window.on('closed', () => forget(window))
    watchAnswers(window)
    deps.onChange()
  }

  function lead(window: W, screen: Screen): void {
    // What is sent before the page listens is lost.
    if (isLoaded) window.webContents.send(CHANNELS.screen, screenHash(screen))
    else waiting = screen
  }

  function forget(window: W): void {
    if (current !== window) return
    current = null
    waiting = null
    deps.onChange()
  }

  /** Where it stands and what it shows, for the next one. */
  function remember(window: W): void {
    const bounds = window.getNormalBounds()
    file.remember({
      window: { bounds, maximized: window.isMaximized(), fullScreen: window.isFullScreen() },
      screen: placeIn(window.webContents.getURL()),
    })
  }

  function closing(window: W, event: Preventable): void {
    remember(window)
    if (deps.isLeaving()) return
    const { onClose } = file.read()
    if (deps.staysInDock && onClose !== 'quit') return
    if (onClose === 'tray' && deps.hasTray()) return
    event.preventDefault()
    if (onClose === 'quit') deps.quit()
    else if (onClose === 'tray') window.minimize()
    else void askWhatClosingDoes(window)
  }

  async function askWhatClosingDoes(window: W): Promise<void> {
    if (isAsking) return
    isAsking = true
    const { choice, remember: isKept } = await questions.onClose(window, deps.hasTray())
    isAsking = false
    if (choice === 'stay' || window.isDestroyed()) return
    if (isKept) file.remember({ onClose: choice })
    if (choice === 'quit') deps.quit()
    else if (deps.hasTray()) window.destroy()
    else window.minimize()
  }

  /** The page's process ended: a new one, unless that happens again and again. */
  async function gone(window: W, { reason, exitCode }: { readonly reason: string; readonly exitCode: number }): Promise<void> {
    if (reason === 'clean-exit' || deps.isLeaving()) return
    deps.log('shell.window-gone', { reason, exitCode })
    const hash = placeIn(window.webContents.getURL())
    remember(window)
    forget(window)
    window.destroy()
    if (isGivenUp) return
    if (!isTooOften()) return make(hash)
    isGivenUp = true
    const choice = await questions.onGone(deps.hasTray())
    isGivenUp = false
    if (choice === 'quit') deps.quit()
    else if (choice === 'again' && !current) make('')
  }

  function watchAnswers(window: W): void {
    let question: AbortController | null = null
    window.on('unresponsive', () => {
      // It would not answer to being closed either.
      if (deps.isLeaving()) return window.destroy()
      if (question) return
      const asked = new AbortController()
      question = asked
      deps.log('shell.window-unresponsive', {})
      void questions.onUnresponsive(window, asked.signal).then(choice => {
        question = null
        if (choice === 'wait' || asked.signal.aborted || current !== window) return
        if (deps.isLeaving()) return window.destroy()
        // A page that is busy for ever does not hear of a reload.
        remember(window)
        const hash = placeIn(window.webContents.getURL())
        forget(window)
        window.destroy()
        make(hash)
      })
    })
    window.on('responsive', () => question?.abort())
  }

  return {
    show(screen) {
      if (deps.isLeaving()) return
      const window = current
      if (!window || window.isDestroyed()) return make(screen ? screenHash(screen) : file.read().screen)
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      if (screen) lead(window, screen)
    },
    showHidden() {
      if (!current && !isGivenUp && !deps.isLeaving() && !deps.hasTray() && !deps.staysInDock) make(file.read().screen, true)
    },
    window: () => (current?.isDestroyed() === true ? null : current),
    displaysChanged() {
      if (!current || current.isDestroyed() || current.isMaximized() || current.isFullScreen()) return
      const bounds = current.getBounds()
      if (!isReachable(bounds, deps.areas())) current.setBounds(placeWindow(bounds, deps.areas()))
    },
  }
}

/** The page of an address of ours, without what it was to open with: that was done once. */
function placeIn(url: string): string {
  const at = url.indexOf('#')
  const screen = isOwnAddress(url) && at >= 0 ? readScreen(url.slice(at)) : null
  return screen ? screenHash({ page: screen.page }) : ''
}
