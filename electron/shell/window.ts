import { BrowserWindow } from 'electron'
import { lockDown } from './guard.ts'
import { START_PAGE } from './origin.ts'

/** Opens the main window on the app's own page, with everything locked that Electron can lock. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 640,
    minHeight: 480,
    show: false,
    title: 'Keelson',
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
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  lockDown(window.webContents)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(START_PAGE)
  return window
}
