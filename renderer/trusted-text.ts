import { plainText } from './lib/plain-text.ts'

/** The part of the browser's Trusted Types that is used; not every browser has them. */
interface TrustedTypes {
  createPolicy(name: string, rules: { readonly createHTML: (text: string) => string }): unknown
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes
  }
}

// The page's policy takes no text for markup whoever sets it, but what passes here. There is no rule for scripts: none is made from text.
window.trustedTypes?.createPolicy('default', { createHTML: plainText })
