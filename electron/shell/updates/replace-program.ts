import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'
import { assertIntact } from './download.ts'
import type { UpdateFile } from './manifest.ts'

/**
 * Puts a program in the place of another in one step: whoever starts it, even after a crash in the middle, gets the old one or the
 * new one whole. Rejects with update/damaged when what would be started is not the file described, and with update/not-writable.
 */
export async function replaceProgram(fresh: string, old: string, file: UpdateFile): Promise<void> {
  const place = realPlace(old)
  // A name of its own, so that two copies that update at once do not write into each other's.
  const draft = path.join(path.dirname(place), `.${path.basename(place)}.${process.pid}-${randomUUID().slice(0, 8)}.new`)
  try {
    discardLeftOver(place)
    // Never into what is there already: in a folder open to others it could be theirs, or a link of theirs.
    copyFileSync(fresh, draft, constants.COPYFILE_EXCL)
    await assertIntact(draft, file)
    chmodSync(draft, statSync(place).mode | 0o500)
    writeThrough(draft)
    renameSync(draft, place)
    writeThrough(path.dirname(place))
  } catch (cause) {
    discard(draft)
    if (cause instanceof AppError) throw cause
    const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    throw isFull
      ? new AppError('update/no-room', { cause })
      : new AppError('update/not-writable', { details: { place: path.dirname(place) }, cause })
  }
}

function realPlace(file: string): string {
  try {
    return realpathSync(file)
  } catch (cause) {
    throw new AppError('update/not-writable', { details: { place: file }, cause })
  }
}

/** Drafts of copies that were killed. */
function discardLeftOver(place: string): void {
  const begin = `.${path.basename(place)}.`
  for (const name of readdirSync(path.dirname(place))) {
    const pid = name.startsWith(begin) ? /^(\d+)-[\w-]+\.new$/.exec(name.slice(begin.length))?.[1] : undefined
    if (pid !== undefined && !isRunning(Number(pid))) discard(path.join(path.dirname(place), name))
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return !(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')
  }
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true })
  } catch {
    // What stands in the way there is not ours.
  }
}

function writeThrough(place: string): void {
  const fd = openSync(place, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
