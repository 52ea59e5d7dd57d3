// A number (text follows a quote, so ids and times do not match) with 16 or more digits, or with an exponent.
const INEXACT = /(?:"\s*:|[[,])\s*-?(?:\d(?:\.?\d){15}|[\d.]+[eE])/
const LONG = /\d(?:\.?\d){15}|[eE]/

/**
 * Parses JSON so that no number loses a digit: numbers a double may not hold exactly (16 or more digits, exponents)
 * come as their source text, all others as numbers whose shortest text is the exact value. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  const value: unknown = mayLoseDigits(text) ? JSON.parse(text, exactly) : JSON.parse(text)
  return value
}

function mayLoseDigits(text: string): boolean {
  return INEXACT.test(text) || /^-?[\d.]/.test(text)
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined && LONG.test(context.source) ? context.source : value
}

/** A JSON array with its elements as they were sent. */
export interface ArrayText {
  readonly values: readonly unknown[]
  readonly texts: readonly string[]
}

/** Parses a JSON array as parseJson does, each element beside its source text. Undefined for other JSON; throws SyntaxError. */
export function parseArray(text: string): ArrayText | undefined {
  const cut = cutArray(text)
  if (cut === undefined) {
    JSON.parse(text)
    return undefined
  }
  const values: unknown = cut.long ? JSON.parse(text, exactly) : JSON.parse(text)
  return Array.isArray(values) && values.length === cut.texts.length ? { values, texts: cut.texts } : undefined
}

interface Elements {
  readonly texts: string[]
  /** True when a number may lose digits. */
  readonly long: boolean
}

/** Cuts a top-level array into its elements; undefined when it is none. What is not JSON comes out as any pieces. */
function cutArray(text: string): Elements | undefined {
  const texts: string[] = []
  let long = false
  let depth = 0
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== 91) return undefined
  let start = skipSpace(text, at + 1)
  if (text.charCodeAt(start) === 93) return { texts, long }
  for (at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === 34) at = stringEnd(text, at)
    else if (char === 123 || char === 91) depth += 1
    else if ((char === 125 || char === 93) && depth > 0) depth -= 1
    else if (depth === 0 && (char === 44 || char === 93)) {
      texts.push(text.slice(start, trimEnd(text, start, at)))
      if (char === 93) break
      start = skipSpace(text, at + 1)
      at = start - 1
    } else if (char >= 48 && char <= 57) {
      const end = numberEnd(text, at)
      long ||= end - at > 15 || LONG.test(text.slice(at, end))
      at = end - 1
    }
  }
  return { texts, long }
}

/** Where the number with a digit at `start` ends. */
function numberEnd(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const char = text.charCodeAt(at)
    const more = (char >= 48 && char <= 57) || char === 46 || char === 101 || char === 69 || char === 43 || char === 45
    if (!more) return at
    at += 1
  }
}

/** Where the string beginning at `start` has its closing quote: the first quote not behind an odd run of backslashes. */
export function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1)
  while (quote > 0) {
    let slashes = 0
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes += 1
    if (slashes % 2 === 0) return quote
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

/** The first character at or behind `from` that is no blank. */
export function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isSpace(text.charCodeAt(at - 1))) at -= 1
  return at
}

function isSpace(char: number): boolean {
  return char === 32 || char === 10 || char === 13 || char === 9
}
