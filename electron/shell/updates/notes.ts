const MOST_CHARACTERS = 4000
const MOST_LINES = 60
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/**
 * What is new in a version as plain lines of text: no HTML, no Markdown but the dashes of lists, no control characters, none that
 * turn the direction of writing, cut at 4,000 characters and 60 lines.
 */
export function plainNotes(text: string): string {
  const lines = withoutMarks(withoutTags(text.slice(0, 8 * MOST_CHARACTERS)))
    .split('\n')
    .map(line => line.replace(/[ \t]+/g, ' ').trimEnd())
  const kept = lines.filter((line, index) => line !== '' || lines[index - 1] !== '').slice(0, MOST_LINES)
  return kept.join('\n').trim().slice(0, MOST_CHARACTERS).toWellFormed().trimEnd()
}

/** Several times, because what is taken away may leave a tag behind (`<scr<b>ipt>`); what is still one then loses its signs. */
function withoutTags(text: string): string {
  let left = text.replace(/\r\n?|[\u2028\u2029]/g, '\n')
  for (let round = 0; round < 8; round += 1) left = withoutTagsOnce(left)
  return withoutTagsOnce(left) === left ? left : left.replace(/[<>&]/g, '')
}

function withoutTagsOnce(text: string): string {
  return text
    .replace(/<(script|style|template|iframe|object|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/<li\b[^<>]*>/gi, '\n- ')
    .replace(/<\/?(?:p|br|div|ul|ol|h[1-6]|tr|section)\b[^<>]*>/gi, '\n')
    .replace(/<[/!?a-z][^<>]*>?/gi, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,6}));/gi, decode)
    .replace(/[^\P{C}\n\t]|[\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu, '')
}

function decode(whole: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
}

function withoutMarks(text: string): string {
  return text
    .replace(/!?\[([^\][\n]*)\]\([^()\n]*\)/g, '$1')
    .replace(/^[ \t]*#{1,6}[ \t]+/gm, '')
    .replace(/^[ \t]*[*+][ \t]+/gm, '- ')
    .replace(/(\*\*|__|`)/g, '')
    .replace(/<(?=[/!?a-z])/gi, '')
}
