/** Text without markup, such as a style sheet, as it is. Throws TypeError for any other. */
export function plainText(text: string): string {
  if (text.includes('<')) throw new TypeError('Text is not taken for markup.')
  return text
}
