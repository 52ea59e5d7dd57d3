import { findChromium } from '../gate/chromium.ts'
import { OPTIONS_VARIABLE, type StandinOptions } from './variable.ts'

/**
 * The stand-in behind the command line of an Electron binary, `node --inspect=0 as-electron.ts -r <script> <app> [arguments]`, so that what
 * starts a real Electron (Playwright) can be tried where there is none.
 */
const OF_ELECTRON = new Set(['--inspect=0', '--remote-debugging-port=0', '--no-sandbox'])

function read(args: readonly string[]): { recorder: string | undefined; app: string; rest: string[] } {
  const at = args.indexOf('-r')
  const recorder = at < 0 ? undefined : args[at + 1]
  const left = args.filter((arg, index) => !OF_ELECTRON.has(arg) && (at < 0 || (index !== at && index !== at + 1)))
  const appAt = left.findIndex(arg => !arg.startsWith('-'))
  const app = left[appAt]
  if (app === undefined) throw new Error('no app was named')
  return { recorder, app, rest: left.toSpliced(appAt, 1) }
}

const { recorder, app, rest } = read(process.argv.slice(2))
const options: StandinOptions = { app, chromium: findChromium() ?? '', ...(recorder === undefined ? {} : { recorder }) }
process.env[OPTIONS_VARIABLE] = JSON.stringify(options)
process.argv = [process.execPath, import.meta.filename, app, ...rest]
await import('./start.ts')
const { endpoint } = await import('./windows.ts')
const { webSocketDebuggerUrl } = (await (await fetch(`${await endpoint()}/json/version`)).json()) as { webSocketDebuggerUrl: string }
process.stderr.write(`\nDevTools listening on ${webSocketDebuggerUrl}\n`)
