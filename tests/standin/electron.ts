import type * as Electron from 'electron'
import { app } from './app.ts'
import { dialog } from './dialog.ts'
import { globalShortcut } from './global-shortcut.ts'
import { ipcMain } from './ipc.ts'
import { record } from './log.ts'
import { Menu, MenuItem } from './menu.ts'
import { nativeImage } from './native-image.ts'
import { Notification } from './notification.ts'
import { powerMonitor } from './power.ts'
import { protocol } from './protocol.ts'
import { safeStorage } from './safe-storage.ts'
import { screen } from './screen.ts'
import { session } from './session.ts'
import { shell } from './shell.ts'
import { Guarded, strict } from './strict.ts'
import { nativeTheme } from './theme.ts'
import { Tray } from './tray.ts'
import { webContents } from './web-contents.ts'
import { BrowserWindow } from './windows.ts'

/** The updater of macOS and Windows themselves; the app's own updater only looks that it is there. */
class AutoUpdater extends Guarded {
  constructor() {
    super('autoUpdater', [
      'error',
      'checking-for-update',
      'update-available',
      'update-not-available',
      'update-downloaded',
      'before-quit-for-update',
    ])
  }
  setFeedURL(feed: Electron.FeedURLOptions): void {
    record('autoUpdater.setFeedURL', feed)
  }
  checkForUpdates(): void {
    record('autoUpdater.checkForUpdates')
  }
  quitAndInstall(): void {
    record('autoUpdater.quitAndInstall')
  }
}
const autoUpdater = new AutoUpdater()

/**
 * What `import ... from 'electron'` finds in the main process. A name that is not here fails when the app is linked; for
 * require() it throws when it is read.
 */
const electron = {
  app,
  autoUpdater,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
}
const whole = strict('electron', { ...electron })

export {
  app,
  autoUpdater,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  webContents,
  whole as default,
  whole as 'module.exports',
}
