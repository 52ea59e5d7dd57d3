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

/**
 * The source text of each element of a top-level JSON array, for keeping a broker's rows as sent.
 * `text` must already have been accepted by the parser; undefined when it is not an array.
 */
export function arrayElements(text: string): string[] | undefined {
  const elements: string[] = []
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== 91) return undefined
  at = skipSpace(text, at + 1)
  if (text.charCodeAt(at) === 93) return elements
  for (;;) {
    const end = elementEnd(text, at)
    elements.push(text.slice(at, trimEnd(text, at, end)))
    if (text.charCodeAt(end) !== 44) return elements
    at = skipSpace(text, end + 1)
  }
}

/** Where the element beginning at `at` ends: at the comma or bracket of the array around it. */
function elementEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === 34) at = stringEnd(text, at)
    else if (char === 123 || char === 91) depth += 1
    else if (char === 125 || char === 93) {
      if (depth === 0) return at
      depth -= 1
    } else if (char === 44 && depth === 0) return at
  }
  return text.length
}

/** Where the string beginning at `start` has its closing quote: the first quote not behind an odd run of backslashes. */
function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1)
  while (quote > 0) {
    let slashes = 0
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes += 1
    if (slashes % 2 === 0) return quote
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

function skipSpace(text: string, from: number): number {
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
