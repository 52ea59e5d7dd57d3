import { EventEmitter } from 'node:events'
import type { LifeWindow, OpenOptions } from '../../../electron/shell/life.ts'
import { START_PAGE } from '../../../electron/shell/origin.ts'
import type { Bounds } from '../../../electron/shell/window-state.ts'

export interface FakeWindow extends LifeWindow {
  readonly options: OpenOptions
  /** What was done to it, in order. */
  readonly done: string[]
  /** Texts sent to the page. */
  readonly sent: string[]
  /** Its page has come. */
  load(): void
  /** The user goes to a fragment in it. */
  goTo(hash: string): void
  move(bounds: Bounds): void
  say(event: 'unresponsive' | 'responsive'): void
  /** Its page's process ends. */
  crash(reason?: string): void
}

/** A window without a screen: it closes unless somebody prevents that. */
export function fakeWindow(options: OpenOptions): FakeWindow {
  const events = new EventEmitter()
  const page = new EventEmitter()
  const done: string[] = []
  const sent: string[] = []
  let { bounds, maximized } = options
  let [url, isMinimized, isDestroyed] = [`${START_PAGE}${options.hash}`, options.minimized, false]

  function destroy(): void {
    if (isDestroyed) return
    isDestroyed = true
    done.push('destroyed')
    events.emit('closed')
  }
  return {
    options,
    done,
    sent,
    webContents: {
      getURL: () => url,
      send: (_channel, text) => void sent.push(text),
      on: (event: string, run: (...args: never[]) => void) => page.on(event, run as never),
    },
    isDestroyed: () => isDestroyed,
    isMinimized: () => isMinimized,
    isMaximized: () => maximized,
    isFullScreen: () => options.fullScreen,
    getNormalBounds: () => bounds,
    getBounds: () => bounds,
    setBounds: next => void (bounds = next),
    restore() {
      isMinimized = false
      done.push('restored')
    },
    minimize() {
      isMinimized = true
      done.push('minimized')
    },
    show: () => void done.push('shown'),
    focus: () => void done.push('focused'),
    close() {
      let isPrevented = false
      events.emit('close', { preventDefault: () => void (isPrevented = true) })
      if (!isPrevented) destroy()
    },
    destroy,
    on: (event: string, run: (...args: never[]) => void) => events.on(event, run as never),
    load: () => void page.emit('did-finish-load'),
    goTo: hash => void (url = `${START_PAGE}${hash}`),
    move(next) {
      bounds = next
      maximized = false
    },
    say: event => void events.emit(event),
    crash: (reason = 'crashed') => void page.emit('render-process-gone', {}, { reason, exitCode: 5 }),
  }
}
