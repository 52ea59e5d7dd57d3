import { parseOcc } from '../../../shared/domain/instrument.ts'
import { formatDecimal } from './decimal.ts'
import { formatDate } from './time.ts'

export interface InstrumentText {
  readonly symbol: string
  /** The contract's terms, such as `19 Dec 26 690 C`; empty for anything but an option. */
  readonly terms: string
}

/** A symbol as traders write it: options lead with the underlying, then expiry, strike and right. */
export function formatInstrument(symbol: string): InstrumentText {
  const option = parseOcc(symbol)
  if (!option) return { symbol, terms: '' }
  const date = formatDate(option.expiry).replace(/20(\d\d)$/, '$1')
  return { symbol: option.underlying, terms: `${date} ${formatDecimal(option.strike)} ${option.right === 'call' ? 'C' : 'P'}` }
}

/** The same on one line. */
export function instrumentLine(symbol: string): string {
  const { symbol: name, terms } = formatInstrument(symbol)
  return terms === '' ? name : `${name} ${terms}`
}
