const MOST_TAGS = 20
const MOST_LETTERS = 40

/** Tags as typed with commas between: trimmed, each once whatever its letters, 20 at most. */
export function readTags(text: string): string[] {
  const found = new Map<string, string>()
  for (const part of text.split(',')) {
    const tag = part.trim().replace(/^#/, '').trim().slice(0, MOST_LETTERS).trim()
    if (tag !== '' && !found.has(tag.toLowerCase())) found.set(tag.toLowerCase(), tag)
  }
  return [...found.values()].slice(0, MOST_TAGS)
}

/** The text with one more tag at its end. */
export function withTag(text: string, tag: string): string {
  return [...readTags(text), tag].join(', ')
}
