import { Dec } from '../../../shared/domain/decimal.ts'
import { bareRoot, type OptionContract, parseOcc, standardMultiplier } from '../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { AccountFacts, CashGap, Finding, FixPart, Gap } from './facts.ts'
import { possessive } from './history-reason.ts'

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
}

/**
 * Finds options the broker no longer holds beside shares that differ by just what they deliver. Only standard contracts: what others
 * deliver only the broker knows.
 */
export function assignmentsOf(facts: AccountFacts, gaps: readonly Gap[], cash: readonly CashGap[]): Assignments {
  const bySymbol = new Map<string, Finding>()
  const byCurrency = new Map<string, Finding>()
  if (!facts.history.isWhole) return { bySymbol, byCurrency }
  const gone = gaps.flatMap(goneOption)
  for (const underlying of new Set(gone.map(({ contract }) => contract.underlying))) {
    const shares = gaps.find(({ symbol }) => bareRoot(symbol) === bareRoot(underlying))
    const delivered =
      shares &&
      thatDeliver(
        gone.filter(({ contract }) => contract.underlying === underlying),
        Dec.add(shares.difference, shares.book?.missing ?? Dec.zero),
      )
    if (!shares || !delivered) continue
    const finding = findingOf(facts, shares, delivered, cash)
    for (const { gap } of delivered) bySymbol.set(`${gap.symbol}\n${gap.currency}`, finding)
    bySymbol.set(`${shares.symbol}\n${shares.currency}`, finding)
    if (finding.fix?.parts.some(part => part.kind === 'cash') === true) byCurrency.set(shares.currency, finding)
  }
  return { bySymbol, byCurrency }
}

function goneOption(gap: Gap): Gone[] {
  const contract = parseOcc(gap.symbol)
  const units = standardMultiplier(gap.symbol)
  if (!contract || units === undefined || !Dec.isZero(gap.broker)) return []
  const change = Dec.mul(gap.ledger, units)
  return [{ gap, contract, shares: contract.right === 'call' ? change : Dec.neg(change) }]
}

/** All of them together, or one of them. */
function thatDeliver(gone: readonly Gone[], difference: Dec): readonly Gone[] | undefined {
  if (Dec.sum(gone.map(({ shares }) => shares)) === difference) return gone
  const one = gone.find(({ shares }) => shares === difference)
  return one && [one]
}

function findingOf(
  facts: AccountFacts,
  { symbol, currency, assetClass }: Gap,
  delivered: readonly Gone[],
  cash: readonly CashGap[],
): Finding {
  const money = Dec.neg(Dec.sum(delivered.map(({ shares, contract }) => Dec.mul(shares, contract.strike))))
  const gap = cash.find(one => one.currency === currency)
  const left = gap && Dec.sub(gap.difference, money)
  const explainsCash = gap !== undefined && left !== undefined && Dec.cmp(Dec.abs(left), Dec.abs(gap.difference)) < 0
  const parts: FixPart[] = delivered.flatMap(({ gap: option, contract, shares }): FixPart[] => [
    {
      kind: 'row',
      what: 'ended',
      symbol: option.symbol,
      assetClass: 'option',
      currency: option.currency,
      day: dayOf(facts, contract),
      quantity: Dec.neg(option.ledger),
      price: Dec.zero,
    },
    { kind: 'row', what: 'traded', symbol, assetClass, currency, day: dayOf(facts, contract), quantity: shares, price: contract.strike },
  ])
  if (explainsCash) parts.push({ kind: 'cash', what: 'adjustment', currency, day: facts.today, amount: money })
  const names = delivered.map(({ gap: option }) => option.symbol).join(', ')
  const total = Dec.sum(delivered.map(({ shares }) => shares))
  const moved = Dec.isNegative(total) ? `took ${Dec.neg(total)} ${symbol}` : `brought ${total} ${symbol}`
  return {
    reason: 'assignment',
    sentence: `${names} is gone and ${symbol} differs by what it delivers: it was most likely assigned or exercised, and ${possessive(facts.broker)} history has no row that says so.`,
    fix: {
      kind: 'close-out',
      label: 'Book the assignment',
      detail: `Closes ${names} at 0, which ${moved} at the strike${explainsCash ? `, and moves ${money} ${currency} of cash` : ''}.`,
      parts,
    },
  }
}

/** The day it happened is in no row: that of the expiry where it has passed, else today. */
function dayOf({ today }: AccountFacts, { expiry }: OptionContract): LocalDate {
  return expiry < today ? expiry : today
}
