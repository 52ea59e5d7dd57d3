import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { futureOptionKey } from '../../../shared/domain/future-option-key.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { formatInstrument } from '../../../shared/words/instrument.ts'
import type { Reader } from '../db/connection.ts'
import type { CountedAccount } from '../store/portfolio-accounts.ts'
import { realizedBySymbol } from '../store/worth-ledger.ts'
import { gainOf, type Holding, holdingsOf } from './portfolio-holdings.ts'

const PRICE_PLACES = 6
const PERCENT_PLACES = 2
const HUNDRED = Dec.of('100')
const ONE = Dec.of('1')

interface Held {
  readonly account: CountedAccount
  readonly holding: Holding
}

/** What is held of each instrument over all these accounts, the most valuable first. */
export function groupedPositions(reader: Reader, accounts: readonly CountedAccount[]): GroupedPosition[] {
  const held = accounts.flatMap(account => holdingsOf(reader, account.id).map(holding => ({ account, holding })))
  const realized = new Map<string, Dec>()
  for (const { symbol, currency, realized: amount } of accounts.flatMap(({ id }) => realizedBySymbol(reader, id))) {
    const key = `${symbol}\n${currency}`
    realized.set(key, Dec.add(realized.get(key) ?? Dec.zero, amount))
  }
  const groups = new Map<string, Held[]>()
  for (const one of held) {
    const key = keyOf(one.holding)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const exposure = exposures(held)
  return [...groups]
    .map(([, members]) => groupOf(members, realized, exposure))
    .toSorted((a, b) => Dec.cmp(Dec.abs(b.marketValue ?? Dec.zero), Dec.abs(a.marketValue ?? Dec.zero)) || (a.symbol < b.symbol ? -1 : 1))
}

/** Market values by currency, short ones counted as they weigh. */
function exposures(held: readonly Held[]): Map<string, Dec> {
  const found = new Map<string, Dec>()
  for (const {
    holding: { currency, marketValue },
  } of held)
    found.set(currency, Dec.add(found.get(currency) ?? Dec.zero, Dec.abs(marketValue ?? Dec.zero)))
  return found
}

/** Brokers spell an option on a future each their own way. */
function keyOf({ symbol, currency, assetClass, asOf }: Holding): string {
  const name = assetClass === 'future-option' ? futureOptionKey(symbol, toLocalDate(asOf, EXCHANGE_ZONE)) : undefined
  return `${name ?? symbol}\n${currency}`
}

/** Of several names first the one whose terms can be read. */
function namesOf(holdings: readonly Holding[]): readonly string[] {
  const names = [...new Set(holdings.map(({ symbol }) => symbol))]
  const readable = names.find(name => formatInstrument(name).terms !== '')
  return readable === undefined ? names : [readable, ...names.filter(name => name !== readable)]
}

function groupOf(members: readonly Held[], realized: ReadonlyMap<string, Dec>, exposure: ReadonlyMap<string, Dec>): GroupedPosition {
  const [first] = members
  if (!first) throw new RangeError('a group of nothing')
  const { currency, assetClass } = first.holding
  const all = members.map(({ holding }) => holding)
  const symbols = namesOf(all)
  const quantity = Dec.sum(all.map(one => one.quantity))
  const marketValue = sumOrNull(all.map(one => one.marketValue))
  const cost = sumOrNull(all.map(costOf))
  const whole = exposure.get(currency) ?? Dec.zero
  const multiplier = all.find(one => one.multiplier !== null)?.multiplier ?? null
  // Long here and short there take each other away, and so do their costs.
  const isOneSided = new Set(all.map(one => Dec.isNegative(one.quantity))).size === 1
  return {
    symbol: symbols[0] ?? first.holding.symbol,
    symbols: [...symbols],
    assetClass,
    currency,
    quantity,
    marketValue,
    cost,
    averageCost:
      cost === null || multiplier === null || !isOneSided || Dec.isZero(quantity)
        ? null
        : Dec.divide(cost, Dec.mul(quantity, multiplier), PRICE_PLACES),
    price: priceOf(first.holding, quantity, marketValue, multiplier),
    unrealized: sumOrNull(all.map(gainOf)),
    realized: Dec.sum(symbols.map(name => realized.get(`${name}\n${currency}`) ?? Dec.zero)),
    weight: marketValue === null || Dec.isZero(whole) ? null : Dec.divide(Dec.mul(marketValue, HUNDRED), whole, PERCENT_PLACES),
    asOf: oldest(all.map(one => one.asOf)),
    fetchedAt: oldest(all.map(one => one.fetchedAt)),
    holdings: members.map(({ account, holding }) => ({
      accountId: account.id,
      connectionId: account.connectionId,
      broker: account.broker,
      symbol: holding.symbol,
      quantity: holding.quantity,
      averagePrice: holding.averagePrice,
      marketValue: holding.marketValue,
      unrealized: holding.unrealized,
      ledgerCost: holding.ledgerCost,
      ledgerUnrealized: holding.ledgerUnrealized,
      ledgerQuantity: holding.ledgerQuantity,
      agrees: holding.agrees,
      asOf: holding.asOf,
      fetchedAt: holding.fetchedAt,
    })),
  }
}

/** By our lots where they agree, else by the broker's average price where one unit is one. */
function costOf({ agrees, ledgerCost, averagePrice, quantity, multiplier, assetClass }: Holding): Dec | null {
  if (agrees === true && ledgerCost !== null) return ledgerCost
  const units = multiplier ?? unitOf(assetClass)
  return averagePrice === null || units === null ? null : Dec.mul(Dec.mul(averagePrice, quantity), units)
}

/** One unit is one of what is priced, where no contract says otherwise. */
function unitOf(assetClass: Holding['assetClass']): Dec | null {
  return assetClass === 'equity' || assetClass === 'crypto' || assetClass === 'fund' ? ONE : null
}

/** What one is worth, by its value; a future is valued by its gain, which says nothing about its price. */
function priceOf({ assetClass }: Holding, quantity: Dec, marketValue: Dec | null, multiplier: Dec | null): Dec | null {
  const units = multiplier ?? unitOf(assetClass)
  if (assetClass === 'future' || marketValue === null || units === null || Dec.isZero(quantity)) return null
  return Dec.divide(marketValue, Dec.mul(quantity, units), PRICE_PLACES)
}

function sumOrNull(values: readonly (Dec | null)[]): Dec | null {
  const known = values.filter(value => value !== null)
  return known.length < values.length ? null : Dec.sum(known)
}

function oldest(stamps: readonly Instant[]): Instant {
  const [first, ...rest] = stamps
  if (first === undefined) throw new RangeError('a group of nothing')
  return rest.reduce(Instant.earliest, first)
}
