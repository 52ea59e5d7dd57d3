import { execFile } from 'node:child_process'

/** Runs a program and answers what it wrote; rejects when it is not there, fails or takes too long. */
export type Run = (program: string, args: readonly string[]) => Promise<string>

const PATIENCE_MS = 2_000
const WATCHER = 'org.kde.StatusNotifierWatcher'
/** One of these is on every desktop with a session bus. */
const ASK: readonly (readonly [string, readonly string[]])[] = [
  [
    'busctl',
    ['--user', '--no-pager', 'call', 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner', 's', WATCHER],
  ],
  [
    'gdbus',
    [
      'call',
      '--session',
      '--dest',
      'org.freedesktop.DBus',
      '--object-path',
      '/org/freedesktop/DBus',
      '--method',
      'org.freedesktop.DBus.NameHasOwner',
      WATCHER,
    ],
  ],
  [
    'dbus-send',
    [
      '--session',
      '--print-reply=literal',
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      `string:${WATCHER}`,
    ],
  ],
]

/**
 * Whether a Linux desktop shows tray icons: it does when somebody owns the name of the StatusNotifier specification's watcher on the
 * session bus. False when nobody can be asked.
 */
export async function hasStatusNotifier(env: Readonly<Record<string, string | undefined>>, run: Run = runProgram): Promise<boolean> {
  if (env['KEELSON_TRAY'] === 'yes' || env['KEELSON_TRAY'] === 'no') return env['KEELSON_TRAY'] === 'yes'
  for (const [program, args] of ASK) {
    const said = await run(program, args).catch(() => null)
    if (said !== null) return /\btrue\b/.test(said)
  }
  return false
}

function runProgram(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: PATIENCE_MS, windowsHide: true }, (failure, output) =>
      failure ? reject(failure) : resolve(output),
    )
  })
}
