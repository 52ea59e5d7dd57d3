/** The part of the browser's Trusted Types that is used; not every browser has them. */
interface TrustedTypes {
  createPolicy(name: string, rules: { readonly createHTML: (text: string) => string }): unknown
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes
  }
}

/** Text without markup, such as a style sheet, as it is. Throws TypeError for any other. */
export function plainText(text: string): string {
  if (text.includes('<')) throw new TypeError('Text is not taken for markup.')
  return text
}

// The page's policy takes no text for markup whoever sets it, but what passes here. There is no rule for scripts: none is made from text.
if (typeof window !== 'undefined') window.trustedTypes?.createPolicy('default', { createHTML: plainText })
