import { Dec } from '../../../../shared/domain/decimal.ts'
import {
  type AssetClass,
  indexSymbol,
  normalSymbol,
  occSymbol,
  type OptionContract,
  parseOcc,
} from '../../../../shared/domain/instrument.ts'
import { parseDashedOsi } from '../../../../shared/domain/option-spellings.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { ProductWire } from './wire.ts'

export interface Instrument {
  readonly symbol: string | null
  readonly assetClass: AssetClass | null
}

const CLASSES = new Map<string, AssetClass>([
  ['EQ', 'equity'],
  ['OPTN', 'option'],
  ['MF', 'fund'],
  ['MMF', 'cash'],
  ['BOND', 'bond'],
  ['INDX', 'index'],
])

/**
 * What a product is in Keelson's spelling. The parts of an option are told by the product itself: the OSI key beside them was seen to
 * name another contract. `spare` stands in where a product has no symbol.
 */
export function instrumentOf(product: ProductWire | null | undefined, spare: string | null = null): Instrument {
  const type = product?.securityType ?? null
  const contract = product ? contractOf(product) : undefined
  const spelled = contract ? occSymbol(contract) : undefined
  if (spelled !== undefined) return { symbol: spelled, assetClass: 'option' }
  const osi = [product?.productId?.symbol, spare].map(text => parseDashedOsi(text ?? '')).find(found => found !== undefined)
  const other = osi && type !== 'EQ' ? occSymbol(osi) : undefined
  if (other !== undefined) return { symbol: other, assetClass: 'option' }
  const symbol = product?.symbol ?? spare
  const assetClass = type === null ? (symbol !== null && parseOcc(symbol) ? 'option' : null) : (CLASSES.get(type) ?? 'other')
  if (symbol === null) return { symbol: null, assetClass: null }
  return { symbol: assetClass === 'index' ? indexSymbol(symbol) : normalSymbol(symbol), assetClass }
}

/** Years come with four digits or with two. */
function contractOf({ symbol, callPut, expiryYear, expiryMonth, expiryDay, strikePrice }: ProductWire): OptionContract | undefined {
  if (symbol === null || callPut === null || strikePrice === null || Dec.isZero(strikePrice)) return undefined
  const year = Number(expiryYear ?? '0')
  const expiry = `${year < 100 ? 2000 + year : year}-${twoDigits(expiryMonth)}-${twoDigits(expiryDay)}`
  if (!LocalDate.is(expiry)) return undefined
  return { underlying: symbol.toUpperCase(), expiry, right: /^c/i.test(callPut) ? 'call' : 'put', strike: strikePrice }
}

function twoDigits(value: Dec | null): string {
  return (value ?? '0').padStart(2, '0')
}
