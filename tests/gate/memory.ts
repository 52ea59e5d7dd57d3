import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import path from 'node:path'

/** Where Linux keeps a file system in memory; other systems have none for everybody. */
const MEMORY = '/dev/shm'
const MOUNTS = '/proc/mounts'
const NAME = 'keelson-gate-'
/** Bytes: several times what the tests leave at once. */
const ROOM = 4 * 2 ** 30

/**
 * A new folder in memory for what the tests write, or undefined where there is none with room. Every commit of a test waits for the disk
 * otherwise, a third of the gate's time. What it shows is the same: tests end processes, none of them takes the power away.
 */
export function folderInMemory(root: string = MEMORY, room: number = ROOM): string | undefined {
  if (!existsSync(root)) return undefined
  try {
    accessSync(root, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(root)
    if (bavail * bsize < room || mayNotRun(root)) return undefined
    forgetOld(root)
    return mkdtempSync(path.join(root, `${NAME}${process.pid}-`))
  } catch {
    return undefined
  }
}

/** Whether programs may not be started from it: some tests write one and run it. */
function mayNotRun(root: string): boolean {
  const mounts = existsSync(MOUNTS) ? readFileSync(MOUNTS, 'utf8').split('\n') : []
  return mounts.some(line => line.split(' ')[1] === root && line.split(' ')[3]?.split(',').includes('noexec') === true)
}

/** Takes away what a gate that was killed has left: memory is dearer than disk. */
function forgetOld(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = new RegExp(`^${NAME}(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !lives(Number(pid))) rmSync(path.join(root, name), { recursive: true, force: true })
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
