import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { formatQuantity } from '../../../shared/words/decimal.ts'
import type { AccountFacts, BookFact, CashGap, Finding, Gap, MoveFact, OwnEntry } from './facts.ts'
import { possessive } from './history-reason.ts'
import { wordsFor } from './words.ts'

/**
 * A difference of just what the user added himself: a lot the broker does not hold, or a fix whose missing row came since. Null where
 * the history since then explains it as well.
 */
export function ownPosition(facts: AccountFacts, { symbol, difference }: Gap): Finding | null {
  const { broker, added } = facts
  const isTold = (one: OwnEntry): boolean => toldSince(facts, one).length > 0
  const entry = added.find(one => one.symbol === symbol && Dec.neg(one.change) === difference && (one.isNew || isTold(one)))
  if (!entry) return null
  return takeBack(
    entry,
    isTold(entry)
      ? `${possessive(broker)} history now has a row of ${formatQuantity(entry.change)} ${symbol}, and what you added for it counts ${wordsFor(entry.change).them} twice.`
      : `It is just the opening lot of ${formatQuantity(entry.change)} ${symbol} you added: ${broker} does not hold it.`,
  )
}

/**
 * What a book comes to. Where a row came since that closes what the user's own fix has closed already, one of the two found less to close
 * than it says: that is counted below zero, so that the fix is told as too much. What was closed in vain before is no fix's doing, and a
 * part of it only where the broker holds what it would be without the fix.
 */
export function countedOf(facts: AccountFacts, { symbol, quantity, missing, unopened }: BookFact, broker: Dec): Dec {
  if (Dec.isZero(missing)) return quantity
  const inVain = (row: string): Dec => Dec.sum(unopened.flatMap(one => (one.row === row ? [one.quantity] : [])))
  const twice = facts.added.flatMap(entry => {
    if (entry.takesBack.kind !== 'fix' || entry.symbol !== symbol) return []
    const told = toldSince(facts, entry)
    if (told.length === 0) return []
    const found = [inVain(entry.row), ...told.map(({ row, day }) => (day < entry.day ? Dec.zero : inVain(row)))]
    const part = found.find(one => !Dec.isZero(one)) ?? Dec.zero
    const whole = Dec.neg(entry.change)
    return part === whole || Dec.sub(broker, Dec.sub(quantity, part)) === whole ? [part] : []
  })
  return Dec.sub(quantity, Dec.sum(twice))
}

/** Rows that move just what the user's own entry moves, and came after it. */
function toldSince({ movesOf }: AccountFacts, { symbol, change, at }: OwnEntry): readonly MoveFact[] {
  return symbol === null ? [] : movesOf(symbol).filter(move => move.change === change && Instant.isBefore(at, move.toldAt))
}

/** The same for cash: only fixes add any. */
export function ownCash({ broker, added }: AccountFacts, { currency, difference }: CashGap): Finding | null {
  const entry = added.find(one => one.symbol === null && one.currency === currency && Dec.neg(one.change) === difference)
  if (!entry) return null
  return takeBack(
    entry,
    `It is just what you booked earlier: "${entry.label}". Most likely the row that was missing came since, in ${possessive(broker)} history.`,
  )
}

function takeBack({ label, takesBack }: OwnEntry, sentence: string): Finding {
  return {
    reason: 'own-entry',
    sentence,
    fix: { kind: 'take-back', label: 'Take it back', detail: `Takes back what you added: ${label}.`, parts: [], takesBack },
  }
}
