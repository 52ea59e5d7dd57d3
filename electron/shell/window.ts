import { app, BrowserWindow, nativeTheme } from 'electron'
import { GROUND, type Theme } from './ground.ts'
import type { OpenOptions } from './life.ts'
import { START_PAGE } from './origin.ts'
import { SMALLEST } from './window-state.ts'

/** Opens the main window on the app's own page, with everything locked that Electron can lock; what it may do then is up to guard.ts. */
export function openWindow(preload: string, theme: Theme | null, { bounds, maximized, fullScreen, hash, minimized }: OpenOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title: 'Keelson',
    backgroundColor: GROUND[theme ?? (nativeTheme.shouldUseDarkColors ? 'dark' : 'light')],
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      devTools: !app.isPackaged,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  let isShown = false
  const show = (): void => {
    if (isShown || window.isDestroyed()) return
    isShown = true
    if (minimized) {
      // Some window managers make nothing small that was never shown.
      window.showInactive()
      return window.minimize()
    }
    if (maximized) window.maximize()
    window.show()
    if (fullScreen) window.setFullScreen(true)
  }
  window.once('ready-to-show', show)
  // A page that cannot be read still gets its window, which can be closed.
  window.webContents.once('did-fail-load', show)
  window.loadURL(`${START_PAGE}${hash}`).catch(() => undefined)
  return window
}
