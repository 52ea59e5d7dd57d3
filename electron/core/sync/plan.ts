import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { DateRange } from '../brokers/adapter.ts'

/** How far the reading of one account's history has come. */
export interface HistoryState {
  /** The range last begun. */
  readonly from: LocalDate
  readonly to: LocalDate
  /** Where that range goes on; null at its start and at its end. */
  readonly cursor: string | null
  readonly done: boolean
  /** The stretch of days of which every row was read once; null until the first range is done. */
  readonly completeFrom: LocalDate | null
  readonly completeTo: LocalDate | null
}

/** A stretch of history to read, from its start or from where an earlier run was stopped. */
export interface RangeJob extends DateRange {
  readonly cursor: string | null
}

/** What one run reads for one account: its ranges in order, and the whole of them as the user is told. */
export interface AccountJob<A> {
  readonly account: A
  readonly ranges: readonly RangeJob[]
  readonly requested: DateRange
}

export interface PlanFacts {
  /** Today in the exchange's zone. */
  readonly today: LocalDate
  /** The earliest day worth asking for, when nothing is known yet. */
  readonly historyStart: LocalDate
  /** Days read again before the last complete day: late fees and corrections arrive there. */
  readonly overlapDays: number
}

/** Decides what to read for each account. Pure: the same history and day give the same plan. */
export function planSync<A extends { readonly id: AccountId }>(
  accounts: readonly A[],
  histories: ReadonlyMap<AccountId, HistoryState>,
  facts: PlanFacts,
): AccountJob<A>[] {
  return accounts.map(account => {
    const ranges = planRanges(histories.get(account.id), facts)
    return { account, ranges, requested: spanOf(ranges, facts.today) }
  })
}

/**
 * The ranges to read for one account, in order. A range that was stopped goes on from its cursor; what came since is in a
 * second range, overlapping the first, even on the same day. A finished history is read again from `overlapDays` before its last complete day.
 */
export function planRanges(history: HistoryState | undefined, { today, historyStart, overlapDays }: PlanFacts): RangeJob[] {
  if (!history) return [{ from: earlier(historyStart, today), to: today, cursor: null }]
  const back = (day: LocalDate): LocalDate => LocalDate.plusDays(day, -overlapDays)
  if (history.done) {
    const last = history.completeTo ?? history.to
    const from = later(back(last), history.completeFrom ?? history.from)
    return [{ from: earlier(from, today), to: later(today, last), cursor: null }]
  }
  if (history.cursor === null) return [{ from: history.from, to: later(history.to, today), cursor: null }]
  const open: RangeJob = { from: history.from, to: history.to, cursor: history.cursor }
  return [open, { from: earlier(later(back(history.to), history.from), today), to: later(history.to, today), cursor: null }]
}

/**
 * The history as far as it can be true. One that ends after today was written while the clock was ahead (or is read while it is
 * behind): then only days up to the newest stored row are sure, and a range begun at that time is begun again. `newestRow`
 * answers the last trade date up to today of which a row is stored.
 */
export function grounded(history: HistoryState, today: LocalDate, newestRow: () => LocalDate | null): HistoryState {
  const { completeFrom, completeTo } = history
  if (later(history.to, completeTo ?? history.to) <= today) return history
  if (completeFrom === null || completeTo === null)
    return { ...history, from: earlier(history.from, today), to: today, cursor: null, done: false }
  const sure = earlier(completeTo, newestRow() ?? completeFrom)
  return { from: completeFrom, to: sure, cursor: null, done: true, completeFrom, completeTo: sure }
}

/** The state after a page: where to go on, or the range joined to what is complete. */
export function advance(history: HistoryState | undefined, range: DateRange, next: string | null): HistoryState {
  const completeFrom = history?.completeFrom ?? null
  const completeTo = history?.completeTo ?? null
  if (next !== null) return { from: range.from, to: range.to, cursor: next, done: false, completeFrom, completeTo }
  return {
    from: range.from,
    to: range.to,
    cursor: null,
    done: true,
    completeFrom: completeFrom === null ? range.from : earlier(completeFrom, range.from),
    completeTo: completeTo === null ? range.to : later(completeTo, range.to),
  }
}

/**
 * The state after a page of newer days, read while an older range stays open: that one reaches up to them once they are read
 * whole, for its cursor stands below them.
 */
export function advanceBeside(open: HistoryState, range: DateRange, next: string | null): HistoryState {
  return next === null ? { ...open, to: later(open.to, range.to) } : open
}

function spanOf(ranges: readonly RangeJob[], today: LocalDate): DateRange {
  return ranges.reduce<DateRange>((span, range) => ({ from: earlier(span.from, range.from), to: later(span.to, range.to) }), {
    from: ranges[0]?.from ?? today,
    to: ranges[0]?.to ?? today,
  })
}

/** The earlier of two days. */
export function earlier(a: LocalDate, b: LocalDate): LocalDate {
  return a <= b ? a : b
}

/** The later of two days. */
export function later(a: LocalDate, b: LocalDate): LocalDate {
  return a >= b ? a : b
}
