import { isTradingDay } from '../../../shared/domain/market-calendar.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Finding, FixPlan, HistoryFact } from './facts.ts'

/** Nothing to do: the broker's next answer settles it. */
export const WAIT: FixPlan = {
  kind: 'wait',
  label: 'Look again',
  detail: 'Nothing to book: it goes by itself with one of the next syncs.',
  parts: [],
}

/** What every difference comes from while the history is not read to its end. */
export const READ_HISTORY: Finding = {
  reason: 'range-not-fetched',
  sentence: 'The history has not been read whole yet, so it cannot add up.',
  fix: {
    kind: 'read-history',
    label: 'Read the history',
    detail: 'Syncs this connection and goes on where the reading stopped.',
    parts: [],
  },
}

/** So long nothing happens at the beginning of a history that begins with the account. */
const QUIET_DAYS = 30

/** True when the history may begin after the account did: its first row lies close to the first day that was asked for. */
export function isCutOff({ from, firstDay }: HistoryFact): boolean {
  return from === null || firstDay === null || firstDay < LocalDate.plusDays(from, QUIET_DAYS)
}

/** Trades settle a trading day later. Days from which on they may not have: today, and one and two trading days before. */
export function unsettledDays(today: LocalDate): LocalDate[] {
  const days: LocalDate[] = [today]
  for (let day = LocalDate.plusDays(today, -1); days.length < 3; day = LocalDate.plusDays(day, -1)) if (isTradingDay(day)) days.push(day)
  return days
}

/** `Schwab's`, `Interactive Brokers'` */
export function possessive(name: string): string {
  return name.endsWith('s') ? `${name}'` : `${name}'s`
}
