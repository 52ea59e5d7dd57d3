import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { test as base, type Page } from 'playwright/test'
import { type Sandbox, startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { STAND_IDS, standVariable } from '../../electron/core/sandbox/stands.ts'
import type { Instant } from '../../shared/domain/time.ts'

const root = path.resolve(import.meta.dirname, '../..')
const node = path.join(root, 'node_modules/.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

/** A running `keelson serve`, as built. */
export interface Host {
  readonly link: string
  readonly url: string
  readonly dataDir: string
  output(): string
  stop(): Promise<void>
}

/** Starts the built headless host on a data folder and a free port; answers when it listens. */
export async function startHost(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<Host> {
  const child = spawn(node, [path.join(root, 'out/headless/keelson.js'), 'serve', '--port', '0', '--no-open', '--json', '--ask-passphrase', 'never', '--data-dir', dataDir], {
    env: { ...process.env, KEELSON_PASSPHRASE: 'correct horse battery staple', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  child.stderr.on('data', (part: Buffer) => lines.push(part.toString('utf8')))
  const ready = await new Promise<{ url: string; link: string }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      lines.push(line)
      const message: unknown = JSON.parse(line)
      if (isListening(message)) resolve(message)
    })
    child.once('exit', code => reject(new Error(`the host ended with ${code}\n${lines.join('\n')}`)))
  })
  return { ...ready, dataDir, output: () => lines.join('\n'), stop: () => end(child) }
}

/** What a command says to a host that runs on its folder; rejects where it fails. */
export async function command({ dataDir }: Pick<Host, 'dataDir'>, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(node, [path.join(root, 'out/headless/keelson.js'), ...words, '--data-dir', dataDir])
  return stdout
}

/** The lines of the host's log that say something went wrong. */
function warnings(dataDir: string): string {
  const lines = readFileSync(path.join(dataDir, 'logs', 'keelson.log'), 'utf8').split('\n')
  return lines.filter(line => /"level":"(?:warn|error)"|request\.failed/.test(line)).join('\n')
}

function isListening(message: unknown): message is { url: string; link: string } {
  return typeof message === 'object' && message !== null && 'event' in message && message.event === 'listening'
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** What each simulated broker has to tell: some weeks, for a test that looks at none of it or at the newest, or all its years. */
type Rows = 'some' | 'all'
const SOME = 150

export interface Options {
  rows: Rows
}

export interface Fixtures {
  /** Simulators in the test's own process, so that it can break them. */
  sandbox: Sandbox
  /** A host of its own on a fresh folder, talking to these simulators. */
  host: Host
  dataDir: string
  /** Starts the host again on the same folder, for restarts. */
  restart: () => Promise<Host>
  /** Errors and refused resources of every page; a test fails when any is left. */
  complaints: string[]
}

export const test = base.extend<Fixtures & Options>({
  rows: ['all', { option: true }],
  // Playwright insists on a destructured first argument.
  // oxlint-disable-next-line no-empty-pattern
  dataDir: async ({}, provide) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'keelson-e2e-'))
    await provide(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  sandbox: async ({ rows }, provide) => {
    const size = rows === 'some' ? { activities: SOME } : {}
    const sandbox = await startSandbox({ seed: 11, size, now: () => new Date().toISOString() as Instant })
    // A report that is made at once: for one still being made the app waits by the clock, for each year and account.
    sandbox.control('ibkr-flex').knobs.set('in-progress', '0')
    await provide(sandbox)
    await sandbox.close()
  },
  host: async ({ dataDir, sandbox }, provide, info) => {
    const host = await startHost(dataDir, sandboxEnv(sandbox))
    await provide(host)
    await host.stop()
    // What the host had to say explains a failure better than the page does.
    if (info.status !== info.expectedStatus) console.log(`${host.output()}\n${warnings(dataDir)}`)
  },
  restart: async ({ dataDir, sandbox, host }, provide) => {
    const started: Host[] = []
    await provide(async () => {
      await (started.at(-1) ?? host).stop()
      const next = await startHost(dataDir, sandboxEnv(sandbox))
      started.push(next)
      return next
    })
    await started.at(-1)?.stop()
  },
  complaints: async ({ context }, provide) => {
    const complaints: string[] = []
    const watch = (page: Page): void => {
      page.on('pageerror', error => complaints.push(error.message))
      page.on('console', message => {
        if (message.type() === 'error') complaints.push(message.text())
      })
    }
    context.on('page', watch)
    await provide(complaints)
  },
})

/** The addresses of every simulated broker, for a host of one's own, which asks them more often than it may ask the brokers they play. */
export function sandboxEnv(sandbox: Sandbox): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), sandbox.urls[stand]])), KEELSON_SANDBOX_HASTE: '20' }
}
