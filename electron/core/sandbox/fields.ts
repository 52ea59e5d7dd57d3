import { Dec } from '../../../shared/domain/decimal.ts'

/** The fields of a JSON object whose shape nobody promises. Absent and misplaced things read as null or empty. */
export interface Fields {
  has(name: string): boolean
  /** Text, or a number or boolean as text; null for anything else and for empty text. */
  text(name: string): string | null
  /** A decimal; null when absent, undefined when it is there and none. */
  dec(name: string): Dec | null | undefined
  object(name: string): Fields
  /** The objects of a list; an object that stands alone is a list of one. */
  list(name: string): Fields[]
}

const DECIMAL = /^-?(?:\d+\.?\d*|\.\d+)$/

export function fieldsOf(value: unknown): Fields {
  const known = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : [])
  const text = (name: string): string | null => {
    const item = known.get(name)
    if (typeof item === 'number' || typeof item === 'boolean') return String(item)
    return typeof item === 'string' && item !== '' ? item : null
  }
  return {
    has: name => known.has(name),
    text,
    dec(name) {
      const found = text(name)
      if (found === null) return null
      return DECIMAL.test(found) ? Dec.of(found.startsWith('.') ? `0${found}` : found.replace(/\.$/, '')) : undefined
    },
    object: name => fieldsOf(known.get(name)),
    list(name) {
      const item = known.get(name)
      if (Array.isArray(item)) return item.map((row: unknown) => fieldsOf(row))
      return typeof item === 'object' && item !== null ? [fieldsOf(item)] : []
    },
  }
}

/** The fields of a JSON body; undefined when it is not an object. */
export function readFields(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value) : undefined
  } catch {
    return undefined
  }
}
