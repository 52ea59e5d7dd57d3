import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * `node tests/standin/start.ts <app> [arguments]`: runs the built main script of an app as Electron would, with this folder in the
 * place of `electron`. KEELSON_STANDIN says what computer the app finds itself on (options.ts).
 */
const url = new URL('./electron.ts', import.meta.url).href
const OURS = new Set(['electron', 'electron/main', 'electron/common'])
const NOT_IN_MAIN = new Set(['electron/renderer', 'electron/utility'])
registerHooks({
  resolve(specifier, context, next) {
    if (OURS.has(specifier)) return { url, shortCircuit: true }
    if (NOT_IN_MAIN.has(specifier)) throw new Error(`[standin] ${specifier} cannot be loaded in the main process`)
    return next(specifier, context)
  },
})

const { options, manifest } = await import('./options.ts')
Object.defineProperty(process.versions, 'electron', { enumerable: true, value: options.electronVersion ?? '45.4.1' })
Object.defineProperty(process.versions, 'chrome', { enumerable: true, value: '150.0.0.0' })
Object.assign(process, {
  type: 'browser',
  resourcesPath: options.isPackaged === true ? path.dirname(options.app) : path.join(options.app, 'resources'),
})
if (options.isPackaged !== true) Object.assign(process, { defaultApp: true })
// As Electron's own command line: the program, the app's folder unless it is packaged, then what was asked of it.
process.argv = [process.execPath, ...(options.isPackaged === true ? [] : [options.app]), ...process.argv.slice(3)]

const { app } = await import('./app.ts')
const { listen } = await import('./control.ts')
const { recorder } = options
// Electron shows a box and goes on after what nobody caught; a test has to fail.
const die = (cause: unknown): void => {
  console.error('[standin] uncaught in the main process:', cause)
  app.exit(1)
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (cause: unknown) => (process.listenerCount(event) === 1 ? die(cause) : undefined))
await listen()
if (recorder !== undefined) await import(pathToFileURL(recorder).href)

// Electron is ready only after the main script has run to its end, so one that waits for it at its top level waits forever, here too.
await import(pathToFileURL(path.join(options.app, manifest.main)).href)
app.becomeReady()
