import { packagedApp } from '../packaging/packaged-app.ts'
import type { DesktopOptions } from './desktop.ts'
import { isRealElectron } from './launch.ts'

/** The app as it lies in its package; a real Electron runs the same bundles, since the fuses of a package keep tests out. */
export function asPackaged(): Partial<DesktopOptions> {
  return isRealElectron ? {} : { app: packagedApp('linux', 'x64').extracted, isPackaged: true }
}
