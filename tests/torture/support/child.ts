import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { COMPILED } from './folder.ts'

/** A process of the run that can be struck down at any moment. */
export interface Child {
  readonly pid: number
  /** The next thing it says; null when it ended without. */
  next(): Promise<unknown>
  tell(message: object): void
  /** The same with a bare word. */
  say(word: string): void
  strike(signal: NodeJS.Signals): void
  /** Resolves with how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** What it wrote to its error output so far. */
  complaint(): string
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Told of everything it says, at once. */
  readonly onMessage?: (message: unknown) => void
  /** A command that prepares the ground and then becomes the program. */
  readonly through?: readonly string[]
}

/** Starts one of the programs of tests/torture/children. */
export function startChild(program: string, args: readonly string[], { env = {}, onMessage, through = [] }: ChildOptions = {}): Child {
  const [command = '', ...rest] = [...through, process.execPath, path.join(import.meta.dirname, '../children', program), ...args]
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
  })
  const heard: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>()
  let complaint = ''
  let over = false
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  child.on('message', message => {
    onMessage?.(message)
    const listener = waiting.shift()
    if (listener) listener(message)
    else heard.push(message)
  })
  // What it said last may arrive after the news of its end.
  child.on('close', (code, signal) => {
    over = true
    for (const listener of waiting.splice(0)) listener(null)
    ended.resolve({ code, signal })
  })
  return {
    pid: child.pid ?? 0,
    next: () => (heard.length > 0 || over ? Promise.resolve(heard.shift() ?? null) : new Promise(resolve => void waiting.push(resolve))),
    tell: message => tell(child, message),
    say: word => tell(child, word),
    strike: signal => void child.kill(signal),
    ended: ended.promise,
    complaint: () => complaint,
  }
}

function tell(child: ChildProcess, message: object | string): void {
  // It may be gone already, which its end tells.
  if (child.connected) child.send(message, () => undefined)
}
