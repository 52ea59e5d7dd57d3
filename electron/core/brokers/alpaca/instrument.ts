import type { Dec } from '../../../../shared/domain/decimal.ts'
import { type AssetClass, cryptoPair, normalSymbol, parseOcc, standardMultiplier } from '../../../../shared/domain/instrument.ts'

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
/** Coins as positions and older activities spell them; no share has so long a symbol. */
const JOINED_COIN = /^[A-Z0-9]{3,10}USD[TC]?$/

const instruments = new Map<string, Instrument>()

/** Reads a symbol as sent; undefined for a blank one. A history names few symbols many times, so readings are remembered. */
export function instrumentOf(text: string | null | undefined): Instrument | undefined {
  if (text === null || text === undefined || text === '') return undefined
  const known = instruments.get(text)
  if (known) return known
  const plain = normalSymbol(text)
  if (plain === '') return undefined
  const symbol = JOINED_COIN.test(plain) ? (cryptoPair(plain) ?? plain) : plain
  const slash = symbol.indexOf('/')
  const quote = slash > 0 ? symbol.slice(slash + 1) : ''
  const assetClass = parseOcc(symbol) ? 'option' : slash >= 0 ? 'crypto' : 'equity'
  const instrument: Instrument = { symbol, assetClass, multiplier: standardMultiplier(symbol), quote: quote === '' ? undefined : quote }
  if (instruments.size >= REMEMBERED) instruments.clear()
  instruments.set(text, instrument)
  return instrument
}
