import { type ChildProcess, fork, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright/test'
import { findChromium } from '../gate/chromium.ts'
import { OPTIONS_VARIABLE, type StandinOptions } from '../standin/variable.ts'
import type { DesktopOptions, Host } from './desktop.ts'
import { recorderScript } from './recorder-script.ts'

const root = path.resolve(import.meta.dirname, '../..')
const START = path.join(root, 'tests/standin/start.ts')
/** The app and the stand-in as they were compiled the first time: a third of what a start takes of the processor. */
const COMPILED = path.join(tmpdir(), 'keelson-desktop-compiled')

type Said = { kind: 'started' } | { kind: 'endpoint'; address: string } | { kind: 'answer'; id: number; ok: boolean; value: unknown }

/** Starts the app's built main script over the stand-in. */
export async function startStandin(options: DesktopOptions): Promise<Host> {
  const { args, env } = commandOf(options)
  const child = fork(START, args, { cwd: root, silent: true, serialization: 'advanced', execArgv: [], execPath: process.execPath, env })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => output.push(part.toString('utf8')))
  const exited = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  const channel = channelTo(child, exited, () => output.join(''))
  let browser: Promise<Browser> | undefined
  await withLimit(channel.started, options.timeoutMs, child, () => output.join(''))
  return {
    kind: 'standin',
    pid: child.pid ?? 0,
    exited,
    evaluate: (fn, arg) => channel.run(String(fn), arg, 'electron') as never,
    computer: (fn, arg) => channel.run(String(fn), arg, 'standin') as never,
    async page() {
      const targets = (await channel.run('standin => standin.targets()', undefined, 'standin')) as string[]
      const wanted = targets.at(-1)
      if (wanted === undefined) return undefined
      browser ??= channel.endpoint().then(address => chromium.connectOverCDP(address))
      for (const page of (await browser).contexts().flatMap(context => context.pages())) if ((await targetOf(page)) === wanted) return page
      return undefined
    },
    startAgain: more => runBeside({ ...options, args: more }),
    output: () => output.join(''),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async release() {
      await (await browser?.catch(() => undefined))?.close().catch(() => undefined)
    },
  }
}

const targets = new WeakMap<Page, string>()

/** Chromium's name of a page; null when it is going. */
async function targetOf(page: Page): Promise<string | null> {
  const known = targets.get(page)
  if (known !== undefined) return known
  try {
    const session = await page.context().newCDPSession(page)
    const { targetInfo } = await session.send('Target.getTargetInfo')
    targets.set(page, targetInfo.targetId)
    await session.detach()
    return targetInfo.targetId
  } catch {
    return null
  }
}

function commandOf({
  dataDir,
  args = [],
  env = {},
  computer = {},
  app = process.env['KEELSON_DESKTOP_APP'] ?? root,
  isPackaged = false,
}: DesktopOptions): {
  args: string[]
  env: NodeJS.ProcessEnv
} {
  // Where no browser is installed, the gate has downloaded Playwright's own.
  const browser = findChromium() ?? chromium.executablePath()
  const settings: StandinOptions = { app, isPackaged, chromium: browser, recorder: recorderScript(), ...computer }
  // What the app writes for the user's session stays in the test's own folder.
  const home = { XDG_CONFIG_HOME: path.join(dataDir, 'home/config'), XDG_DATA_HOME: path.join(dataDir, 'home/data') }
  return {
    args: [app, `--data-dir=${dataDir}`, ...args],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: COMPILED,
      ...home,
      ...env,
      [OPTIONS_VARIABLE]: JSON.stringify(settings),
    },
  }
}

function channelTo(child: ChildProcess, exited: Promise<number | null>, output: () => string) {
  const started = Promise.withResolvers<void>()
  const endpoint = Promise.withResolvers<string>()
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  child.on('message', (said: Said) => {
    if (said.kind === 'started') started.resolve()
    else if (said.kind === 'endpoint') endpoint.resolve(said.address)
    else {
      const call = waiting.get(said.id)
      waiting.delete(said.id)
      if (said.ok) call?.resolve(said.value)
      else call?.reject(new Error(String(said.value)))
    }
  })
  void exited.then(code => {
    const gone = new Error(`the app ended with ${code}\n${output()}`)
    for (const { reject } of [started, endpoint, ...waiting.values()]) reject(gone)
  })
  endpoint.promise.catch(() => undefined)
  return {
    started: started.promise,
    endpoint(): Promise<string> {
      child.send({ kind: 'endpoint' })
      return endpoint.promise
    },
    run(fn: string, arg: unknown, of: 'electron' | 'standin'): Promise<unknown> {
      if (!child.connected) return Promise.reject(new Error(`the app has ended\n${output()}`))
      const id = (count += 1)
      const call = Promise.withResolvers<unknown>()
      waiting.set(id, call)
      child.send({ id, fn, arg, of })
      return call.promise
    },
  }
}

async function withLimit(started: Promise<void>, timeoutMs: number | undefined, child: ChildProcess, output: () => string): Promise<void> {
  if (timeoutMs === undefined) return started
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the app was not ready after ${timeoutMs} ms (does it wait for whenReady at its top level?)\n${output()}`))
    }, timeoutMs)
  })
  await Promise.race([started, late]).finally(() => clearTimeout(timer))
}

function runBeside(options: DesktopOptions): Promise<number | null> {
  const { args, env } = commandOf(options)
  const child = spawn(process.execPath, [START, ...args], { cwd: root, stdio: 'ignore', env })
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve))
}
