import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { type Market, tradingAt } from '../../../shared/domain/market-calendar.ts'
import { type QuietHours, quietUntil, type SyncSchedule } from '../../../shared/domain/sync-schedule.ts'
import { EXCHANGE_ZONE, Instant, instantAt, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import { AppError, isErrorCode } from '../../../shared/contract/errors.ts'
import { passesByItself } from './failure.ts'

const MINUTE_MS = 60_000
export const PERIOD_MS = 60 * MINUTE_MS
export const STAGGER_MS = 20_000
const FIRST_RETRY_MS = 5 * MINUTE_MS
/** The run after a close comes when the last trades are booked. */
const AFTER_CLOSE_MS = 5 * MINUTE_MS
const DAILY_AFTER_CLOSE_MS = 15 * MINUTE_MS
/** When daily runs come on days that need no close: as late as those after it. */
const DAILY_AT = '16:15:00'
/** Runs that come at a time of day are spread over this, and runs that come after a while over a twentieth of it. */
const SPREAD_MS = 5 * MINUTE_MS
/** Less than the shortest stretch there can be between two quiet ones. */
const AFTER_QUIET_MS = 50_000

/** What is known about the last run of a connection. */
export interface LastRun {
  readonly finishedAt: Instant
  /** Runs in a row that failed for a passing reason. */
  readonly failures: number
  readonly retryAfterMs: number
  /** The last one failed because the broker could not be reached. */
  readonly unreached: boolean
}

/** What decides when a connection syncs by itself. */
export interface DueRule {
  readonly schedule: SyncSchedule
  readonly market: Market
  readonly quiet: QuietHours | null
}

/**
 * When a connection is due: its interval after the last run, in market hours and once after the close where the schedule asks for that;
 * sooner after a passing failure (5, 10, 20, 40 minutes, an hour), never before the broker allows, but for an hour at most; now when it
 * never ran; after the quiet hours when it falls inside. Null for one that is synced by hand. A time that has passed is due now; a run
 * of the future counts as one of now. `fraction` (0 to 1) spreads it.
 */
export function dueAt(last: LastRun | null, now: Instant, fraction: number, { schedule, market, quiet }: DueRule): Instant | null {
  if (schedule.every === 'manual') return null
  const due = last ? afterLast(last, now, fraction, schedule, schedule.marketHours ? market : 'always') : now
  const over = quiet && quietUntil(quiet, latest(due, now))
  return over ? Instant.plus(over, Math.floor(fraction * AFTER_QUIET_MS)) : due
}

function afterLast(last: LastRun, now: Instant, fraction: number, { every }: SyncSchedule, market: Market): Instant {
  const done = Instant.earliest(last.finishedAt, now)
  const period = every === '15m' ? 15 * MINUTE_MS : PERIOD_MS
  const spread = Math.round(fraction * SPREAD_MS)
  const allowed = Math.min(last.retryAfterMs, PERIOD_MS)
  const after = (ms: number): Instant => Instant.plus(done, Math.max(allowed, Math.round(ms * (1 + fraction / 20))))
  if (last.failures > 0) return after(Math.min(period, FIRST_RETRY_MS * 2 ** (last.failures - 1)))
  if (every === 'daily') return latest(Instant.plus(nextDaily(done, market), spread), Instant.plus(done, allowed))
  const trading = tradingAt(market, done)
  if (trading === null) return after(period)
  if (Instant.isBefore(done, trading.open)) return latest(after(period), Instant.plus(trading.open, spread))
  return Instant.isBefore(after(period), trading.close)
    ? after(period)
    : latest(Instant.plus(trading.close, AFTER_CLOSE_MS + spread), Instant.plus(done, allowed))
}

/** A quarter of an hour after the next close; without a market, at that time of every day. */
function nextDaily(done: Instant, market: Market): Instant {
  const trading = tradingAt(market, Instant.plus(done, -DAILY_AFTER_CLOSE_MS))
  if (trading) return Instant.plus(trading.close, DAILY_AFTER_CLOSE_MS)
  const day = toLocalDate(done, EXCHANGE_ZONE)
  const today = instantAt(day, DAILY_AT, EXCHANGE_ZONE)
  return Instant.isBefore(done, today) ? today : instantAt(LocalDate.plusDays(day, 1), DAILY_AT, EXCHANGE_ZONE)
}

function latest(a: Instant, b: Instant): Instant {
  return Instant.isBefore(a, b) ? b : a
}

/** Adds a result to what is known. A failure the user has to mend is not tried sooner, nor is a run the user canceled. */
export function afterRun(result: Pick<SyncResult, 'result' | 'error' | 'finishedAt'>, before: LastRun | null): LastRun {
  const code = result.error?.code ?? ''
  const passing = result.result === 'failed' && isErrorCode(code) && passesByItself(code)
  return {
    finishedAt: result.finishedAt,
    failures: passing ? (before?.failures ?? 0) + 1 : 0,
    retryAfterMs: result.error?.retryAfterMs ?? 0,
    unreached: passing && code.startsWith('net/'),
  }
}

/** Adds a run that came to no result at all, as a failure that may pass. */
export function afterRejection(error: unknown, before: LastRun | null, now: Instant): LastRun {
  const retryAfterMs = error instanceof AppError ? (error.retryAfterMs ?? 0) : 0
  return { finishedAt: now, failures: (before?.failures ?? 0) + 1, retryAfterMs, unreached: false }
}

/** True for a run that was stopped before its end: by the user, a suspend or the end of the program. */
export function wasStopped({ error }: Pick<SyncResult, 'error'>): boolean {
  return error?.code === 'app/canceled' || error?.code === 'sync/interrupted'
}

/** Moves due times apart, in order, so that no two syncs start within `gapMs` of each other nor before `from`. */
export function spread(
  due: readonly { readonly id: ConnectionId; readonly at: Instant }[],
  from: Instant,
  gapMs: number,
): Map<ConnectionId, Instant> {
  const slots = new Map<ConnectionId, Instant>()
  let free = from
  for (const { id, at } of due.toSorted((a, b) => Instant.toEpochMicros(a.at) - Instant.toEpochMicros(b.at))) {
    const slot = Instant.isBefore(at, free) ? free : at
    slots.set(id, slot)
    free = Instant.plus(slot, gapMs)
  }
  return slots
}
