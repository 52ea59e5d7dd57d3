import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }
const RELEASES = 'https://github.com/electron/electron/releases/'
const REACHABLE_MS = 5000
const DOWNLOAD_MS = 15 * 60_000

/** The Electron binary of this checkout, or the one of ELECTRON_OVERRIDE_DIST_PATH; undefined when it is not on this disk. */
export function findElectron(root: string, env: Env, platform: NodeJS.Platform = process.platform): string | undefined {
  const folder = path.join(root, 'node_modules/electron')
  const pathFile = path.join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : (NAMES[platform] ?? 'electron')
  const binary = path.join(env['ELECTRON_OVERRIDE_DIST_PATH'] || path.join(folder, 'dist'), name)
  return existsSync(binary) ? binary : undefined
}

/** Why no window can be opened here whatever is installed; undefined when one can. */
export function noWindowBecause(env: Env, platform: NodeJS.Platform, isRoot: boolean): string | undefined {
  if (platform !== 'linux') return undefined
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'There is no display here'
  return isRoot ? 'Electron does not open a window for root' : undefined
}

/**
 * Downloads Electron once, with its own progress on the terminal. Asks first whether the place answers at all, because without
 * a network the download itself tries for a long time. False when there is still no binary.
 */
export async function downloadElectron(root: string, env: Env): Promise<boolean> {
  // An explicit place is the user's own business, whether there is a binary in it or not.
  if (env['ELECTRON_OVERRIDE_DIST_PATH'] || !(await answers(env['ELECTRON_MIRROR'] || RELEASES))) return false
  console.log('Downloading Electron, once ...')
  const installer = path.join(root, 'node_modules/electron/install.js')
  const { status } = spawnSync(process.execPath, [installer], { cwd: root, stdio: ['ignore', 'inherit', 'ignore'], timeout: DOWNLOAD_MS })
  return status === 0
}

async function answers(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_MS) })
    return status < 500
  } catch {
    return false
  }
}
