import { createHash } from 'node:crypto'

/**
 * Whether a version that is given to `percent` of all copies (0 to 100) is given to this one. The answer stays the same for a copy
 * and a version, comes to yes as the percentage grows, and takes other copies first with each version.
 */
export function isInRollout(percent: number, copyId: string, version: string): boolean {
  const draw = createHash('sha256').update(`${copyId}\n${version}`).digest().readUInt32BE(0) / 0x1_0000_0000
  return draw * 100 < percent
}
