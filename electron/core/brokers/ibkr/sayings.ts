const ACCOUNT = /\b(?:D?[UFI]|DU|DF)\d{5,12}\b/g
const LONGEST = 500

/** IBKR's own words, without account numbers, markup and control characters. */
export function sayings(text: string): string {
  return text
    .replace(/<[^>]{0,200}>/g, ' ')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(ACCOUNT, '[account]')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, LONGEST)
}

/** Where an order stands by the words it is refused with: `Order 99 cannot be cancelled, state: Filled`. Undefined where they do not say. */
export function stateIn(words: string): string | undefined {
  return /\bstate: ?([a-z]+)/i.exec(words)?.[1]
}
