const MOST_TAGS = 20
const MOST_LETTERS = 40
const SHOWN = 16

/** Tags as typed with commas between: trimmed, each once whatever its letters. What `tagProblem` names is left out, and never cut. */
export function readTags(text: string): string[] {
  return typed(text)
    .filter(tag => tag.length <= MOST_LETTERS)
    .slice(0, MOST_TAGS)
}

/** Why these tags cannot be kept as they are; undefined when they can. */
export function tagProblem(text: string): string | undefined {
  const tags = typed(text)
  const long = tags.find(tag => tag.length > MOST_LETTERS)
  if (long !== undefined) return `A tag has ${MOST_LETTERS} letters at most: “${long.slice(0, SHOWN)}…” has ${long.length}.`
  return tags.length > MOST_TAGS ? `An entry has ${MOST_TAGS} tags at most: these are ${tags.length}.` : undefined
}

/** The text with one more tag at its end. */
export function withTag(text: string, tag: string): string {
  return [...typed(text), tag].join(', ')
}

function typed(text: string): string[] {
  const found = new Map<string, string>()
  for (const part of text.split(',')) {
    const tag = part.trim().replace(/^#/, '').trim()
    if (tag !== '' && !found.has(tag.toLowerCase())) found.set(tag.toLowerCase(), tag)
  }
  return [...found.values()]
}
