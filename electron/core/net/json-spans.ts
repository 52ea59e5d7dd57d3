import { skipSpace, stringEnd } from './json.ts'

/** Where a value stands in a JSON text: from its first character to behind its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Member {
  /** Null for an element of an array. */
  readonly key: string | null
  readonly value: Span
}

const [QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 44, 91, 93, 123, 125] as const

/** The value that begins at `from` or behind the blanks there. The text is known to be JSON. */
export function valueSpan(text: string, from: number): Span {
  const start = skipSpace(text, from)
  const first = text.charCodeAt(start)
  if (first === QUOTE) return { start, end: stringEnd(text, start) + 1 }
  let at = start
  if (first !== OPEN_ARRAY && first !== OPEN_OBJECT) {
    while (at < text.length && !isEnd(text.charCodeAt(at))) at += 1
    return { start, end: at }
  }
  for (let depth = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = stringEnd(text, at)
    else if (char === OPEN_ARRAY || char === OPEN_OBJECT) depth += 1
    else if (char === CLOSE_ARRAY || char === CLOSE_OBJECT) {
      depth -= 1
      if (depth === 0) return { start, end: at + 1 }
    }
  }
  return { start, end: at }
}

/** The elements of an array, or the members of an object, in their order. The text is known to be JSON. */
export function* memberSpans(text: string, { start, end }: Span): Generator<Member> {
  const named = text.charCodeAt(start) === OPEN_OBJECT
  for (let at = skipSpace(text, start + 1); at < end - 1;) {
    const name = named ? valueSpan(text, at) : undefined
    const value = valueSpan(text, name ? skipSpace(text, name.end) + 1 : at)
    yield { key: name ? keyOf(text.slice(name.start, name.end)) : null, value }
    at = skipSpace(text, value.end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
}

function keyOf(quoted: string): string {
  return String(JSON.parse(quoted))
}

function isEnd(char: number): boolean {
  return char === COMMA || char === CLOSE_ARRAY || char === CLOSE_OBJECT || char <= 32
}
