import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { Turns } from './turns.ts'

export const root = path.resolve(import.meta.dirname, '../..')
export const bin = (name: string): string => path.join(root, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name)

/** How long the last words of a program that ended may be on their way. */
const LAST_WORDS_MS = 2000

const turns = new Turns(words => void process.stdout.write(words))

export interface Command {
  readonly title: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Whether it stands back where others want the processor too. */
  readonly yields?: boolean
}

/** Runs a command and shows what it says under its title; answers whether it ended well. */
export async function run({ title, command, args, env = {}, yields = false }: Command): Promise<boolean> {
  const { say, end } = turns.begin()
  say(`\n# ${title}\n`)
  const began = Date.now()
  const child = spawn(...(yields ? standingBack(command, args) : ([command, args] as const)), {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, ...colours(), PATH: `${path.dirname(bin('x'))}${path.delimiter}${process.env['PATH'] ?? ''}`, ...env },
  })
  child.stdout.on('data', say)
  child.stderr.on('data', say)
  const ok = await new Promise<boolean>(resolve => {
    child.once('error', error => {
      say(`${error.message}\n`)
      resolve(false)
    })
    child.once('exit', code => resolve(code === 0))
  })
  await heard(child)
  say(`# ${title}: ${ok ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`)
  end()
  return ok
}

/** Resolves when it has said everything. What it left running may hold its mouth open for ever: that is not waited for. */
async function heard(child: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
  const open = [child.stdout, child.stderr].filter(stream => !stream.closed)
  const timer = setTimeout(() => open.forEach(stream => stream.destroy()), LAST_WORDS_MS)
  await Promise.all(open.map(stream => once(stream, 'close')))
  clearTimeout(timer)
}

/**
 * The same command, standing back: a third of what the others get where all want a processor, and everything they leave. Less would starve
 * it where a test waits with a limit. Windows has no such step between all and next to nothing.
 */
function standingBack(command: string, args: readonly string[]): [string, readonly string[]] {
  return process.platform === 'win32' ? [command, args] : ['nice', ['-n', '5', command, ...args]]
}

/** Through a pipe a program sees no terminal, and would leave its colours out. */
function colours(): NodeJS.ProcessEnv {
  return process.stdout.isTTY && process.env['NO_COLOR'] === undefined ? { FORCE_COLOR: '1' } : {}
}
