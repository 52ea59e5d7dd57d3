import { randomBytes, randomUUID } from 'node:crypto'
import type { Random } from '../core/ports.ts'

const UINT32 = 0x1_0000_0000

/** Randomness from the operating system. */
export function createRandom(): Random {
  return {
    bytes: length => randomBytes(length),
    uuid: () => randomUUID(),
    fraction: () => randomBytes(4).readUInt32LE() / UINT32,
  }
}
