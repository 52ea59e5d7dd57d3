import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Db, openDatabase } from '../../electron/core/db/open.ts'
import { Instant } from '../../shared/domain/time.ts'
import { newDatabase } from './new-database.ts'
import { repoRoot } from './repo-root.ts'

export const AT = Instant.parse('2026-11-20T20:59:58Z')

/** An empty folder that is gone after the test. */
export function tempFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'keelson-data-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A database in a folder of its own, closed and gone after the test. */
export function tempDatabase(dir: string = tempFolder()): Db & { readonly file: string } {
  const file = newDatabase(dir)
  const db = openDatabase({ file, now: () => AT })
  onTestFinished(() => db.close())
  return { ...db, file }
}

/** Permission bits of a path. */
export function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

/** The files of a folder that others than the owner may touch. Windows has no such bits. */
export function openToOthers(dir: string): string[] {
  return process.platform === 'win32' ? [] : readdirSync(dir).filter(name => modeOf(join(dir, name)) !== 0o600)
}

/** Name and content hash of every file directly in a folder. */
export function fingerprint(dir: string): Record<string, string> {
  const files = readdirSync(dir, { withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    files.map(({ name }) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(dir, name)))
        .digest('hex'),
    ]),
  )
}

export interface OtherProcess {
  readonly process: ChildProcess
  /** Answers the next line the other process prints. */
  line(): Promise<string>
  kill(signal: NodeJS.Signals): void
  /** Also what it printed last has been read then. */
  readonly ended: Promise<void>
}

/** Runs a piece of a module in another process; `source(file)` in it names a file of this repository for import. */
export function otherProcess(body: string): OtherProcess {
  const preface = `const source = name => new URL(name, ${JSON.stringify(pathToFileURL(`${repoRoot}/`).href)}).href\n`
  const child = spawn(process.execPath, ['--input-type=module', '-e', preface + body], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) (waiting.shift() ?? (text => void lines.push(text)))(part)
  })
  return {
    process: child,
    line: () =>
      new Promise(resolve => {
        const ready = lines.shift()
        if (ready === undefined) waiting.push(resolve)
        else resolve(ready)
      }),
    kill: signal => void child.kill(signal),
    ended,
  }
}
