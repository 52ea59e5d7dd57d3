import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { BrokerPosition } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import { fillsSince, type OrderFill } from '../store/order-fills.ts'
import { type Intent, intentOfOrder, sentSince } from '../store/order-intents.ts'
import type { Unshown } from './order-facts.ts'

/** What the positions of an account may not show yet, though it is known to have filled. */
export interface UnshownFills {
  /** Of a symbol, of which the broker's positions show so many (short is negative). */
  of(symbol: string, shown: Dec): Unshown
  /** How many there are for sure, toward none: what a later reading is held against. */
  surely(symbol: string, shown: Dec): Dec
  /** The same positions without what may be sold already. */
  without<P extends Pick<BrokerPosition, 'symbol' | 'quantity'>>(positions: readonly P[]): P[]
}

/** How long a broker may take until its positions show a fill. */
export const SHOWN_WITHIN_MS = 300_000
const DAY_MS = 86_400_000
/** What was held is read before an order is written down, and the clocks of brokers are not ours. */
const SLACK_MS = 60_000

/**
 * Holds the fills of the last minutes against what the positions show. Brokers tell both from different places, and positions of before a
 * sale would let the same shares be sold once more. Whether a fill is in is known by what was held when the first of the orders was sent: then
 * everything since has to add up. Where nobody noted that, a fill counts as not shown. Calls nobody.
 */
export function unshownFills(
  reader: Reader,
  accountId: AccountId,
  { now, aheadMs }: { readonly now: Instant; readonly aheadMs: number },
): UnshownFills {
  // One that its broker dates long before is shown by now, however late it was read.
  const fillsFrom = (from: Instant, shown: Instant): OrderFill[] => {
    const byBroker = (at: Instant): Instant => Instant.plus(at, -aheadMs - SLACK_MS)
    return fillsSince(reader, accountId, { read: from, told: byBroker(from), dated: byBroker(shown) })
  }
  const since = Instant.plus(now, -SHOWN_WITHIN_MS)
  const lately = fillsFrom(since, since)
  const sent = lately.length === 0 ? [] : sentSince(reader, since, accountId)

  /** The oldest of our orders around the fills: what was held before it. Null where one of them says nothing. */
  function before(symbol: string, fills: readonly OrderFill[]): { readonly held: Dec; readonly at: Instant } | null {
    const filled = fills.flatMap(({ externalId }) => intentOfOrder(reader, accountId, externalId) ?? [])
    const around = [...sent.filter(({ draft }) => draft?.symbol === symbol), ...filled]
    const first = around.reduce<Intent | null>((a, b) => (a === null || Instant.isBefore(b.createdAt, a.createdAt) ? b : a), null)
    const held = first?.held ?? null
    return first === null || held === null || Instant.msBetween(first.createdAt, now) > DAY_MS ? null : { held, at: first.createdAt }
  }

  function of(symbol: string, shown: Dec): Unshown & { readonly isSure: boolean } {
    const fills = lately.filter(fill => fill.symbol === symbol)
    const base = fills.length === 0 ? null : before(symbol, fills)
    if (base === null) return { sold: sum(fills, 'sell'), bought: sum(fills, 'buy'), isSure: fills.length === 0 }
    const since = fillsFrom(base.at, Instant.plus(base.at, -SHOWN_WITHIN_MS)).filter(fill => fill.symbol === symbol)
    const isOurs = ({ externalId }: OrderFill): boolean => {
      const intent = intentOfOrder(reader, accountId, externalId)
      return intent !== null && !Instant.isBefore(intent.createdAt, base.at)
    }
    const ours = since.filter(isOurs)
    // What was held then may have had these already: each counts where that is the worse.
    const others = since.filter(fill => !isOurs(fill))
    const due = Dec.sub(Dec.add(base.held, sum(ours, 'buy')), sum(ours, 'sell'))
    return {
      sold: within(Dec.add(Dec.sub(shown, due), sum(others, 'sell')), sum(fills, 'sell')),
      bought: within(Dec.add(Dec.sub(due, shown), sum(others, 'buy')), sum(fills, 'buy')),
      isSure: others.length === 0,
    }
  }

  return {
    of(symbol, shown) {
      const { sold, bought } = of(symbol, shown)
      return { sold, bought }
    },
    surely(symbol, shown) {
      const { sold, bought, isSure } = of(symbol, shown)
      if (isSure) return Dec.add(Dec.sub(shown, sold), bought)
      return Dec.isNegative(shown) ? Dec.add(shown, bought) : Dec.sub(shown, sold)
    },
    without(positions) {
      const left = new Map<string, Dec>()
      return positions.map(position => {
        const { symbol, quantity } = position
        if (Dec.isNegative(quantity) || !lately.some(fill => fill.symbol === symbol)) return position
        const all = Dec.sum(positions.filter(one => one.symbol === symbol).map(one => one.quantity))
        const sold = left.get(symbol) ?? of(symbol, all).sold
        const taken = least(sold, quantity)
        left.set(symbol, Dec.sub(sold, taken))
        return { ...position, quantity: Dec.sub(quantity, taken) }
      })
    },
  }
}

const sum = (fills: readonly OrderFill[], side: OrderFill['side']): Dec =>
  Dec.sum(fills.filter(fill => fill.side === side).map(({ quantity }) => quantity))
const least = (a: Dec, b: Dec): Dec => (Dec.cmp(a, b) <= 0 ? a : b)
const within = (value: Dec, most: Dec): Dec => (Dec.isNegative(value) ? Dec.zero : least(value, most))
