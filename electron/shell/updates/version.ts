const NUMBER = '(?:0|[1-9]\\d{0,8})'
const PART = `(?:${NUMBER}|\\d*[A-Za-z-][\\dA-Za-z-]*)`
const VERSION = new RegExp(`^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${PART}(?:\\.${PART}){0,7}))?$`)

/** A version by Semantic Versioning 2.0.0; `before` are the parts of what comes before a release (`beta`, `2`). */
export interface Version {
  readonly numbers: readonly number[]
  readonly before: readonly string[]
}

/** Null for anything but a plain version: no build, no spaces, no `v` in front. */
export function readVersionText(text: string): Version | null {
  const match = text.length <= 64 ? VERSION.exec(text) : null
  if (!match) return null
  return { numbers: match.slice(1, 4).map(Number), before: match[4]?.split('.') ?? [] }
}

/** Whether a copy of version `mine` may become `offered`: only a later one, and only a release when it is a release itself. */
export function isUpgrade(mine: Version, offered: Version): boolean {
  if (mine.before.length === 0 && offered.before.length > 0) return false
  return compareVersions(offered, mine) > 0
}

/** Below zero when `a` comes before `b` (Semantic Versioning 2.0.0, 11). */
export function compareVersions(a: Version, b: Version): number {
  const byNumbers = firstDifference(a.numbers, b.numbers, (x, y) => x - y)
  if (byNumbers !== 0) return byNumbers
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length
  return firstDifference(a.before, b.before, compareParts) || a.before.length - b.before.length
}

function compareParts(a: string, b: string): number {
  const [isNumber, other] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumber && other) return Number(a) - Number(b)
  if (isNumber !== other) return isNumber ? -1 : 1
  return a < b ? -1 : Number(a > b)
}

function firstDifference<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  for (const [index, x] of a.entries()) {
    const y = b[index]
    const difference = y === undefined ? 0 : compare(x, y)
    if (difference !== 0) return difference
  }
  return 0
}
