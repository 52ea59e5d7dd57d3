/** Numbers from 0 to 1, the same for the same seed. */
export type Dice = () => number

/** mulberry32. */
export function dice(seed: number): Dice {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A whole number from 0 to below `below`. */
export function roll(next: Dice, below: number): number {
  return Math.min(below - 1, Math.floor(next() * below))
}

/** One of these. */
export function pick<T>(next: Dice, from: readonly [T, ...T[]]): T {
  return from[roll(next, from.length)] ?? from[0]
}
