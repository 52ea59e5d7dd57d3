import { LocalDate } from '../../../shared/domain/time.ts'
import { formatDate } from '../../../shared/words/time.ts'
import type { AccountFacts, CashGap, Finding } from './facts.ts'
import { possessive, WAIT } from './history-reason.ts'

/** Statements of a Friday come on a Monday, and of the day before a holiday later still. */
const FRESH_DAYS = 5

/**
 * Futures settle in cash each day. Where the history has rows of that and the broker counts it at once, what came since the last of them is on
 * its way; where it has none, that is the likely reason of any difference. Null without futures whose trades state their costs alone.
 */
export function futuresFinding(facts: AccountFacts, gap: CashGap, fix: Finding['fix']): Finding | null {
  const told = facts.futuresIn(gap.currency)
  const names = told.symbols.join(', ')
  if (names === '') return null
  if (told.settledUntil === null) {
    const sentence = `Futures (${names}) settle in cash each day, and ${possessive(facts.broker)} history has no row of that.`
    return { reason: 'unknown', sentence: told.advice === null ? sentence : `${sentence} ${told.advice}`, fix }
  }
  const holds = facts.books.some(book => book.assetClass === 'future' && book.currency === gap.currency)
  if (!told.isAtOnce || !holds || told.settledUntil < LocalDate.plusDays(facts.today, -FRESH_DAYS)) return null
  return {
    reason: 'pending',
    sentence: `Futures (${names}) settle in cash each day. The history tells it up to ${formatDate(told.settledUntil)}; ${possessive(facts.broker)} cash may hold what came since.`,
    fix: WAIT,
  }
}
