import type { Ticket } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { cryptoPair, parseOcc } from '../../../shared/domain/instrument.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'

export interface OrderOptions {
  readonly action: Ticket['action']
  readonly symbol: string
  /** Exactly one of the two. */
  readonly quantity: Dec | undefined
  readonly amount: Dec | undefined
  readonly limit: Dec | undefined
  readonly stop: Dec | undefined
  readonly tif: Ticket['timeInForce']
  readonly extended: boolean
  readonly assetClass: Ticket['assetClass'] | undefined
}

/** What was typed as a ticket: its prices say its type, its symbol says what it is for. */
export function ticketOf(accountId: AccountId, options: OrderOptions): Ticket {
  const {
    action,
    symbol,
    quantity = null,
    amount: notional = null,
    limit: limitPrice = null,
    stop: stopPrice = null,
    tif: timeInForce,
    extended: extendedHours,
  } = options
  const type = limitPrice === null ? (stopPrice === null ? 'market' : 'stop') : stopPrice === null ? 'limit' : 'stop-limit'
  return {
    accountId,
    symbol,
    assetClass: options.assetClass ?? classOf(symbol),
    action,
    type,
    quantity,
    notional,
    limitPrice,
    stopPrice,
    timeInForce,
    extendedHours,
    replaces: null,
  }
}

/** By its spelling: `AAPL261218C00250000`, `/ESZ26`, `./ESZ26 EW4X26 261127C5750`, `BTC/USD`; a stock for everything else. */
function classOf(symbol: string): Ticket['assetClass'] {
  const text = symbol.trim().toUpperCase()
  if (text.startsWith('./')) return 'future-option'
  if (text.startsWith('/')) return 'future'
  if (parseOcc(text)) return 'option'
  return text.includes('/') && cryptoPair(text) !== undefined ? 'crypto' : 'equity'
}

/** A number above zero, as brokers take them. */
export function readPositive(text: string): Dec | null {
  try {
    const value = Dec.of(text)
    return Dec.isZero(value) || Dec.isNegative(value) ? null : value
  } catch {
    return null
  }
}
