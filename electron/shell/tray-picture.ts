import type { TrayIcon } from './tray-model.ts'

/**
 * The file of a state's picture in `resources/tray`: macOS tints one without colour to fit its bar, told by the end of the name; Linux
 * desktops shrink a large one; Windows takes the size for its screen from the files beside it.
 */
export function trayPicture(icon: TrayIcon, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return `tray-${icon}Template.png`
  return platform === 'win32' ? `tray-${icon}.png` : `tray-${icon}-large.png`
}
