import { Dec } from '../../../../shared/domain/decimal.ts'
import { invalidOrder } from '../order-draft.ts'

/** A decimal as the number that is sent for it. Throws order/invalid where that would be another one, or one with an exponent. */
export function exactNumber(text: string, what: string): number {
  const number = Number(text)
  const sent = String(number)
  if (/[^-.\d]/.test(sent) || Dec.of(sent) !== Dec.of(text)) throw invalidOrder(`${what} has more digits than IBKR takes`)
  return number
}
