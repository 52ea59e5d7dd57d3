import { autoUpdater } from 'electron'

/**
 * Lets Squirrel.Mac take what was downloaded: it compares the code signature with that of the running app and puts the new one beside
 * it. Rejects when it does not accept it.
 */
export function stage(): Promise<void> {
  return new Promise((resolve, reject) => {
    autoUpdater.once('update-downloaded', () => resolve())
    autoUpdater.once('error', reject)
    autoUpdater.checkForUpdates()
  })
}
