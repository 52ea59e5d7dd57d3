import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.ts'

/** Space set aside in the data folder, so that a token that cannot be had twice is saved even on a full disk. */
export interface Ballast {
  /** Runs a write; when the disk is full, gives the space free and runs it once more. Throws what the write throws. */
  makeRoomFor<T>(write: () => T): T
  /** Sets the space aside again, if there is any. Never throws. */
  restore(): void
}

const NAME = 'ballast'
/** A token commit writes a dozen pages to the log and the file, several times less than this. */
const BYTES = 262_144
const CHUNK = Buffer.alloc(4096, 'keelson ')

export function createBallast(dir: string): Ballast {
  const file = join(dir, NAME)

  function restore(): void {
    try {
      if (statSync(file, { throwIfNoEntry: false })?.size === BYTES) return
      rmSync(file, { force: true })
      fill(file)
    } catch {
      dropPart(file)
    }
  }

  return {
    restore,
    makeRoomFor(write) {
      try {
        return write()
      } catch (error) {
        const isFull = error instanceof AppError && error.code === 'app/disk-full'
        if (!isFull || statSync(file, { throwIfNoEntry: false }) === undefined) throw error
        rmSync(file, { force: true })
        return write()
      }
    },
  }
}

/** Half of it would take space and give none. */
function dropPart(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // What cannot be removed was not ours.
  }
}

/** Written out in full and to the disk: a sparse file would set nothing aside. */
function fill(file: string): void {
  const open = openSync(file, 'wx', 0o600)
  try {
    for (let written = 0; written < BYTES; written += CHUNK.length) writeSync(open, CHUNK)
    fsyncSync(open)
  } finally {
    closeSync(open)
  }
}
