/** What the registry of packages says of Electron: when each version came out. */
export type Released = Readonly<Record<string, string>>

/** The first fixed version of each weakness that would undo what the window's walls promise, by its major. */
const FLOORS = [{ advisory: 'CVE-2026-70601', fixed: '42.0.0' }]
const OLDEST_DAYS = 60
const SUPPORTED_MAJORS = 3
const DAY_MS = 86_400_000

/** Why a version of Electron must not be shipped whatever day it is: it is below the first version that has a weakness fixed. */
export function weaknessOf(version: string): string | null {
  const floor = FLOORS.find(({ fixed }) => compare(version, fixed) < 0)
  return floor ? `Electron ${version} has ${floor.advisory}; ${floor.fixed} is the first without.` : null
}

/** Why a version must not be shipped today: it is weak, no longer supported (the newest three majors are) or too old. Null when it may be. */
export function ageTrouble(version: string, released: Released, today: Date): string | null {
  const stable = Object.keys(released).filter(name => /^\d+\.\d+\.\d+$/.test(name))
  const newest = Math.max(...stable.map(name => majorOf(name)))
  const at = Date.parse(released[version] ?? '')
  if (Number.isNaN(at)) return `Nobody knows when Electron ${version} came out.`
  const days = Math.floor((today.getTime() - at) / DAY_MS)
  const oldest = newest - SUPPORTED_MAJORS + 1
  if (majorOf(version) < oldest) return `Electron ${version} is no longer supported: ${oldest} is the oldest that is.`
  if (days > OLDEST_DAYS) return `Electron ${version} is ${days} days old; ${OLDEST_DAYS} is the most.`
  return weaknessOf(version)
}

function majorOf(version: string): number {
  return Number(version.split('.')[0])
}

/** Below, equal or above zero, as versions are ordered. A version before a release is below it. */
function compare(a: string, b: string): number {
  const [[aCore = '', aPre], [bCore = '', bPre]] = [a.split('-'), b.split('-')]
  const [aParts, bParts] = [aCore.split('.').map(Number), bCore.split('.').map(Number)]
  const difference = aParts.map((part, index) => part - (bParts[index] ?? 0)).find(part => part !== 0)
  return difference ?? Number(bPre !== undefined) - Number(aPre !== undefined)
}
