import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { futureOptionKey } from '../../../shared/domain/future-option-key.ts'
import { knownOf, type Made } from '../../../shared/domain/realized.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { formatInstrument } from '../../../shared/words/instrument.ts'
import type { Reader } from '../db/connection.ts'
import type { CountedAccount } from '../store/portfolio-accounts.ts'
import { addMade, MADE_NOTHING, realizedBySymbol } from '../store/worth-ledger.ts'
import { costOf, gainOf, type Holding, holdingsOf, unitOf } from './portfolio-holdings.ts'

const PRICE_PLACES = 6
const PERCENT_PLACES = 2
const HUNDRED = Dec.of('100')

interface Held {
  readonly account: CountedAccount
  readonly holding: Holding
}

/** What is held of each instrument over all these accounts, the most valuable first. */
export function groupedPositions(reader: Reader, accounts: readonly CountedAccount[]): GroupedPosition[] {
  const held = accounts.flatMap(account => holdingsOf(reader, account.id).map(holding => ({ account, holding })))
  const results = new Map<string, Made>()
  for (const { symbol, currency, made } of accounts.flatMap(({ id }) => realizedBySymbol(reader, id))) {
    const key = `${symbol}\n${currency}`
    results.set(key, addMade(results.get(key) ?? MADE_NOTHING, made))
  }
  const groups = new Map<string, Held[]>()
  for (const one of held) {
    const key = keyOf(one.holding)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const exposure = exposures(held)
  return [...groups]
    .map(([, members]) => groupOf(members, results, exposure))
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

/** What closing it made, under all its names. What the history counts in another currency is not known in this one. */
function madeOf(holdings: readonly Holding[], results: ReadonlyMap<string, Made>): Made {
  const at = (symbol: string, currency: string): Made => results.get(`${symbol}\n${currency}`) ?? MADE_NOTHING
  const own = new Map(holdings.map(({ symbol, currency }) => [symbol, at(symbol, currency)]))
  const abroad = new Map(
    holdings.flatMap(({ symbol, bookedIn }) => (bookedIn === null ? [] : [[`${symbol}\n${bookedIn}`, at(symbol, bookedIn)]])),
  )
  const unknown = [...abroad.values()].reduce((count, made) => count + made.closings + made.unknown, 0)
  return [...own.values()].reduce(addMade, { ...MADE_NOTHING, unknown })
}

function groupOf(members: readonly Held[], results: ReadonlyMap<string, Made>, exposure: ReadonlyMap<string, Dec>): GroupedPosition {
  const [first] = members
  if (!first) throw new RangeError('a group of nothing')
  const { currency, assetClass } = first.holding
  const all = members.map(({ holding }) => holding)
  const symbols = namesOf(all)
  const quantity = Dec.sum(all.map(one => one.quantity))
  const made = madeOf(all, results)
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
    realized: knownOf(made, made.realized),
    unknown: made.unknown,
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
