import { randomUUID } from 'node:crypto'
import { constants, open, realpath, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** What stands in for a file that is not one, or is larger than it may be. */
export type Refused = 'no-file' | 'too-large'

/** Replaces a file as a whole or not at all: others see the old text or the new one. Rejects with what the system says. */
export async function writeWhole(file: string, text: string): Promise<void> {
  // What a link leads to is written, and the link stays.
  const target = await realpath(file).catch(() => file)
  const draft = path.join(path.dirname(target), `.keelson-${randomUUID()}.tmp`)
  try {
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, target)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw cause
  }
}

/** The bytes of a file of `most` at most. Rejects with what the system says. */
export async function readUpTo(file: string, most: number): Promise<Uint8Array | Refused> {
  // A pipe that nobody writes to would hold up for ever an opening that waits.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const found = await handle.stat()
    if (!found.isFile()) return 'no-file'
    if (found.size > most) return 'too-large'
    const bytes = Buffer.alloc(found.size)
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return bytes.subarray(0, length)
  } finally {
    await handle.close()
  }
}
