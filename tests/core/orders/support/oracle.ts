import type { OrderFacts } from '../../../../electron/core/orders/order-facts.ts'
import type { OrderDraft } from '../../../../shared/domain/order.ts'

/**
 * What the rules for orders say, written a second time from their wording alone: in fractions of whole numbers where the guard has
 * decimals, and as one list of sentences where the guard has rules. It shares no code with the guard; only then a difference means something.
 */

/** A number as an exact fraction. */
interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

const NUMBER = /^(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?$/

function read(text: string): Fraction {
  const isNegative = text.startsWith('-')
  const [whole = '0', part = ''] = text.replace('-', '').split('.')
  const n = BigInt(whole + part)
  return { n: isNegative ? -n : n, d: 10n ** BigInt(part.length) }
}

const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d })
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d })
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { n: -b.n, d: b.d })
const isMore = (a: Fraction, b: Fraction): boolean => a.n * b.d > b.n * a.d
const larger = (a: Fraction, b: Fraction): Fraction => (isMore(a, b) ? a : b)
const size = (a: Fraction): Fraction => (a.n < 0n ? { n: -a.n, d: a.d } : a)
const ZERO: Fraction = { n: 0n, d: 1n }
const WITH_SLIP: Fraction = { n: 105n, d: 100n }

const isAbove = (text: string | null): text is string => text !== null && isMore(read(text), ZERO)

/** A quantity, an amount or a price somebody may mean: digits, above zero, at most twelve decimals, below a trillion. */
function isUsable(text: string): boolean {
  if (!NUMBER.test(text) || text.length > 64) return false
  return isAbove(text) && isMore({ n: 10n ** 12n, d: 1n }, read(text)) && (text.split('.')[1] ?? '').length <= 12
}

function isComplete(draft: OrderDraft): boolean {
  const { type, assetClass, quantity, notional, limitPrice, stopPrice, trail } = draft
  const given = [quantity, notional, limitPrice, stopPrice, trail?.value ?? null].filter(one => one !== null)
  if (!given.every(isUsable)) return false
  if ((quantity === null) === (notional === null)) return false
  if (type.includes('limit') !== (limitPrice !== null)) return false
  if ((type === 'stop' || type === 'stop-limit') !== (stopPrice !== null)) return false
  if ((type === 'trailing-stop') !== (trail !== null)) return false
  if (trail?.kind === 'percent' && !isMore({ n: 100n, d: 1n }, read(trail.value))) return false
  const isContract = assetClass === 'option' || assetClass === 'future' || assetClass === 'future-option'
  if (isContract && (quantity === null || quantity.includes('.'))) return false
  return !(assetClass.endsWith('option') && draft.positionEffect === null)
}

/** The best price of the other side; none when bid and ask contradict each other. */
function priceOf({ draft, quote }: OrderFacts, isClosing: boolean): Fraction | null {
  if (quote === null) return null
  if (isAbove(quote.bid) && isAbove(quote.ask) && isMore(read(quote.bid), read(quote.ask))) return null
  const [best, own] = draft.side === 'buy' ? [quote.ask, quote.bid] : [quote.bid, quote.ask]
  if (isAbove(best)) return read(best)
  // Who gets out with a limit may lean on his own side, where there is nothing else.
  if (!isAbove(quote.last)) return isClosing && draft.limitPrice !== null && isAbove(own) ? read(own) : null
  // Nobody sells for less than others bid.
  return draft.side === 'buy' && isAbove(quote.bid) ? larger(read(quote.last), read(quote.bid)) : read(quote.last)
}

/** Some price of those it is measured by is too old: bid and ask where the other side speaks, else the last, and its own side with it. */
function isOld({ draft, quote, now, limits }: OrderFacts): boolean {
  if (quote === null) return false
  const late = (at: string): boolean => Math.abs(Date.parse(now) - Date.parse(at)) > limits.quoteMaxAgeMs
  const [best, own] = draft.side === 'buy' ? [quote.ask, quote.bid] : [quote.bid, quote.ask]
  const isByLast = !isAbove(best) && isAbove(quote.last)
  return (late(quote.asOf) && (!isByLast || isAbove(own))) || (isByLast && late(quote.lastAsOf ?? quote.asOf))
}

/** Five percent; for cheap things ten, and no less than fifteen cents. */
function room(price: Fraction, percent: Fraction): Fraction {
  const isCheap = isMore({ n: 3n, d: 1n }, price)
  const share = times(times(price, isCheap ? larger(percent, { n: 10n, d: 1n }) : percent), { n: 1n, d: 100n })
  return isCheap ? larger(share, { n: 15n, d: 100n }) : share
}

/** Cents from a dollar on, hundredths of a cent below; options in cents; the E-mini in quarters. */
function isOnStep({ assetClass, symbol }: OrderDraft, price: string): boolean {
  const decimals = (price.split('.')[1] ?? '').length
  if (assetClass === 'option') return decimals <= 2
  if (assetClass === 'equity' || assetClass === 'fund') return decimals <= (isMore({ n: 1n, d: 1n }, read(price)) ? 4 : 2)
  if (symbol.startsWith('/ES')) return decimals <= 2 && (read(price).n * 100n) % (25n * read(price).d) === 0n
  return true
}

/** Every reason for which this order must not be sent as it is, by name; none when it may. */
export function reasonsOf(facts: OrderFacts): string[] {
  const { draft, quote, multiplier, toAccountCurrency, limits } = facts
  const reasons = new Set<string>()
  const say = (name: string, isSo: boolean): void => void (isSo && reasons.add(name))
  say('killed', facts.isKilled)
  say('trading-off', !facts.isTradingOn)
  say('not-reconciled', !facts.isReconciled)
  if (!isComplete(draft)) return [...reasons, 'malformed']

  const names = [draft.symbol, ...(draft.assetClass === 'option' ? [draft.symbol.replace(/\d{6}[CP]\d{8}$/, '')] : [])]
  const isDenied = limits.deny.some(one => names.includes(one))
  say('symbol-denied', isDenied)
  say('symbol-not-allowed', !isDenied && limits.allow !== null && !limits.allow.some(one => names.includes(one)))

  const hasLimit = draft.limitPrice !== null
  const isExtendedOrder = facts.session === 'extended' && draft.extendedHours && draft.type === 'limit'
  // What is for the opening or the close alone waits for it, whenever it is sent.
  const isForAuction = draft.type === 'market' && (draft.timeInForce === 'opg' || draft.timeInForce === 'cls')
  say('market-closed', facts.session !== 'open' && !hasLimit && !isForAuction)
  const isLater = (facts.session !== 'open' && !isExtendedOrder) || draft.timeInForce === 'opg'
  say('needs market-closed', isLater && !facts.confirmed.includes('market-closed'))

  const isClosing = closes(facts, false)
  const price = priceOf(facts, isClosing)
  const isAny = quote !== null && [quote.bid, quote.ask, quote.last].some(isAbove)
  say('no-price', price === null && !isAny)
  say('price-unsure', price === null && isAny)
  // Nobody has to wait for a trade of others to get out with a limit.
  const isLetOut = isClosing && hasLimit
  say('stale-price', isOld(facts) && !isLetOut)
  say('needs off-market', isOld(facts) && isLetOut && !facts.confirmed.includes('off-market'))
  // Who gets out with a number of them needs nobody to tell what they are worth.
  const isCounted = isClosing && draft.quantity !== null
  say('multiplier-unknown', !isAbove(multiplier) && !isCounted)
  say('currency-unknown', !isAbove(toAccountCurrency) && !isCounted)
  const opposite = draft.side === 'buy' ? isMore(ZERO, read(facts.held)) : isMore(read(facts.held), ZERO)
  say('held-other-way', draft.positionEffect === 'open' && opposite)
  say(
    'tick',
    [draft.limitPrice, draft.stopPrice].some(one => one !== null && !isOnStep(draft, one)),
  )
  say('needs unread-orders', isClosing && !closes(facts, true) && !facts.confirmed.includes('unread-orders'))
  if (price !== null)
    collarReasons(facts, price, isClosing)
      .filter(name => !(name === 'needs off-market' && facts.confirmed.includes('off-market')))
      .forEach(name => reasons.add(name))
  moneyReasons(facts, price, isClosing).forEach(name => reasons.add(name))

  const isTwin = facts.recent.some(
    one =>
      one.symbol === draft.symbol &&
      one.side === draft.side &&
      one.quantity === draft.quantity &&
      one.notional === draft.notional &&
      Math.abs(Date.parse(facts.now) - Date.parse(one.at)) <= 60_000,
  )
  say('needs duplicate', isTwin && !facts.confirmed.includes('duplicate'))
  return [...reasons]
}

/** Whether a price is further away from another than the collar lets it be. */
const isFar = (price: Fraction, from: Fraction, percent: Fraction): boolean => isMore(size(minus(price, from)), room(from, percent))

/**
 * What a thing really trades at: the middle, where what is asked is within the collar of it (for an option also while the ask is at most
 * three times the bid); else what was paid last, which for an option is moved to where bid and ask allow it, and for all others has to
 * go together with each of the two: both within the collar where one alone speaks, and no further outside than it where both do. An option
 * without any such price has that of the one side there is. `none` where nothing fits.
 */
function trueMarket({ draft, quote, limits }: OrderFacts): { readonly at: Fraction; readonly isMiddle: boolean } | null {
  const sides = [quote?.bid ?? null, quote?.ask ?? null].map(one => (isAbove(one) ? read(one) : null))
  const [bid = null, ask = null] = sides
  const last = quote !== null && isAbove(quote.last) ? read(quote.last) : null
  const percent = read(limits.collarPercent)
  const option = draft.assetClass.endsWith('option')
  if (bid && ask) {
    const middle = times(plus(bid, ask), { n: 1n, d: 2n })
    const isWide = isFar(ask, middle, percent) && !(option && !isMore(ask, times(bid, { n: 3n, d: 1n })))
    if (!isWide) return { at: middle, isMiddle: true }
  }
  const alone = bid && ask ? null : (bid ?? ask)
  if (!last) return option && alone ? { at: alone, isMiddle: false } : null
  if (option) {
    const raised = bid && isMore(bid, last) ? bid : last
    return { at: ask && isMore(raised, ask) ? ask : raised, isMiddle: false }
  }
  const isOdd = alone ? isFar(alone, last, percent) : outside(last, bid, ask, percent)
  return isOdd ? null : { at: last, isMiddle: false }
}

const outside = (last: Fraction, bid: Fraction | null, ask: Fraction | null, percent: Fraction): boolean =>
  (bid !== null && isMore(bid, last) && isFar(last, bid, percent)) || (ask !== null && isMore(last, ask) && isFar(last, ask, percent))

/** What is wrong with its prices, if anything, when `closing` tells whether it may only be asked about. */
function collarReasons(facts: OrderFacts, near: Fraction, closing: boolean): string[] {
  const { draft, quote, limits } = facts
  const percent = read(limits.collarPercent)
  const isBuy = draft.side === 'buy'
  const costs = (price: Fraction, around: Fraction): boolean =>
    isBuy ? isMore(price, plus(around, room(around, percent))) : isMore(minus(around, room(around, percent)), price)
  const market = trueMarket(facts)
  const limit = draft.limitPrice === null ? null : read(draft.limitPrice)
  const stop = draft.stopPrice === null ? null : read(draft.stopPrice)
  const found: string[] = []
  if (stop !== null) {
    const now = market !== null && !market.isMiddle ? market.at : near
    if (isBuy ? isMore(now, stop) : isMore(stop, now)) found.push('stop-on-wrong-side')
    if (limit !== null && costs(limit, stop)) found.push('price-off-market')
  }
  const own = stop === null ? limit : null
  // Without a limit it takes what the other side says, which may be nothing though its own side has somebody.
  const [facing, beside] = isBuy ? [quote?.ask, quote?.bid] : [quote?.bid, quote?.ask]
  const isOpenEnded = limit === null && !isAbove(facing ?? null) && isAbove(beside ?? null)
  if (market === null || isOpenEnded) {
    const isAsked =
      closing || (own !== null && isPatient(facts, own) && !(isAbove(quote?.last ?? null) && costs(own, read(quote?.last ?? ''))))
    found.push(isAsked ? 'needs off-market' : 'price-unsure')
    if (closing && own !== null && costs(own, handiest(facts, near))) found.push('price-off-market')
    return found
  }
  // With a limit it trades at that; a stop-limit was measured by its stop; everything else takes what the other side says.
  const other = isBuy ? (quote?.ask ?? null) : (quote?.bid ?? null)
  const takes = own ?? (limit === null && isAbove(other) ? read(other) : null)
  if (takes === null) return found
  const isWayOut = closing && (limit === null || !costs(takes, handiest(facts, near)))
  if (costs(takes, market.at)) found.push(isWayOut ? 'needs off-market' : 'price-off-market')
  else if (
    market.isMiddle &&
    !draft.assetClass.endsWith('option') &&
    quote !== null &&
    isAbove(quote.last) &&
    costs(takes, read(quote.last))
  )
    found.push('needs off-market')
  return found
}

/** What somebody in a hurry gets: what the other side says, else the worse of what else there is. */
function handiest({ draft, quote }: OrderFacts, near: Fraction): Fraction {
  const isBuy = draft.side === 'buy'
  const best = (isBuy ? quote?.ask : quote?.bid) ?? null
  if (isAbove(best)) return read(best)
  const rest = [isBuy ? quote?.bid : quote?.ask, quote?.last].flatMap(one => (isAbove(one ?? null) ? [read(one ?? '')] : []))
  return rest.reduce((a, b) => (isMore(a, b) === isBuy ? a : b), rest[0] ?? near)
}

/** It waits: at what its own side says or up to the middle; a purchase at no more than three times what is bid. */
function isPatient({ draft, quote }: OrderFacts, limit: Fraction): boolean {
  const [bid, ask] = [quote?.bid ?? null, quote?.ask ?? null].map(one => (isAbove(one) ? read(one) : null))
  const half: Fraction = { n: 1n, d: 2n }
  if (draft.side === 'sell') return !!ask && !isMore(bid ? times(plus(bid, ask), half) : ask, limit)
  if (!bid || isMore(limit, times(bid, { n: 3n, d: 1n }))) return false
  return !isMore(limit, ask ? times(plus(bid, ask), half) : bid)
}

/** What one of it costs at worst: its limit when it buys with one, else the dearest of market, stop and limit, the market and the stop with five percent on top. */
function dearest({ draft }: OrderFacts, price: Fraction): Fraction {
  const market = times(price, WITH_SLIP)
  const limit = draft.limitPrice === null ? ZERO : read(draft.limitPrice)
  const stop = draft.stopPrice === null ? ZERO : read(draft.stopPrice)
  if (draft.side === 'sell') return larger(market, larger(limit, stop))
  return draft.limitPrice === null ? larger(market, times(stop, WITH_SLIP)) : limit
}

/** All there is of bid, ask and last; nothing where the two sides contradict each other. */
function shown({ quote }: OrderFacts): Fraction[] {
  const all = [quote?.bid ?? null, quote?.ask ?? null, quote?.last ?? null]
  const [bid = null, ask = null] = all
  if (isAbove(bid) && isAbove(ask) && isMore(read(bid), read(ask))) return []
  return all.flatMap(one => (isAbove(one) ? [read(one)] : []))
}

/** What opens counts by the dearest of all prices; what closes by what it meets, or by the true market where that is dearer. */
function countedAt(facts: OrderFacts, met: Fraction, isClosing: boolean): Fraction {
  if (!isClosing) return shown(facts).reduce(larger, met)
  return larger(met, trueMarket(facts)?.at ?? met)
}

function moneyReasons(facts: OrderFacts, met: Fraction | null, isClosing: boolean): string[] {
  const { draft, multiplier, toAccountCurrency, working, limits } = facts
  const found: string[] = []
  const over = (name: string, value: Fraction, most: string): void => void (isMore(value, read(most)) && found.push(name))
  if (draft.quantity !== null) over('quantity', read(draft.quantity), limits.maxQuantity)
  // An amount may buy no more than may be ordered by number.
  else if (met !== null && isAbove(multiplier)) {
    const most = times(times(read(limits.maxQuantity), met), read(multiplier))
    if (isMore(read(draft.notional ?? '0'), most)) found.push('quantity')
  }
  const alike = working.filter(one => one.symbol === draft.symbol && one.side === draft.side)

  if (met !== null && isAbove(multiplier) && isAbove(toAccountCurrency)) {
    const price = countedAt(facts, met, isClosing)
    const rate = read(toAccountCurrency)
    const value = (quantity: Fraction, at: Fraction): Fraction => times(times(times(quantity, at), read(multiplier)), rate)
    const worth = draft.quantity === null ? times(read(draft.notional ?? '0'), rate) : value(read(draft.quantity), dearest(facts, price))
    over('notional', worth, limits.maxNotional)
    if (!isClosing) {
      // Long is up for a purchase, short is up for a sale; what filled may have to be added.
      const held = read(facts.held)
      const there = plus(draft.side === 'buy' ? held : minus(ZERO, held), hidden(facts))
      const coming = alike
        .map(one => larger(value(read(one.quantity), price), one.value === null ? ZERO : read(one.value)))
        .reduce(plus, ZERO)
      over('position', plus(plus(value(larger(there, ZERO), price), coming), worth), limits.maxPosition)
      if (working.some(one => one.value === null)) found.push('open-value')
      else over('open-value', plus(working.map(one => read(one.value ?? '0')).reduce(plus, ZERO), worth), limits.maxOpenValue)
    }
  }

  if (!(facts.sentLastMinute < limits.ordersPerMinute)) found.push('orders-per-minute')
  if (isClosing) return found
  if (!(facts.sentToday < limits.ordersPerDay)) found.push('orders-per-day')
  if (facts.lossToday === null) found.push('loss-unknown')
  else if (!isMore(read(limits.maxDailyLoss), read(facts.lossToday))) found.push('daily-loss')
  return found
}

/** What is known to have been bought, or for a sale sold, and may not be among what is held. */
function hidden({ draft, unshown }: OrderFacts): Fraction {
  return read((draft.side === 'buy' ? unshown?.bought : unshown?.sold) ?? '0')
}

/** It can only make the position smaller, whatever else works or has just filled on its side, and does not say that it opens one. */
function closes(facts: OrderFacts, withUnread: boolean): boolean {
  const { draft, held, multiplier, working } = facts
  const waiting = working
    .filter(one => (one.symbol === draft.symbol || (withUnread && one.symbol === '')) && one.side === draft.side)
    .map(one => read(one.quantity))
    .reduce(plus, ZERO)
  // Shares that are bought without saying that it covers are bought to keep.
  const isStock = draft.assetClass === 'equity' || draft.assetClass === 'fund'
  if (isStock && draft.side === 'buy' && draft.positionEffect !== 'close') return false
  const there = read(held)
  if (there.n === 0n || draft.positionEffect === 'open' || there.n < 0n !== (draft.side === 'buy')) return false
  const free = minus(minus(size(there), waiting), hidden(facts))
  if (draft.quantity !== null) return !isMore(read(draft.quantity), free)
  // The cheaper it trades, the more of it an amount comes to.
  const [first, ...others] = shown(facts)
  if (first === undefined || multiplier === null) return false
  const cheapest = others.reduce((a, b) => (isMore(a, b) ? b : a), first)
  return !isMore(times(read(draft.notional ?? '0'), WITH_SLIP), times(times(free, cheapest), read(multiplier)))
}
