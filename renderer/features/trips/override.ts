import { Dec } from '../../../shared/domain/decimal.ts'
import { readDec } from '../../lib/read-dec.ts'
import type { Override } from '../../state/ledger.ts'

/** A correction as it is typed; an empty field says nothing. */
export interface OverrideText {
  readonly ignored: boolean
  /** Of a sale: that it opened a short position. */
  readonly isShort: boolean
  readonly quantity: string
  readonly price: string
  readonly fees: string
  readonly multiplier: string
}

const FIGURES = ['quantity', 'price', 'fees', 'multiplier'] as const

export function textOf(override: Override | null): OverrideText {
  return {
    ignored: override?.ignored ?? false,
    isShort: override?.effect === 'open',
    quantity: override?.quantity ?? '',
    price: override?.price ?? '',
    fees: override?.fees ?? '',
    multiplier: override?.multiplier ?? '',
  }
}

interface Read {
  /** Null while it says nothing, or something wrong. */
  readonly value: Override | null
  readonly problems: Partial<Record<(typeof FIGURES)[number], string>>
}

/** What the typed correction says. */
export function overrideOf(text: OverrideText): Read {
  if (text.ignored) return { value: { ignored: true }, problems: {} }
  const said = FIGURES.filter(name => text[name].trim() !== '').map(name => [name, readDec(text[name])] as const)
  const problems = Object.fromEntries(
    said.flatMap(([name, value]) => (value === undefined || isWrong(name, value) ? [[name, WRONG[name]] as const] : [])),
  )
  if ((said.length === 0 && !text.isShort) || Object.keys(problems).length > 0) return { value: null, problems }
  const figures: Override = Object.fromEntries(said.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
  return { value: text.isShort ? { ...figures, effect: 'open' } : figures, problems }
}

const WRONG: Readonly<Record<(typeof FIGURES)[number], string>> = {
  quantity: 'A number other than 0.',
  price: 'A price, 0 or more.',
  fees: 'An amount.',
  multiplier: 'A number above 0.',
}

function isWrong(name: (typeof FIGURES)[number], value: Dec): boolean {
  if (name === 'quantity') return Dec.isZero(value)
  if (name === 'price') return Dec.isNegative(value)
  return name === 'multiplier' && (Dec.isZero(value) || Dec.isNegative(value))
}
