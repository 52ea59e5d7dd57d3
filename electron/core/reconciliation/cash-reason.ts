import { Dec } from '../../../shared/domain/decimal.ts'
import { standardMultiplier } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { formatCount } from '../../../shared/words/decimal.ts'
import { formatDate } from '../../../shared/words/time.ts'
import type { AccountFacts, CashGap, Finding } from './facts.ts'
import { futuresFinding } from './futures-cash.ts'
import { isCutOff, possessive, READ_HISTORY, unsettledDays, WAIT } from './history-reason.ts'
import { ownCash } from './own-entry.ts'
import { moneyText } from './words.ts'

/** A cost nobody shows a row of is seldom more. */
const LARGEST_FEE = Dec.of('100')
/** Deposits and withdrawals are round. */
const ROUND = 100
const MOST_NAMED = 3
/** What an order is expected to move and what it moved differ by costs, a hundredth of it at most. */
const PARTS_OF_NEAR = Dec.of('100')

/** The likely reason of a difference in cash, the surest first. */
export function cashFinding(facts: AccountFacts, gap: CashGap): Finding {
  if (!facts.history.isWhole) return READ_HISTORY
  return (
    pending(facts, gap) ??
    ownCash(facts, gap) ??
    opening(facts, gap) ??
    futuresFinding(facts, gap, adjustment(facts, gap)) ??
    unstated(facts, gap) ??
    missing(facts, gap)
  )
}

function pending(facts: AccountFacts, { currency, difference }: CashGap): Finding | null {
  if (unsettled(facts, currency).some(amount => !Dec.isZero(amount) && Dec.neg(amount) === difference)) {
    return {
      reason: 'pending',
      sentence: `It is what the trades of the last days moved: ${facts.broker} counts the cash once they have settled.`,
      fix: WAIT,
    }
  }
  const expected = facts.untold.map(({ symbol, change, price }) => {
    const units = standardMultiplier(symbol)
    return price === null || units === undefined ? null : Dec.neg(Dec.mul(Dec.mul(change, price), units))
  })
  if (expected.length === 0 || expected.includes(null)) return null
  const total = Dec.sum(expected.filter(amount => amount !== null))
  if (Dec.isZero(total) || Dec.cmp(Dec.mul(Dec.abs(Dec.sub(difference, total)), PARTS_OF_NEAR), Dec.abs(total)) > 0) return null
  return {
    reason: 'pending',
    sentence: `An order filled and moved the cash; ${possessive(facts.broker)} history does not show the fill yet.`,
    fix: WAIT,
  }
}

/** What may not have settled: trades since each of the last days, all of them, only those that cost and only those that brought money. */
function unsettled({ recent, today }: AccountFacts, currency: string): Dec[] {
  return unsettledDays(today).flatMap(day => {
    const amounts = recent.flatMap(row =>
      row.kind === 'trade' && row.currency === currency && row.amount !== null && row.tradeDate >= day ? [row.amount] : [],
    )
    return [Dec.sum(amounts), Dec.sum(amounts.filter(Dec.isNegative)), Dec.sum(amounts.filter(amount => !Dec.isNegative(amount)))]
  })
}

function opening({ broker, history, opened, today }: AccountFacts, { currency, difference }: CashGap): Finding | null {
  if (!isCutOff(history) || opened.has(currency)) return null
  const day = LocalDate.plusDays(history.firstDay ?? history.from ?? today, -1)
  return {
    reason: 'opening-balance',
    sentence: `${possessive(broker)} history begins on ${history.from === null ? 'a later day' : formatDate(history.from)}, with cash that was there already.`,
    fix: {
      kind: 'opening-balance',
      label: `Start with ${moneyText(difference, currency)}`,
      detail: `Counts ${moneyText(difference, currency)} as the cash from before the history. It is in no result.`,
      parts: [{ kind: 'cash', what: 'opening', currency, day, amount: difference }],
    },
  }
}

function unstated(facts: AccountFacts, gap: CashGap): Finding | null {
  const count = facts.unstatedIn(gap.currency)
  if (count === 0) return null
  const rows = count === 1 ? 'One row of the history states' : `${formatCount(count)} rows of the history state`
  return {
    reason: 'unknown',
    sentence: `${rows} no amount of cash. What they moved only ${facts.broker} can tell.`,
    fix: adjustment(facts, gap),
  }
}

function missing(facts: AccountFacts, gap: CashGap): Finding {
  const { broker } = facts
  const { difference } = gap
  const fix = adjustment(facts, gap)
  const isRound = Dec.decimals(difference) === 0 && Number(difference) % ROUND === 0
  if (isRound) {
    const word = Dec.isNegative(difference) ? 'a withdrawal' : 'a deposit'
    return { reason: 'missing-transfer', sentence: `It looks like ${word} ${possessive(broker)} history has no row of.`, fix }
  }
  const isSmall = Dec.cmp(Dec.abs(difference), LARGEST_FEE) <= 0
  if (isSmall && Dec.isNegative(difference))
    return { reason: 'fee', sentence: `It looks like a fee ${possessive(broker)} history has no row of.`, fix }
  if (isSmall)
    return { reason: 'dividend', sentence: `It looks like a dividend or interest ${possessive(broker)} history has no row of.`, fix }
  const unopened = facts.books.filter(book => !Dec.isZero(book.missing) && book.currency === gap.currency).map(({ symbol }) => symbol)
  if (unopened.length > 0) {
    const sentence = `The history closes more ${unopened.slice(0, MOST_NAMED).join(', ')} than it opens: the rows that opened it, and moved this cash, are missing.`
    return { reason: 'unknown', sentence, fix }
  }
  return {
    reason: 'unknown',
    sentence: `No row of the history explains it. Only ${broker} can tell; its statement of these days shows what is missing.`,
    fix,
  }
}

function adjustment({ today }: AccountFacts, { currency, difference }: CashGap): Finding['fix'] {
  return {
    kind: 'cash-adjustment',
    label: `Book ${moneyText(difference, currency)}`,
    detail: `Adds ${moneyText(difference, currency)} of cash today, so that both agree. It is in no result.`,
    parts: [{ kind: 'cash', what: 'adjustment', currency, day: today, amount: difference }],
  }
}
