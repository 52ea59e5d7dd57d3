import { type AssetClass, indexSymbol, normalSymbol, occSymbol, parseOcc } from '../../../../shared/domain/instrument.ts'
import { parseTdaOption, tdaOption } from '../../../../shared/domain/option-spellings.ts'
import type { InstrumentWire } from './wire.ts'

const CLASSES = new Map<string, AssetClass>([
  ['EQUITY', 'equity'],
  ['ETF', 'equity'],
  ['OPTION', 'option'],
  ['INDEX', 'index'],
  ['MUTUAL_FUND', 'fund'],
  ['CASH_EQUIVALENT', 'cash'],
  ['CURRENCY', 'cash'],
  ['FIXED_INCOME', 'bond'],
  ['FUTURE', 'future'],
  ['FOREX', 'forex'],
])

export function assetClassOf({ assetType }: Pick<InstrumentWire, 'assetType'>): AssetClass {
  return CLASSES.get(assetType ?? '') ?? 'other'
}

/** Keelson's spelling: `AAPL_051724P190` as OCC, `$SPX.X` as `$SPX`, a bond by its CUSIP. */
export function symbolOf({ symbol, cusip, assetType }: Pick<InstrumentWire, 'symbol' | 'cusip' | 'assetType'>): string | null {
  const text = symbol ?? cusip
  if (text === null) return null
  const option = parseTdaOption(text)
  const spelled = option && occSymbol(option)
  if (spelled !== undefined) return spelled
  return assetType === 'INDEX' ? indexSymbol(text) : normalSymbol(text)
}

/** TD Ameritrade's spelling of one of Keelson's symbols. */
export function toSymbol(symbol: string): string {
  const option = parseOcc(symbol)
  if (option) return tdaOption(option)
  return symbol.startsWith('$') ? `${symbol}.X` : symbol
}
