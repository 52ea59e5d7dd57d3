import path from 'node:path'
import { Instant } from '../../../shared/domain/time.ts'
import type { Random } from '../../core/ports.ts'
import { readIfThere, writePrivateFile } from '../../node/private-file.ts'

export interface Seen {
  /** A random name of this copy that is told to nobody: it only draws the lot in a rollout. */
  readonly copyId: string
  readonly checkedAt: Instant | null
  /** When the newest manifest ever seen was signed: an older one is an old copy. */
  readonly signedAt: Instant | null
}

/** What is remembered between two looks, in `updates.json`. A file that cannot be read is begun anew. */
export function createSeen(folder: string, random: Random) {
  const file = path.join(folder, 'updates.json')
  let seen = read(file) ?? { copyId: random.uuid(), checkedAt: null, signedAt: null }
  return {
    get: (): Seen => seen,
    set(change: Partial<Seen>): void {
      seen = { ...seen, ...change }
      writePrivateFile(file, `${JSON.stringify(seen)}\n`)
    },
  }
}

function read(file: string): Seen | null {
  try {
    const found: unknown = JSON.parse(readIfThere(file) ?? '')
    const copyId: unknown = Reflect.get(Object(found), 'copyId')
    return typeof copyId === 'string' && copyId !== ''
      ? { copyId, checkedAt: instantIn(found, 'checkedAt'), signedAt: instantIn(found, 'signedAt') }
      : null
  } catch {
    return null
  }
}

function instantIn(found: unknown, name: string): Instant | null {
  const text: unknown = Reflect.get(Object(found), name)
  return typeof text === 'string' && Instant.is(text) ? text : null
}
