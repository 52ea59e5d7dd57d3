import { Dec } from '../../shared/domain/decimal.ts'

/** A point divides the decimals; thousands stand together, or in groups of three that one mark divides throughout. */
const NUMBER = /^-?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+|(?=\.\d))(?:\.\d*)?$/

/**
 * A typed or pasted number as exact text: `1,234.50`, `1 234.5`, `.5`; a true minus is taken for one. Undefined when it is none, also where a
 * comma may divide decimals, as in `284,5` or `1.000,50`: taken out, it would make another number of it.
 */
export function readDec(text: string): Dec | undefined {
  const typed = text.trim().replaceAll('\u2212', '-').replace(/^\+/, '')
  if (!NUMBER.test(typed)) return undefined
  try {
    return Dec.of(
      typed
        .replace(/[^\d.-]/g, '')
        .replace(/\.$/, '')
        .replace(/^(-?)\./, '$10.'),
    )
  } catch {
    return undefined
  }
}
