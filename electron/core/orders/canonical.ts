import { createHash } from 'node:crypto'

/** JSON with the names of every object in order, so that the same values always give the same text. What is undefined is left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return `[${items.map(canonicalJson).join(',')}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries: [string, unknown][] = Object.entries(value)
  const named = entries.filter(([, item]) => item !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${named.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(',')}}`
}

/** SHA-256 of the canonical JSON, in hex. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
