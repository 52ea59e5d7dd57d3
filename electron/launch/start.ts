import path from 'node:path'
import { build, isBuilt } from './build.ts'
import { downloadElectron, findElectron, noWindowBecause } from './electron-binary.ts'
import { run } from './run.ts'

type Env = Readonly<Record<string, string | undefined>>

const root = path.resolve(import.meta.dirname, '../..')
/** A window that fails sooner than this did not open: a library is missing, or the display refused it. */
const OPENED_MS = 5000

/**
 * Builds what is out of date, then opens the desktop window; where that is not possible, says why in one line and starts the
 * same app in the browser. `--headless` asks for the browser outright; other options go to the app. Answers with its exit code.
 */
export async function start(args: readonly string[], env: Env): Promise<number> {
  if (!isBuilt(root)) {
    console.log('Building Keelson ...')
    if (!build(root)) return 1
  }
  const rest = args.filter(arg => arg !== '--headless')
  if (rest.length < args.length) return startInBrowser(rest)

  const because = noWindowBecause(env, process.platform, process.getuid?.() === 0)
  if (because !== undefined) return explainAndStart(because, rest)
  const binary = findElectron(root, env) ?? ((await downloadElectron(root, env)) ? findElectron(root, env) : undefined)
  if (binary === undefined) return explainAndStart('Electron is not installed and cannot be downloaded', rest)

  const began = performance.now()
  const code = await run(binary, [root, ...rest], root)
  const opened = code === 0 || performance.now() - began > OPENED_MS
  return opened ? code : explainAndStart('The desktop window could not be opened', rest)
}

function explainAndStart(because: string, args: readonly string[]): Promise<number> {
  console.log(`${because}, so Keelson starts in your browser.`)
  return startInBrowser(args)
}

function startInBrowser(args: readonly string[]): Promise<number> {
  const command = path.join(root, 'out/headless/keelson.js')
  // A first start asks nothing: whoever wants a passphrase sets KEELSON_PASSPHRASE or runs `keelson serve` in a terminal.
  return run(process.execPath, [command, 'serve', '--ask-passphrase', 'existing', ...args], root)
}
