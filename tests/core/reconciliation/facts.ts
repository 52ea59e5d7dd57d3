import type { AccountFacts, BookFact, HeldFact, MoveFact } from '../../../electron/core/reconciliation/facts.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'

export const d = Dec.of
export const TODAY = LocalDate.of('2026-11-20')
export const AT = Instant.parse('2026-11-20T20:00:00Z')

export function held(symbol: string, quantity: string, more: Partial<HeldFact> = {}): HeldFact {
  return {
    symbol,
    assetClass: symbol.length > 10 ? 'option' : 'equity',
    currency: 'USD',
    quantity: d(quantity),
    averagePrice: null,
    price: null,
    asOf: AT,
    ...more,
  }
}

/** A row that moved an instrument, there from the beginning. */
export function move(day: string, change: string, price: string | null = null): MoveFact {
  return { row: `row of ${day}`, toldAt: Instant.plus(AT, -60_000), day: LocalDate.of(day), change: d(change), price: price === null ? null : d(price) }
}

/** The same, since what the user added. */
export function late(day: string, change: string): MoveFact {
  return { ...move(day, change), toldAt: Instant.plus(AT, 60_000) }
}

export function book(symbol: string, quantity: string, more: Partial<BookFact> = {}): BookFact {
  const isOption = symbol.length > 10
  return {
    symbol,
    assetClass: isOption ? 'option' : 'equity',
    currency: 'USD',
    quantity: d(quantity),
    missing: Dec.zero,
    unopened: [],
    soldUnheld: [],
    cost: null,
    multiplier: d(isOption ? '100' : '1'),
    firstDay: LocalDate.of('2025-03-03'),
    ...more,
  }
}

/** An account whose history was read whole and begins with the account, a year after the first day asked for. */
export function facts(more: Partial<AccountFacts> = {}): AccountFacts {
  return {
    broker: 'Alpaca',
    today: TODAY,
    positions: [],
    balances: [{ currency: 'USD', cash: d('1000'), asOf: AT }],
    books: [],
    cash: new Map([['USD', d('1000')]]),
    unstatedIn: () => 0,
    futuresIn: () => ({ symbols: [], settledUntil: null, isAtOnce: false, advice: null }),
    opened: new Set(),
    recent: [],
    untold: [],
    history: { isWhole: true, from: LocalDate.of('2018-01-01'), firstDay: LocalDate.of('2025-03-03') },
    heldWith: symbol => ({ quantity }) => {
      const known = more.books?.find(one => one.symbol === symbol)
      return known ? Dec.sub(Dec.add(known.quantity, quantity), known.missing) : quantity
    },
    movesOf: () => [],
    added: [],
    ...more,
  }
}

/** Cash stated by the broker beside what the rows come to. */
export function cash(broker: string, ledger: string): Pick<AccountFacts, 'balances' | 'cash'> {
  return { balances: [{ currency: 'USD', cash: d(broker), asOf: AT }], cash: new Map([['USD', d(ledger)]]) }
}
