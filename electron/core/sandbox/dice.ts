import { createHash } from 'node:crypto'

/** Draws that depend on their keys alone: the same keys give the same numbers on every machine and every day. */
export interface Dice {
  /** Uniform in [0, 1). */
  next(): number
  /** A whole number, both ends included. */
  int(low: number, high: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  chance(probability: number): boolean
}

/** 32 bits of FNV-1a over the keys joined with `|`, then mixed. */
export function hash32(...keys: readonly (string | number)[]): number {
  const text = keys.join('|')
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mix(hash)
}

/** Spreads a 32-bit number over all 32 bits. */
export function mix(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** Draws from the keys (mulberry32). */
export function createDice(...keys: readonly (string | number)[]): Dice {
  let state = hash32(...keys)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: list => list[Math.floor(next() * list.length)] ?? list[0],
    chance: probability => next() < probability,
  }
}

/** Hex digits that depend on the keys alone, at most 64. */
export function hexOf(length: number, ...keys: readonly (string | number)[]): string {
  return createHash('sha256').update(keys.join('|')).digest('hex').slice(0, length)
}

/** A UUID (version 4 in form) that depends on the keys alone. */
export function uuidOf(...keys: readonly (string | number)[]): string {
  const hex = hexOf(32, ...keys)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
