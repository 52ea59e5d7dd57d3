import { type FSWatcher, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What a second start hands to the first. */
export interface Knock {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly data: unknown
}

export interface InstanceLock {
  release(): void
}

/**
 * One app at a time for a folder, across processes: a file names the one that holds it, and whoever comes later leaves a note
 * for it. Answers null when another running process holds it; then the note has been left.
 */
export function lockInstance(folder: string, mine: Knock, onKnock: (knock: Knock) => void): InstanceLock | null {
  const file = path.join(folder, 'instance.lock')
  const notes = path.join(folder, 'instance-notes')
  mkdirSync(notes, { recursive: true })
  if (!claim(file)) {
    const note = path.join(notes, `${process.pid}-${process.hrtime.bigint()}`)
    writeFileSync(`${note}.tmp`, JSON.stringify(mine))
    renameSync(`${note}.tmp`, `${note}.json`)
    return null
  }
  const watcher = watch(notes, () => readNotes(notes, onKnock))
  return {
    release() {
      endWatch(watcher)
      if (holder(file) === process.pid) rmSync(file, { force: true })
    },
  }
}

function endWatch(watcher: FSWatcher): void {
  watcher.close()
}

function claim(file: string): boolean {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return true
    } catch {
      const pid = holder(file)
      if (pid === process.pid) return true
      if (pid !== null && isRunning(pid)) return false
      // Whoever held it was killed.
      rmSync(file, { force: true })
    }
  }
}

function holder(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function readNotes(notes: string, onKnock: (knock: Knock) => void): void {
  for (const name of readdirSync(notes).filter(each => each.endsWith('.json'))) {
    const note = path.join(notes, name)
    const knock = JSON.parse(readFileSync(note, 'utf8')) as Knock
    rmSync(note)
    onKnock(knock)
  }
}
