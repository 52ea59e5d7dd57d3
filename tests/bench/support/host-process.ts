import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { get } from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HostFile, readHostFile } from '../../../electron/headless/host-file.ts'
import { listFiles, repoRoot } from '../../support/source-tree.ts'
import { atEnd } from './at-end.ts'

const ENTRY = path.join(repoRoot, 'out/headless/keelson.js')

/** The built command; built first when it is not there or older than its sources. */
export function builtCommand(): string {
  if (!checked && isStale()) {
    const builder = path.join(repoRoot, 'node_modules/electron-vite/bin/electron-vite.js')
    execFileSync(process.execPath, [builder, 'build'], { cwd: repoRoot, stdio: 'ignore' })
  }
  checked = true
  return ENTRY
}

let checked = false

function isStale(): boolean {
  if (!existsSync(ENTRY)) return true
  const built = statSync(ENTRY).mtimeMs
  return ['electron', 'shared'].flatMap(folder => listFiles(folder)).some(file => statSync(path.join(repoRoot, file)).mtimeMs > built)
}

export interface HostProcess extends Disposable {
  readonly process: ChildProcess
  /** The one-time link. */
  readonly link: string
}

export interface HostOptions {
  readonly dataDir: string
  /** For Node itself, before the entry file. */
  readonly nodeArgs?: readonly string[]
}

/** Starts the built headless host as a user would and waits for its link. */
export async function startHost({ dataDir, nodeArgs = [] }: HostOptions): Promise<HostProcess> {
  const args = [...nodeArgs, builtCommand(), 'serve', '--port', '0', '--no-open', '--json', '--data-dir', dataDir]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  killWithUs(child)
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', code => reject(new Error(`the host ended with ${code}: ${text}`)))
  })
  const { link } = JSON.parse(line.slice(0, line.indexOf('\n'))) as { link: string }
  return { process: child, link, [Symbol.dispose]: () => end(child) }
}

/** How to call this host; it says so once its core is open. */
export async function hostFileOf({ process: { pid } }: HostProcess, dataDir: string): Promise<HostFile> {
  for (;;) {
    const found = readHostFile(dataDir)
    if (found && found.pid === pid) return found
    await sleep(50)
  }
}

/** A Node that does nothing until it is killed. */
export function startBareNode(nodeArgs: readonly string[] = []): { readonly process: ChildProcess } & Disposable {
  const child = spawn(process.execPath, [...nodeArgs, '-e', 'setInterval(() => {}, 2 ** 31 - 1)'], { stdio: 'ignore' })
  killWithUs(child)
  return { process: child, [Symbol.dispose]: () => end(child) }
}

function end(child: ChildProcess): void {
  child.kill('SIGKILL')
}

function killWithUs(child: ChildProcess): void {
  child.once(
    'exit',
    atEnd(() => end(child)),
  )
}

/** Opens an address and answers its status. */
export function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, answer => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    }).once('error', reject)
  })
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise(resolve => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))
}

/** A field of /proc/<pid>/status, or of one of its threads: kilobytes or a count. NaN where there is no /proc. */
export function statusField(pid: number | undefined, name: string, task?: string): number {
  const file = task === undefined ? `/proc/${pid}/status` : `/proc/${pid}/task/${task}/status`
  const line = existsSync(file) ? readFileSync(file, 'utf8').match(new RegExp(`^${name}:\\s*(\\d+)`, 'm')) : null
  return Number(line?.[1] ?? Number.NaN)
}
