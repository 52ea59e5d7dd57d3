import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ErrorCode } from '../../../shared/contract/errors.ts'

/** The copy of Keelson that runs, as its host knows it. */
export interface RunningCopy {
  readonly version: string
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly isPackaged: boolean
  /** The folder with `app-update.yml` and, in a package of Linux, `package-type`. */
  readonly resourcesPath: string
  readonly execPath: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Why this copy never updates itself, whatever a feed says; null when it may. */
export function whyOff(copy: RunningCopy, hasKeys: boolean): ErrorCode | null {
  if (!copy.isPackaged) return 'update/not-packaged'
  const kind = whyNotThisKind(copy)
  if (kind !== null) return kind
  return hasKeys ? null : 'update/no-key'
}

function whyNotThisKind(copy: RunningCopy): ErrorCode | null {
  if (copy.platform === 'darwin') return null
  if (copy.platform === 'win32') return copy.env['PORTABLE_EXECUTABLE_FILE'] === undefined ? null : 'update/portable'
  if (copy.platform !== 'linux') return 'update/by-hand'
  if (isFromPackage(copy)) return 'update/package-manager'
  return appImageOf(copy) === null ? 'update/by-hand' : null
}

function isFromPackage({ resourcesPath, env }: RunningCopy): boolean {
  if (env['SNAP'] !== undefined || env['FLATPAK_ID'] !== undefined) return true
  try {
    return ['deb', 'rpm', 'pacman'].includes(readFileSync(path.join(resourcesPath, 'package-type'), 'utf8').trim())
  } catch {
    return false
  }
}

/**
 * The AppImage this copy was started from; null when it was not. What another AppImage that started this one left in the
 * environment names that other one, which must not be replaced.
 */
export function appImageOf({ env, execPath }: Pick<RunningCopy, 'env' | 'execPath'>): string | null {
  const { APPIMAGE: file, APPDIR: mounted } = env
  if (file === undefined || mounted === undefined || !path.isAbsolute(file) || !path.isAbsolute(mounted)) return null
  return execPath.startsWith(`${path.resolve(mounted)}${path.sep}`) ? file : null
}
