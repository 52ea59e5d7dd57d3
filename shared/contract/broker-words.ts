const LONGEST = 300
/** What stays: an option's symbol, an amount with decimals, a day. */
const HARMLESS = /^(?:[A-Z]{0,6}\d{6}[CP]\d{8}|\d+\.\d+|\d{4}-\d{2}-\d{2})$/
/** Runs that could name an account, an order or a token, and what only looks like one. */
const PIECES = new RegExp(
  [
    String.raw`[A-Z]{0,6}\d{6}[CP]\d{8}`,
    String.raw`\d{4}-\d{2}-\d{2}(?![\d-])`,
    String.raw`\d+\.\d+(?![\d.])`,
    String.raw`(?=[\w+/-]*\d)[\w+/-]{16,}=*`,
    String.raw`[A-Za-z0-9]{0,4}?\d(?:[ -]?\d){4,}\w*`,
  ].join('|'),
  'g',
)

/**
 * A broker's own sentence as it may be shown: one line, no markup, nothing that could name an account or a token, 300 characters at
 * most. Undefined when nothing is left.
 */
export function cleanWords(text: string | null | undefined): string | undefined {
  const line = (text ?? '')
    .replace(/<[^<>]{0,200}>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(PIECES, piece => (HARMLESS.test(piece) ? piece : '…'))
    .trim()
  if (line === '' || line === '…') return undefined
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
