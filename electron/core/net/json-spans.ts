import { skipSpace, stringEnd } from './json.ts'

/** Where a value stands in a JSON text: from its first character to behind its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

const [QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 44, 91, 93, 123, 125] as const

/**
 * The rows at the end of a path of names, in one walk over a text that is known to be JSON: the elements of an array, a single object,
 * or nothing for anything else. Arrays on the way are walked through; of two members of one name the last counts, as in JSON.parse.
 */
export function rowSpans(text: string, at: readonly string[]): Span[] {
  const found: Span[] = []
  collect(text, skipSpace(text, 0), at, found)
  return found
}

/** Adds the rows below the value at `start`; answers where the value ends. */
function collect(text: string, start: number, at: readonly string[], found: Span[]): number {
  const opener = text.charCodeAt(start)
  const [name, ...deeper] = at
  if (opener === OPEN_ARRAY)
    return eachElement(text, start, from => (name === undefined ? add(text, from, found) : collect(text, from, at, found)))
  if (opener !== OPEN_OBJECT) return valueEnd(text, start)
  if (name === undefined) return add(text, start, found)
  const before = found.length
  return eachMember(text, start, (key, from) => {
    if (key !== name) return valueEnd(text, from)
    found.length = before
    return collect(text, from, deeper, found)
  })
}

function add(text: string, start: number, found: Span[]): number {
  const end = valueEnd(text, start)
  found.push({ start, end })
  return end
}

/** Visits the elements of an array; `visit` answers where an element ends. Answers where the array ends. */
function eachElement(text: string, start: number, visit: (from: number) => number): number {
  let at = skipSpace(text, start + 1)
  while (at < text.length && text.charCodeAt(at) !== CLOSE_ARRAY) at = next(text, visit(at))
  return at + 1
}

/** Visits the members of an object; `visit` answers where a member's value ends. Answers where the object ends. */
function eachMember(text: string, start: number, visit: (key: string, from: number) => number): number {
  let at = skipSpace(text, start + 1)
  while (at < text.length && text.charCodeAt(at) !== CLOSE_OBJECT) {
    const nameEnd = valueEnd(text, at)
    const key = String(JSON.parse(text.slice(at, nameEnd)))
    at = next(text, visit(key, skipSpace(text, skipSpace(text, nameEnd) + 1)))
  }
  return at + 1
}

/** Behind a value and the comma after it. */
function next(text: string, end: number): number {
  const at = skipSpace(text, end)
  return text.charCodeAt(at) === COMMA ? skipSpace(text, at + 1) : at
}

/** Where the value that begins at `start` ends. */
function valueEnd(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return stringEnd(text, start) + 1
  let at = start
  if (first !== OPEN_ARRAY && first !== OPEN_OBJECT) {
    while (at < text.length && !isEnd(text.charCodeAt(at))) at += 1
    return at
  }
  for (let depth = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = stringEnd(text, at)
    else if (char === OPEN_ARRAY || char === OPEN_OBJECT) depth += 1
    else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return at
}

function isEnd(char: number): boolean {
  return char === COMMA || char === CLOSE_ARRAY || char === CLOSE_OBJECT || char <= 32
}
