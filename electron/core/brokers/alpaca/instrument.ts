import type { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, normalSymbol, parseOcc, standardMultiplier } from '../../../../shared/domain/instrument.ts'

/** What Alpaca's spelling of a symbol says about the instrument. Activities name no asset class. */
export interface Instrument {
  readonly symbol: string
  readonly assetClass: AssetClass
  /** Units behind one contract; undefined for adjusted options. */
  readonly multiplier: Dec | undefined
  /** What a pair such as `ETH/BTC` is priced in; undefined for everything else. */
  readonly quote: string | undefined
}

const REMEMBERED = 10_000
const instruments = new Map<string, Instrument>()

/** Reads a symbol as sent; undefined for a blank one. A history names few symbols many times, so readings are remembered. */
export function instrumentOf(text: string | null | undefined): Instrument | undefined {
  if (text === null || text === undefined || text === '') return undefined
  const known = instruments.get(text)
  if (known) return known
  const symbol = normalSymbol(text)
  if (symbol === '') return undefined
  const slash = symbol.indexOf('/')
  const quote = slash > 0 ? symbol.slice(slash + 1) : ''
  const assetClass = parseOcc(symbol) ? 'option' : slash >= 0 ? 'crypto' : 'equity'
  const instrument: Instrument = { symbol, assetClass, multiplier: standardMultiplier(symbol), quote: quote === '' ? undefined : quote }
  if (instruments.size >= REMEMBERED) instruments.clear()
  instruments.set(text, instrument)
  return instrument
}
