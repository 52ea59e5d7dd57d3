import { type Contract, OptionType, SecType } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import {
  type AssetClass,
  normalSymbol,
  paddedOcc,
  pairCurrency,
  parseOcc,
  standardMultiplier,
} from '../../../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'
import { assetClassOf } from '../flex/kinds.ts'
import { plain } from '../plain.ts'
import { keelsonSymbol, localFuture } from '../spelling.ts'

/** Classes whose own spelling is the exchange's, not the underlying's. */
const LOCAL = new Set<AssetClass>(['option', 'future', 'future-option', 'forex'])

export function classOf({ secType }: Contract): AssetClass {
  return assetClassOf(secType ?? null) ?? 'other'
}

/** Keelson's spelling of an instrument; `near` is a day of its life, for the years of futures. */
export function symbolOf(contract: Contract, near: LocalDate): string {
  const assetClass = classOf(contract)
  const local = contract.localSymbol?.trim() ?? ''
  const symbol = contract.symbol?.trim() ?? ''
  const own = LOCAL.has(assetClass) && local !== '' ? local : symbol === '' ? local : symbol
  return keelsonSymbol(own, assetClass, contract.currency ?? 'USD', expiryOf(contract) ?? near)
}

function expiryOf({ lastTradeDateOrContractMonth: text = '' }: Contract): LocalDate | undefined {
  const day = text.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3')
  return LocalDate.is(day) ? day : undefined
}

const PAIR = /^([A-Z]{3})\.([A-Z]{3})$/

/**
 * What to ask TWS for by a symbol in Keelson's spelling; `today` tells the decade of a future. Undefined for what cannot be asked
 * that way. Throws order/invalid for control characters.
 */
export function contractOf(symbol: string, today: LocalDate): Contract | undefined {
  const text = plain(symbol, 'the symbol').trim()
  const option = parseOcc(text)
  if (option) {
    return {
      symbol: option.underlying,
      secType: SecType.OPT,
      exchange: 'SMART',
      currency: 'USD',
      localSymbol: paddedOcc(normalSymbol(text)),
      lastTradeDateOrContractMonth: option.expiry.replaceAll('-', ''),
      strike: Number(option.strike),
      right: option.right === 'call' ? OptionType.Call : OptionType.Put,
      multiplier: Number(standardMultiplier(text) ?? Dec.of('100')),
    }
  }
  if (text.startsWith('./')) return undefined
  if (text.startsWith('/')) {
    const localSymbol = localFuture(text, today)
    return localSymbol === undefined ? undefined : { localSymbol, secType: SecType.FUT, currency: 'USD' }
  }
  const currency = pairCurrency(text)
  if (currency !== undefined) return { symbol: text.slice(0, text.indexOf('/')), secType: SecType.CRYPTO, exchange: 'PAXOS', currency }
  const [, base, quoted] = PAIR.exec(text) ?? []
  if (base !== undefined && quoted !== undefined) return { symbol: base, secType: SecType.CASH, exchange: 'IDEALPRO', currency: quoted }
  return { symbol: text, secType: SecType.STK, exchange: 'SMART', currency: 'USD' }
}

/** The same for something that must exist. Throws order/invalid. */
export function neededContract(symbol: string, today: LocalDate): Contract {
  const contract = contractOf(symbol, today)
  if (!contract) throw new AppError('order/invalid', { details: { reason: `${symbol} cannot be ordered through TWS` } })
  return contract
}
