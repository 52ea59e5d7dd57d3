import type { Contract } from '@stoqey/ib'
import { type AssetClass, normalSymbol } from '../../../../../shared/domain/instrument.ts'
import { assetClassOf } from '../flex/kinds.ts'

/** Classes whose own spelling is the exchange's, not the underlying's. */
const LOCAL = new Set<AssetClass>(['option', 'future', 'future-option', 'forex'])

export function classOf({ secType }: Contract): AssetClass {
  return assetClassOf(secType ?? null) ?? 'other'
}

/**
 * Keelson's spelling of an instrument: OCC for options, the exchange's short name for futures, `EUR.USD` for currencies and IBKR's
 * symbol for the rest, the same words Flex uses.
 */
export function symbolOf(contract: Contract): string {
  const local = contract.localSymbol?.trim() ?? ''
  const symbol = contract.symbol?.trim() ?? ''
  return normalSymbol(LOCAL.has(classOf(contract)) && local !== '' ? local : symbol === '' ? local : symbol)
}
