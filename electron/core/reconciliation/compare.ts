import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { assignmentsOf } from './assignments.ts'
import { cashFinding } from './cash-reason.ts'
import type { AccountFacts, CashGap, Difference, Gap, HeldFact } from './facts.ts'
import { countedOf } from './own-entry.ts'
import { keyOf, pairedAcrossCurrencies } from './pairing.ts'
import { positionFinding } from './position-reason.ts'

/**
 * Holds what the history of one account comes to against what its broker states: every instrument by quantity, every currency by cash.
 * Rows younger than the broker's figure may be in it or not: of the two the nearer one counts. Answers only what differs, each with its
 * likely reason.
 */
export function differencesOf(facts: AccountFacts): Difference[] {
  const positions = positionGaps(facts)
  const cash = cashGaps(facts)
  const groups = assignmentsOf(facts, positions, cash)
  return [
    ...positions.map(gap => ({
      ...(groups.bySymbol.get(keyOf(gap)) ?? positionFinding(facts, gap)),
      kind: 'position' as const,
      symbol: gap.symbol,
      currency: gap.currency,
      ledger: gap.ledger,
      broker: gap.broker,
      asOf: gap.asOf,
    })),
    ...cash.map(gap => ({
      ...(groups.byCurrency.get(gap.currency) ?? cashFinding(facts, gap)),
      kind: 'cash' as const,
      symbol: null,
      currency: gap.currency,
      ledger: gap.ledger,
      broker: gap.broker,
      asOf: gap.asOf,
    })),
  ]
}

/** Instruments whose quantities differ, by symbol. Money is compared as cash, also where a broker lists it among the holdings. */
export function positionGaps(facts: AccountFacts): Gap[] {
  if (facts.positions === null) return []
  const held = heldByKey(facts.positions.filter(({ assetClass }) => !isMoney(assetClass)))
  const own = new Map(facts.books.filter(({ assetClass }) => !isMoney(assetClass)).map(book => [keyOf(book), book]))
  const books = pairedAcrossCurrencies(held, own)
  const gaps: Gap[] = []
  const asOf = facts.positions[0]?.asOf ?? latestBalance(facts)
  for (const key of new Set([...held.keys(), ...books.keys()])) {
    const mine = held.get(key) ?? null
    const book = books.get(key) ?? null
    const one = mine ?? book
    if (!one || asOf === null) continue
    const at = mine?.asOf ?? asOf
    const late = Dec.sum(
      facts.recent.flatMap(row => (row.symbol === one.symbol && row.change !== null && isAfter(row.executedAt, at) ? [row.change] : [])),
    )
    const broker = mine?.quantity ?? Dec.zero
    const ledger = nearer(broker, book ? countedOf(facts, book, broker) : Dec.zero, late)
    const difference = Dec.sub(broker, ledger)
    if (Dec.isZero(difference)) continue
    gaps.push({
      symbol: one.symbol,
      assetClass: mine?.assetClass ?? book?.assetClass ?? null,
      currency: one.currency,
      bookedIn: book?.bookedIn ?? one.currency,
      ledger,
      broker,
      difference,
      held: mine,
      book,
      asOf: at,
    })
  }
  return gaps.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))
}

/** Currencies whose cash differs. A currency the broker does not list holds none. */
export function cashGaps(facts: AccountFacts): CashGap[] {
  const [first] = facts.balances
  if (!first) return []
  const stated = new Map(facts.balances.map(balance => [balance.currency, balance]))
  return [...new Set([...stated.keys(), ...facts.cash.keys()])].toSorted().flatMap(currency => {
    const { cash: broker, asOf } = stated.get(currency) ?? { cash: Dec.zero, asOf: first.asOf }
    const late = Dec.sum(
      facts.recent.flatMap(row => (row.currency === currency && row.amount !== null && isAfter(row.executedAt, asOf) ? [row.amount] : [])),
    )
    const ledger = nearer(broker, facts.cash.get(currency) ?? Dec.zero, late)
    const difference = Dec.sub(broker, ledger)
    return Dec.isZero(difference) ? [] : [{ currency, ledger, broker, difference, asOf }]
  })
}

/** Brokers state the time of an answer to the second, and some late: what seems younger may be in their figure. */
function nearer(broker: Dec, whole: Dec, late: Dec): Dec {
  const without = Dec.sub(whole, late)
  return Dec.cmp(Dec.abs(Dec.sub(broker, whole)), Dec.abs(Dec.sub(broker, without))) <= 0 ? whole : without
}

function isAfter(at: Instant | null, asOf: Instant): boolean {
  return at !== null && Instant.isBefore(asOf, at)
}

function isMoney(assetClass: HeldFact['assetClass'] | null): boolean {
  return assetClass === 'cash' || assetClass === 'forex'
}

function latestBalance({ balances }: AccountFacts): Instant | null {
  return balances[0]?.asOf ?? null
}

/** A broker may state one instrument in several rows. */
function heldByKey(positions: readonly HeldFact[]): Map<string, HeldFact> {
  const found = new Map<string, HeldFact>()
  for (const fact of positions) {
    const known = found.get(keyOf(fact))
    found.set(keyOf(fact), known ? { ...fact, quantity: Dec.add(known.quantity, fact.quantity), averagePrice: null } : fact)
  }
  return found
}
