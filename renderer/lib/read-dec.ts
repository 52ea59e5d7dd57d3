import { Dec } from '../../shared/domain/decimal.ts'

/** A typed number as exact text: grouping marks left out, a true minus taken for one. Undefined when it is none. */
export function readDec(text: string): Dec | undefined {
  const plain = text.trim().replaceAll(',', '').replaceAll('\u2212', '-').replace(/^\+/, '')
  if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(plain)) return undefined
  try {
    return Dec.of(plain.replace(/\.$/, '').replace(/^(-?)\./, '$10.'))
  } catch {
    return undefined
  }
}
