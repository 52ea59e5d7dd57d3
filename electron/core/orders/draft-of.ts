import type { Ticket } from '../../../shared/contract/orders.ts'
import { cryptoPair, normalSymbol } from '../../../shared/domain/instrument.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { futureOptionSymbol, futureSymbol, parseFuture, parseFutureOption } from '../../../shared/domain/futures.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { invalidOrder } from '../brokers/order-draft.ts'

type Direction = Pick<OrderDraft, 'side' | 'positionEffect'>

const DIRECTIONS: Readonly<Record<Ticket['action'], Direction>> = {
  buy: { side: 'buy', positionEffect: null },
  sell: { side: 'sell', positionEffect: null },
  short: { side: 'sell', positionEffect: 'open' },
  cover: { side: 'buy', positionEffect: 'close' },
  'buy-to-open': { side: 'buy', positionEffect: 'open' },
  'buy-to-close': { side: 'buy', positionEffect: 'close' },
  'sell-to-open': { side: 'sell', positionEffect: 'open' },
  'sell-to-close': { side: 'sell', positionEffect: 'close' },
}

const ANY_DAY = LocalDate.of('2026-01-01')
const WITH_EFFECT: ReadonlySet<Ticket['assetClass']> = new Set(['option', 'future-option'])
const SHORTABLE: ReadonlySet<Ticket['assetClass']> = new Set(['equity', 'fund', 'future'])

/**
 * The order a ticket asks for. Throws order/invalid for an action its asset does not have: stocks and futures are bought, sold, shorted
 * and covered, options opened and closed, everything else is bought and sold.
 */
export function draftOf(ticket: Ticket, clientOrderId: string): OrderDraft {
  const { action, assetClass, type, quantity, notional, limitPrice, stopPrice, timeInForce, extendedHours } = ticket
  const isOpenOrClose = action.includes('-to-')
  if (WITH_EFFECT.has(assetClass) !== isOpenOrClose) throw invalidOrder('it must say whether it opens or closes, and only for an option')
  if ((action === 'short' || action === 'cover') && !SHORTABLE.has(assetClass))
    throw invalidOrder('only stocks and futures are shorted and covered')
  const symbol = symbolOf(ticket)
  if (!isSpelledOut(symbol)) throw invalidOrder('a future is written with its month and two digits of its year, as /ESZ26')
  return {
    clientOrderId,
    symbol,
    assetClass,
    ...DIRECTIONS[action],
    type,
    quantity,
    notional,
    limitPrice,
    stopPrice,
    trail: null,
    timeInForce,
    extendedHours,
  }
}

/** Whether a future, or an option on one, is written as positions and orders are: any other spelling would not be found among them. */
function isSpelledOut(symbol: string): boolean {
  const option = parseFutureOption(symbol)
  if (option) return futureOptionSymbol(option) === symbol
  const future = parseFuture(symbol, ANY_DAY)
  return future === undefined || futureSymbol(future) === symbol
}

/** Letters as brokers write them, in Keelson's spelling of the asset. */
export function symbolOf({ symbol, assetClass }: { readonly symbol: string; readonly assetClass: string }): string {
  const upper = symbol.trim().toUpperCase()
  return (assetClass === 'crypto' ? cryptoPair(upper) : undefined) ?? normalSymbol(upper)
}

/** Whether the action promises to make a position smaller: then it must not turn it around. */
export function promisesToClose({ action }: Pick<Ticket, 'action'>): boolean {
  return action === 'sell' || action === 'cover' || action === 'buy-to-close' || action === 'sell-to-close'
}
