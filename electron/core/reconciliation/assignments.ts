import { Dec } from '../../../shared/domain/decimal.ts'
import { bareRoot, type OptionContract, parseOcc, standardMultiplier } from '../../../shared/domain/instrument.ts'
import { isTradingDay } from '../../../shared/domain/market-calendar.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import type { AccountFacts, BookFact, CashGap, Finding, FixPart, Gap } from './facts.ts'
import { possessive } from './history-reason.ts'
import { ownPosition } from './own-entry.ts'
import { keyOf } from './pairing.ts'
import { moneyText } from './words.ts'

/** What differs because options turned into shares without a row that says so: one fix for all of it. */
export interface Assignments {
  readonly bySymbol: ReadonlyMap<string, Finding>
  readonly byCurrency: ReadonlyMap<string, Finding>
}

interface Gone {
  readonly gap: Gap
  readonly contract: OptionContract
  /** The signed change of the shares, were it assigned or exercised. */
  readonly shares: Dec
  /** Of its last row: it was there until then. */
  readonly lastDay: LocalDate | null
}

/** The shares an option delivers, and by how much they differ; also where all it brought went since, so that nothing does. */
interface Shares extends Pick<Gap, 'symbol' | 'currency' | 'assetClass' | 'book' | 'difference'> {}

/** Options that deliver, and what was closed since of what they delivered. */
interface Delivery {
  readonly shares: Shares
  readonly options: readonly Gone[]
  readonly since: BookFact['unopened']
}

/**
 * Finds options the broker no longer holds beside shares that differ by just what they deliver. Only standard contracts: what others
 * deliver only the broker knows.
 */
export function assignmentsOf(facts: AccountFacts, gaps: readonly Gap[], cash: readonly CashGap[]): Assignments {
  const bySymbol = new Map<string, Finding>()
  const byCurrency = new Map<string, Finding>()
  if (!facts.history.isWhole) return { bySymbol, byCurrency }
  // What a fix of the user ended and a row ended as well is gone twice: no option of the other side was exercised.
  const gone = gaps.flatMap(gap => (ownPosition(facts, gap)?.fix?.takesBack?.kind === 'fix' ? [] : goneOption(facts, gap)))
  for (const underlying of new Set(gone.map(({ contract }) => contract.underlying))) {
    const shares = sharesOf(facts, gaps, underlying)
    const delivery =
      shares &&
      deliveryOf(
        shares,
        gone.filter(({ contract }) => contract.underlying === underlying),
      )
    if (!delivery) continue
    const finding = findingOf(facts, delivery, cash)
    for (const { gap } of delivery.options) bySymbol.set(keyOf(gap), finding)
    bySymbol.set(keyOf(shares), finding)
    if (finding.fix?.parts.some(part => part.kind === 'cash') === true) byCurrency.set(shares.currency, finding)
  }
  return { bySymbol, byCurrency }
}

function goneOption({ movesOf }: AccountFacts, gap: Gap): Gone[] {
  const contract = parseOcc(gap.symbol)
  const units = standardMultiplier(gap.symbol)
  if (!contract || units === undefined || !Dec.isZero(gap.broker)) return []
  const change = Dec.mul(gap.ledger, units)
  return [{ gap, contract, shares: contract.right === 'call' ? change : Dec.neg(change), lastDay: movesOf(gap.symbol).at(-1)?.day ?? null }]
}

function sharesOf({ books }: AccountFacts, gaps: readonly Gap[], underlying: string): Shares | undefined {
  const isThem = ({ symbol }: { readonly symbol: string }): boolean => bareRoot(symbol) === bareRoot(underlying)
  const gap = gaps.find(isThem)
  const book = gap ? null : books.find(one => isThem(one) && !Dec.isZero(one.missing))
  return gap ?? (book ? { ...book, book, difference: Dec.zero } : undefined)
}

/** All of them together, or one of them. */
function deliveryOf(shares: Shares, gone: readonly Gone[]): Delivery | undefined {
  return [gone, ...gone.map(one => [one])]
    .map(options => ({ shares, options, since: closedSince(shares, options) }))
    .find(({ options, since }) => {
      const delivered = Dec.sum(options.map(one => one.shares))
      return !Dec.isZero(delivered) && delivered === Dec.add(shares.difference, Dec.sum(since.map(({ quantity }) => quantity)))
    })
}

/** What was closed of the shares while nothing had opened them, once the options may have delivered them. */
function closedSince({ book }: Shares, options: readonly Gone[]): BookFact['unopened'] {
  return (book?.unopened ?? []).filter(({ day }) => options.every(({ lastDay }) => lastDay === null || lastDay < day))
}

function findingOf(facts: AccountFacts, delivery: Delivery, cash: readonly CashGap[]): Finding {
  const { symbol, currency, assetClass } = delivery.shares
  const money = Dec.neg(Dec.sum(delivery.options.map(({ shares, contract }) => Dec.mul(shares, contract.strike))))
  const gap = cash.find(one => one.currency === currency)
  const left = gap && Dec.sub(gap.difference, money)
  const explainsCash = gap !== undefined && left !== undefined && Dec.cmp(Dec.abs(left), Dec.abs(gap.difference)) < 0
  const parts: FixPart[] = delivery.options.flatMap((gone): FixPart[] => {
    const { gap: option, contract, shares: quantity } = gone
    const day = dayOf(facts, gone, delivery.since)
    return [
      {
        kind: 'row',
        what: 'ended',
        symbol: option.symbol,
        assetClass: 'option',
        currency: option.currency,
        day,
        quantity: Dec.neg(option.ledger),
        price: Dec.zero,
      },
      { kind: 'row', what: 'traded', symbol, assetClass, currency, day, quantity, price: contract.strike },
    ]
  })
  if (explainsCash) parts.push({ kind: 'cash', what: 'adjustment', currency, day: facts.today, amount: money })
  const names = namesOf(delivery)
  const total = Dec.sum(delivery.options.map(({ shares }) => shares))
  const moved = Dec.isNegative(total) ? `took ${formatQuantity(Dec.neg(total))} ${symbol}` : `brought ${formatQuantity(total)} ${symbol}`
  return {
    reason: 'assignment',
    sentence: sentenceOf(facts, delivery),
    fix: {
      kind: 'close-out',
      label: 'Book the assignment',
      detail: `Closes ${names} at 0, which ${moved} at the strike${explainsCash ? `, and moves ${moneyText(money, currency)} of cash` : ''}.`,
      parts,
    },
  }
}

function sentenceOf({ broker }: AccountFacts, delivery: Delivery): string {
  const { symbol, difference } = delivery.shares
  const [are, they, deliver, were] = delivery.options.length === 1 ? ['is', 'it', 'delivers', 'was'] : ['are', 'they', 'deliver', 'were']
  const since = Dec.sum(delivery.since.map(({ quantity }) => quantity))
  const closed = Dec.isNegative(since) ? 'bought back' : 'sold'
  const size = formatQuantity(Dec.abs(since))
  const differs = Dec.isZero(difference)
    ? `the history has the ${size} ${symbol} ${they} ${deliver} ${closed} without having them`
    : `${symbol} differs by what ${they} ${deliver}${Dec.isZero(since) ? '' : `, less the ${size} ${closed} since`}`
  return `${namesOf(delivery)} ${are} gone, and ${differs}: ${they} ${were} most likely assigned or exercised, and ${possessive(broker)} history has no row that says so.`
}

function namesOf({ options }: Delivery): string {
  return options.map(({ gap }) => gap.symbol).join(', ')
}

/**
 * The day it happened is in no row: that of the expiry where it has passed, else today, and before what it delivered was closed. A fix for
 * an earlier day counts at the end of it.
 */
function dayOf({ today }: AccountFacts, { contract, lastDay }: Gone, since: BookFact['unopened']): LocalDate {
  const latest = since.map(({ day }) => dayBefore(day)).reduce((a, b) => (a < b ? a : b), contract.expiry < today ? contract.expiry : today)
  return lastDay !== null && latest < lastDay ? lastDay : latest
}

function dayBefore(day: LocalDate): LocalDate {
  const before = LocalDate.plusDays(day, -1)
  return isTradingDay(before) ? before : dayBefore(before)
}
