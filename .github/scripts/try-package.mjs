// Starts the program that ships and tries to turn it into something else:  node .github/scripts/try-package.mjs <folder of the program>
// What the fuses promise can only be seen here: a test over Playwright needs them off.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PROGRAMS = { darwin: 'Keelson.app/Contents/MacOS/Keelson', win32: 'Keelson.exe', linux: 'keelson' }
const ARCHIVES = { darwin: 'Keelson.app/Contents/Resources/app.asar', win32: 'resources/app.asar', linux: 'resources/app.asar' }
const OPEN_MS = 90_000
const STOP_MS = 30_000
const LOOK_MS = 250
const INSPECT_PORT = 9329

const platform = /** @type {'darwin' | 'win32' | 'linux'} */ (process.platform)

/**
 * Starts the program with a data folder of its own, and answers once its database is there, it has ended, or it had time enough.
 * @param {string} folder
 * @param {{ args?: string[], env?: Record<string, string> }} how
 */
async function start(folder, { args = [], env = {} } = {}) {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'keelson-try-'))
  const child = spawn(path.join(folder, PROGRAMS[platform]), args, {
    stdio: 'ignore',
    env: { ...process.env, KEELSON_DATA_DIR: dataDir, ...env },
  })
  /** @type {Promise<number | string | null>} */
  const ended = new Promise(resolve =>
    child.once('exit', (code, signal) => resolve(code ?? signal)).once('error', error => resolve(error.message)),
  )
  let isOver = false
  void ended.then(() => (isOver = true))
  const until = Date.now() + OPEN_MS
  while (!existsSync(path.join(dataDir, 'keelson.db')) && !isOver && Date.now() < until) await sleep(LOOK_MS)
  return { child, ended, isOpen: existsSync(path.join(dataDir, 'keelson.db')) && !isOver, dataDir }
}

/** @param {Awaited<ReturnType<typeof start>>} running */
async function stop({ child, ended, dataDir }) {
  if (child.exitCode === null && child.signalCode === null) child.kill()
  const how = await Promise.race([ended, sleep(STOP_MS, 'nothing', { ref: false })])
  if (how === 'nothing') child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: LOOK_MS })
  return how
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function listens(port) {
  return new Promise(resolve => {
    const socket = net.connect(port, '127.0.0.1')
    socket
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => socket.destroy())
  })
}

/** @type {[string, (folder: string, work: string) => Promise<boolean>][]} */
const TRIES = [
  [
    'starts, opens its database and ends in order',
    async folder => {
      const running = await start(folder)
      const how = await stop(running)
      return running.isOpen && (platform === 'win32' || how === 0)
    },
  ],
  [
    'is no Node, whatever the environment says',
    async (folder, work) => {
      const marker = path.join(work, 'ran-as-node')
      await stop(
        await start(folder, {
          args: ['-e', `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`],
          env: { ELECTRON_RUN_AS_NODE: '1' },
        }),
      )
      return !existsSync(marker)
    },
  ],
  [
    'loads no file NODE_OPTIONS names',
    async (folder, work) => {
      const [script, marker] = [path.join(work, 'required.cjs'), path.join(work, 'required')]
      writeFileSync(script, `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`)
      await stop(await start(folder, { env: { NODE_OPTIONS: `--require ${JSON.stringify(script)}` } }))
      return !existsSync(marker)
    },
  ],
  [
    'opens no inspector',
    async folder => {
      const running = await start(folder, { args: [`--inspect=${INSPECT_PORT}`] })
      if (platform !== 'win32' && running.isOpen) running.child.kill('SIGUSR1')
      await sleep(2000)
      const open = (await listens(INSPECT_PORT)) || (await listens(9229))
      await stop(running)
      return !open
    },
  ],
  [
    'runs no app beside its archive',
    async (folder, work) => {
      const copy = path.join(work, 'beside')
      cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
      const [app, marker] = [path.join(copy, path.dirname(ARCHIVES[platform]), 'app'), path.join(work, 'ran-beside')]
      cpSync(path.join(import.meta.dirname, 'try-package-app'), app, { recursive: true })
      await stop(await start(copy, { env: { KEELSON_MARKER: marker } }))
      return !existsSync(marker)
    },
  ],
]

/** Electron checks its archive on these two only. */
if (platform !== 'linux')
  TRIES.push([
    'does not start from a changed archive',
    async (folder, work) => {
      const copy = path.join(work, 'changed')
      cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
      const archive = path.join(copy, ARCHIVES[platform])
      const bytes = readFileSync(archive)
      const at = bytes.indexOf('app.enableSandbox()')
      if (at < 0) throw new Error('there is nothing to change in the archive')
      bytes.write('app.enableSandbxx()', at)
      writeFileSync(archive, bytes)
      const running = await start(copy)
      await stop(running)
      return !running.isOpen
    },
  ])

const folder = path.resolve(process.argv[2] ?? '')
const work = mkdtempSync(path.join(os.tmpdir(), 'keelson-tries-'))
for (const [name, attempt] of TRIES) {
  const passed = await attempt(folder, work)
  process.stdout.write(`${passed ? 'ok' : 'FAILED'}: it ${name}\n`)
  if (!passed) process.exitCode = 1
}
rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: LOOK_MS })
