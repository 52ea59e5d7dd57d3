import type { FigureView, WorthView } from '../../../shared/contract/portfolio.ts'
import type { Balance } from '../../../shared/domain/account.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { knownOf, type Made } from '../../../shared/domain/realized.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { balancesOf } from '../store/balances.ts'
import { type CountedAccount, isUnread } from '../store/portfolio-accounts.ts'
import { unmeasured } from '../store/unknown-closings.ts'
import { addMade, ledgerSums, MADE_NOTHING } from '../store/worth-ledger.ts'
import { type DayChange, dayChange } from './portfolio-day.ts'
import { gainOf, type Holding, holdingsOf } from './portfolio-holdings.ts'

/** The figures of one account in one currency. `otherFees` are what was paid beside trades. */
export interface AccountWorth extends Omit<WorthView, 'day' | 'dayPercent' | 'total' | 'rate' | 'realized' | 'realizedThisYear'> {
  readonly made: Made
  readonly madeThisYear: Made
  /** Into the base currency of the account, where its broker states a rate. */
  readonly rate: { readonly base: string; readonly rate: Dec } | null
  readonly day: DayChange
  readonly otherFees: Dec
  readonly otherFeesThisYear: Dec
  /** Holdings nobody knows the cost of. */
  readonly unpriced: number
  /** Holds something whose value its broker does not state, neither by itself nor inside that of another currency. */
  readonly isUnstated: boolean
}

export interface ReadAccount {
  readonly account: CountedAccount
  readonly holdings: readonly Holding[]
  readonly worths: readonly AccountWorth[]
}

const PERCENT_PLACES = 2
const MONEY_PLACES = 2

/** Everything one account is worth and made, currency by currency. */
export function readWorth(reader: Reader, account: CountedAccount, today: LocalDate): ReadAccount {
  const holdings = holdingsOf(reader, account.id)
  const balances = balancesOf(reader, account.id)
  const unread = isUnread(reader, account) ? 1 : 0
  const lacking = unmeasured(reader, account.id)
  const sums = new Map(ledgerSums(reader, account.id, LocalDate.of(`${today.slice(0, 4)}-01-01`)).map(sum => [sum.currency, sum]))
  const currencies = [
    ...new Set([...balances.map(({ currency }) => currency), ...holdings.map(({ currency }) => currency), ...sums.keys()]),
  ].toSorted()
  const whole = wholeCurrency(balances, account)
  const worths = currencies.map((currency): AccountWorth => {
    const balance = balances.find(one => one.currency === currency)
    const mine = holdings.filter(one => one.currency === currency)
    const sum = sums.get(currency)
    const marketValue = total(mine.map(one => one.marketValue))
    const gains = mine.map(gainOf)
    const unpriced = gains.filter(gain => gain === null).length
    // The value in the base currency holds all other currencies already.
    const isInside = whole !== null && whole !== currency
    const value = isInside
      ? null
      : (balance?.netLiquidation ?? (currencies.length === 1 && balance?.cash ? plus(balance.cash, marketValue) : null))
    const asOf = balance?.asOf ?? mine[0]?.asOf ?? null
    return {
      currency,
      value,
      cash: balance?.cash ?? null,
      marketValue,
      day:
        value === null || asOf === null
          ? { amount: null, because: 'Its broker states no value.', from: null }
          : dayChange(reader, account.id, { currency, value, asOf }, today),
      made: sum?.made ?? MADE_NOTHING,
      madeThisYear: sum?.madeThisYear ?? MADE_NOTHING,
      income: sum?.income ?? Dec.zero,
      fees: sum?.fees ?? Dec.zero,
      feesThisYear: sum?.feesThisYear ?? Dec.zero,
      rate: balance?.toBase && isInside ? { base: account.currency, rate: balance.toBase } : null,
      otherFees: sum?.otherFees ?? Dec.zero,
      otherFeesThisYear: sum?.otherFeesThisYear ?? Dec.zero,
      unpriced,
      isUnstated: value === null && !isInside && (mine.length > 0 || !Dec.isZero(balance?.cash ?? Dec.zero)),
      unread,
      unmeasured: countOf(lacking.filter(one => one.currency === currency)),
      unrealized: unrealizedOf(gains, unpriced),
      asOf,
      fetchedAt: balance?.fetchedAt ?? mine[0]?.fetchedAt ?? null,
    }
  })
  return { account, holdings, worths }
}

/** The currency whose value holds those of all others: an account in several has one. */
function wholeCurrency(balances: readonly Balance[], { currency }: CountedAccount): string | null {
  return balances.length > 1 && balances.some(balance => balance.currency === currency && balance.netLiquidation !== null) ? currency : null
}

/** Adds accounts up, each currency by itself. A figure one of them does not have is missing in the sum too, and said. */
export function addWorths(all: readonly AccountWorth[]): WorthView[] {
  return [...new Set(all.map(({ currency }) => currency))].toSorted().map(currency =>
    sumOf(
      currency,
      all.filter(one => one.currency === currency),
    ),
  )
}

function sumOf(currency: string, all: readonly AccountWorth[]): WorthView {
  const sum = (of: (one: AccountWorth) => Dec): Dec => Dec.sum(all.map(of))
  const unpriced = all.reduce((count, one) => count + one.unpriced, 0)
  const unread = all.reduce((count, one) => count + one.unread, 0)
  const lacking = countOf(all.map(one => ({ count: one.unmeasured })))
  const unrealized = unrealizedOf(
    all.map(({ unrealized: { amount } }) => amount),
    unpriced,
  )
  const made = all.map(one => one.made).reduce(addMade, MADE_NOTHING)
  const madeThisYear = all.map(one => one.madeThisYear).reduce(addMade, MADE_NOTHING)
  const income = sum(one => one.income)
  const result = Dec.sub(
    Dec.add(made.realized, income),
    sum(one => one.otherFees),
  )
  const valued = all.filter(({ value }) => value !== null)
  const { from, ...day } = sumOfDays(valued, all.filter(({ isUnstated }) => isUnstated).length)
  return {
    currency,
    value: stated(all.map(({ value }) => value)),
    cash: stated(all.map(({ cash }) => cash)),
    marketValue: total(all.map(({ marketValue }) => marketValue)),
    day,
    dayPercent:
      day.amount === null || from === null || Dec.cmp(from, Dec.zero) <= 0
        ? null
        : Dec.divide(Dec.mul(day.amount, Dec.of('100')), from, PERCENT_PLACES),
    realized: knownOf(made, made.realized),
    realizedThisYear: knownOf(madeThisYear, madeThisYear.realized),
    unrealized,
    income,
    fees: sum(one => one.fees),
    feesThisYear: sum(one => one.feesThisYear),
    unread,
    unmeasured: lacking,
    total: totalOf(result, unrealized, { unread, lacking }),
    asOf: earliest(all.map(({ asOf }) => asOf)),
    fetchedAt: earliest(all.map(({ fetchedAt }) => fetchedAt)),
    rate: rateOf(all),
  }
}

/** The changes of those that have a value; `unstated` accounts have none and are left out, which is said. */
function sumOfDays(valued: readonly AccountWorth[], unstated: number): DayChange {
  const missing = valued.filter(({ day }) => day.amount === null)
  const [first] = missing
  if (!first || valued.length === 0) {
    if (valued.length === 0) return { amount: null, because: 'No broker states a value.', from: null }
    return {
      amount: Dec.sum(valued.flatMap(({ day }) => (day.amount === null ? [] : [day.amount]))),
      because: leftOutOf(unstated),
      from: Dec.sum(valued.flatMap(({ day }) => (day.from === null ? [] : [day.from]))),
    }
  }
  const because = first.day.because ?? ''
  return { amount: null, because: valued.length === 1 ? because : `${missing.length} of ${valued.length} accounts: ${because}`, from: null }
}

function leftOutOf(accounts: number): string | null {
  if (accounts === 0) return null
  return accounts === 1
    ? 'One account is left out: its broker states no value.'
    : `${accounts} accounts are left out: their brokers state no value.`
}

function unrealizedOf(gains: readonly (Dec | null)[], unpriced: number): FigureView {
  const amount = total(gains)
  return amount === null
    ? { amount: null, because: unpriced === 1 ? 'The cost of one holding is not known.' : `The cost of ${unpriced} holdings is not known.` }
    : { amount, because: null }
}

/** What was made in all: not known where a history is not there yet, what a sale made, or the cost of a holding. */
function totalOf(
  result: Dec,
  unrealized: FigureView,
  { unread, lacking }: { readonly unread: number; readonly lacking: number },
): FigureView {
  const none = (because: string): FigureView => ({ amount: null, because })
  if (unread > 0) return none(`The history of ${unread === 1 ? 'one account' : `${unread} accounts`} is not read to its end yet.`)
  if (lacking > 0)
    return none(`What ${lacking === 1 ? 'one sale' : `${lacking} sales`} made is not known: the history does not say what was paid.`)
  return unrealized.amount === null ? unrealized : { amount: Dec.add(result, unrealized.amount), because: null }
}

/** The sum of some counts. */
export function countOf(all: readonly { readonly count: number }[]): number {
  return all.reduce((sum, { count }) => sum + count, 0)
}

/** All of it in the base currency; null where not every account is converted by one and the same rate. */
function rateOf(all: readonly AccountWorth[]): WorthView['rate'] {
  const [first, ...others] = all
  const asOf = earliest(all.map(one => one.asOf))
  if (!first?.rate || asOf === null || others.some(({ rate }) => rate?.rate !== first.rate?.rate || rate?.base !== first.rate?.base))
    return null
  const own = total(all.flatMap(({ cash, marketValue }) => [cash, marketValue]))
  const { base, rate } = first.rate
  return own === null ? null : { base, rate, value: Dec.round(Dec.mul(own, rate), MONEY_PLACES), asOf, source: 'broker' }
}

/** The sum of what brokers state; null when none states anything. */
function stated(values: readonly (Dec | null)[]): Dec | null {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : Dec.sum(known)
}

/** The sum; null when a part is not known. Of nothing it is nothing. */
function total(values: readonly (Dec | null)[]): Dec | null {
  const known = values.filter(value => value !== null)
  return known.length < values.length ? null : Dec.sum(known)
}

function plus(a: Dec, b: Dec | null): Dec | null {
  return b === null ? null : Dec.add(a, b)
}

/** What is stated is as old as its oldest part. */
function earliest(stamps: readonly (Instant | null)[]): Instant | null {
  return stamps.filter(stamp => stamp !== null).reduce<Instant | null>((a, b) => (a === null ? b : Instant.earliest(a, b)), null)
}
