import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountFacts, CashGap, Finding, Gap, OwnEntry } from './facts.ts'
import { possessive } from './history-reason.ts'

/**
 * A difference of just what the user added himself: a lot the broker does not hold, or a fix whose missing row came since. Null where
 * the history since then explains it as well.
 */
export function ownPosition({ broker, added, movesOf }: AccountFacts, { symbol, difference }: Gap): Finding | null {
  const moved = (change: Dec): boolean => movesOf(symbol).some(move => move.change === change)
  const entry = added.find(one => one.symbol === symbol && Dec.neg(one.change) === difference && (one.isNew || moved(one.change)))
  if (!entry) return null
  return takeBack(
    entry,
    moved(entry.change)
      ? `${possessive(broker)} history now has a row of ${entry.change} ${symbol}, and what you added for it counts them twice.`
      : `It is just the opening lot of ${entry.change} ${symbol} you added: ${broker} does not hold it.`,
  )
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
