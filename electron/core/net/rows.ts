import { parseArray, parseJson } from './json.ts'
import { rowSpans } from './json-spans.ts'

/** Rows that lie inside a JSON text, with the whole they lie in. */
export interface NestedRows {
  /** The whole answer. */
  readonly whole: unknown
  readonly values: readonly unknown[]
  /** The text each row was sent as. */
  readonly texts: readonly string[]
}

/**
 * Reads the rows at the end of a path of names. An array there is its elements, a single object one row, null or nothing no rows;
 * arrays on the way are walked through. A blank text has no rows and counts as `{}`. Undefined where something else lies; throws
 * SyntaxError. Numbers as in parseJson.
 */
export function parseRows(text: string, at: readonly string[]): NestedRows | undefined {
  if (text.trim() === '') return { whole: {}, values: [], texts: [] }
  const whole = parseJson(text)
  const values = rowsIn(whole, at)
  const texts = values && rowSpans(text, at).map(({ start, end }) => text.slice(start, end))
  return values && texts?.length === values.length ? { whole, values, texts } : undefined
}

/** The rows of an answer that is an array; a blank text has none. Undefined for anything else; throws SyntaxError. */
export function parseTopRows(text: string): NestedRows | undefined {
  if (text.trim() === '') return { whole: [], values: [], texts: [] }
  const array = parseArray(text)
  return array && { whole: array.values, ...array }
}

function rowsIn(value: unknown, at: readonly string[]): unknown[] | undefined {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return undefined
  const [name, ...deeper] = at
  if (Array.isArray(value)) return name === undefined ? value : flat(value.map(item => rowsIn(item, at)))
  if (name === undefined) return [value]
  const member: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  return rowsIn(member, deeper)
}

function flat(parts: readonly (unknown[] | undefined)[]): unknown[] | undefined {
  return parts.includes(undefined) ? undefined : parts.flatMap(part => part ?? [])
}
