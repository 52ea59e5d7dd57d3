import { homedir } from 'node:os'
import path from 'node:path'

export interface DataDirChoice {
  /** `--data-dir`, when given. */
  readonly flag?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  readonly home?: string
}

/**
 * Where Keelson keeps its data: `--data-dir`, else KEELSON_DATA_DIR, else the place the system gives applications
 * (XDG_DATA_HOME on Linux, Application Support on macOS, LOCALAPPDATA on Windows). Always absolute.
 */
export function resolveDataDir({ flag, env, platform = process.platform, home }: DataDirChoice): string {
  const chosen = flag || env['KEELSON_DATA_DIR']
  return chosen
    ? path.resolve(chosen)
    : path.join(applicationFolder(platform, env, home ?? homedir()), platform === 'linux' ? 'keelson' : 'Keelson')
}

function applicationFolder(platform: NodeJS.Platform, env: DataDirChoice['env'], home: string): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] || path.join(home, 'AppData', 'Local')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support')
  const xdg = env['XDG_DATA_HOME']
  // The XDG base directory specification: a relative path there is invalid and to be ignored.
  return xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share')
}
