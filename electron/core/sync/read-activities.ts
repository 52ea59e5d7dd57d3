import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../shared/contract/errors.ts'
import { EXCHANGE_ZONE, type Instant, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { ActivityPage, BrokerAdapter, DateRange } from '../brokers/adapter.ts'
import { type PackedRows, packRows } from '../ledger/packed-rows.ts'
import { activityValues } from '../ledger/values.ts'
import type { Clock } from '../ports.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { createBatches } from './batches.ts'
import { stopsConnection } from './failure.ts'
import { inTurns } from './turns.ts'
import { advance, advanceBeside, earlier, type HistoryState, later, type RangeJob } from './plan.ts'
import type { WriteCounts } from './protocol.ts'
import type { Lease } from './writer.ts'

/** What one run has read of an account so far; kept up to date while it reads, so a failure loses no count. */
export interface Tally {
  fetched: number
  new: number
  updated: number
  /** First and last trade date that came back. */
  span: DateRange | null
}

export interface ReadActivitiesDeps {
  readonly adapter: Pick<BrokerAdapter, 'activities' | 'ownCursors'>
  readonly lease: Pick<Lease, 'write'>
  readonly clock: Clock
  readonly onCommit: (counts: WriteCounts) => void
}

export interface ActivitiesJob {
  readonly account: Pick<StoredAccount, 'id' | 'brokerKey'>
  readonly ranges: readonly RangeJob[]
  readonly history: HistoryState | undefined
}

/**
 * Reads an account's ranges page by page; the next page is on its way while the rows of the last are saved. A range with a page
 * that cannot be read stays open there, and the newer days are read all the same. When it rejects, what was committed stays,
 * and the cursor beside it says where to go on.
 */
export async function readActivities(
  deps: ReadActivitiesDeps,
  job: ActivitiesJob,
  tally: Tally,
  options: { signal: AbortSignal },
): Promise<void> {
  let { history } = job
  let failed: RangeRead['failed']
  for (const range of job.ranges) {
    const read = await readRange(deps, { ...job, history, beside: failed !== undefined }, range, tally, options.signal)
    history = read.history
    failed ??= read.failed
    if (read.failed && !concernsOnePage(read.failed.error, options.signal)) break
  }
  if (failed) throw failed.error
}

interface RangeRead {
  /** As committed. */
  readonly history: HistoryState | undefined
  readonly failed: { readonly error: unknown } | undefined
}

/** True when another page may be read although this one was not. */
function concernsOnePage(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted) return false
  return !(error instanceof AppError) || !(stopsConnection(error.code) || error.code === 'broker/rate-limited')
}

/** Reads one range until its end or a page that fails; rejects only when saving fails. */
async function readRange(
  deps: ReadActivitiesDeps,
  { account, history: before, beside }: ActivitiesJob & { readonly beside: boolean },
  range: RangeJob,
  tally: Tally,
  signal: AbortSignal,
): Promise<RangeRead> {
  const batches = createBatches({
    lease: deps.lease,
    accountId: account.id,
    clock: deps.clock,
    onCommit(counts) {
      tally.new += counts.new
      tally.updated += counts.updated
      deps.onCommit(counts)
    },
  })
  let history = before
  let claimed: DateRange | undefined
  let failed: RangeRead['failed']
  try {
    for await (const page of pages(deps.adapter, account.brokerKey, range, signal)) {
      claimed ??= knownOn(page.asOf, range)
      history = beside && history ? advanceBeside(history, claimed, page.next) : advance(history, claimed, page.next)
      const stamps = { asOf: page.asOf, fetchedAt: deps.clock.now() }
      count(tally, page)
      const pack = (rows: ActivityPage['rows']): PackedRows => packRows(rows.map(row => activityValues(account.id, row, stamps)))
      await batches.add(await inTurns(page.rows, pack), history)
    }
  } catch (error) {
    failed = { error }
  }
  await batches.drain()
  return { history, failed }
}

/** The days of a range that an answer can speak of: none after its own. */
function knownOn(asOf: Instant, { from, to }: DateRange): DateRange {
  return { from, to: later(from, earlier(to, toLocalDate(asOf, EXCHANGE_ZONE))) }
}

/** The pages of a range. Each is asked for while the one before is worked on; ending early stops the request under way. */
async function* pages(
  adapter: ReadActivitiesDeps['adapter'],
  key: string,
  range: RangeJob,
  signal: AbortSignal,
): AsyncGenerator<ActivityPage, void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const ask = (cursor: string | null): Promise<ActivityPage> => {
    const page = adapter.activities(key, range, cursor, { signal: either })
    page.catch(() => {})
    return page
  }
  try {
    let cursor = range.cursor
    const again = (error: unknown): Promise<ActivityPage> => {
      if (!mayBeForgotten(error, adapter.ownCursors === true)) throw error
      cursor = null
      return ask(null)
    }
    let coming: Promise<ActivityPage> | null = cursor === null ? ask(null) : ask(cursor).catch(again)
    while (coming) {
      const page: ActivityPage = await coming
      signal.throwIfAborted()
      if (page.next !== null && page.next === cursor)
        throw new AppError('broker/unreadable', { cause: 'a page names itself as the next one' })
      cursor = page.next
      coming = cursor === null ? null : ask(cursor)
      // The request leaves on the next turn of the loop; without this turn it would wait until the rows are done.
      await setImmediate()
      yield page
    }
  } finally {
    stop.abort()
  }
}

/** A broker may forget where an interrupted run stopped; then the range is read from its start, and what is saved already stays. */
function mayBeForgotten(error: unknown, ownCursors: boolean): boolean {
  return error instanceof AppError && (error.code === 'app/invalid-request' || (error.code === 'broker/refused' && !ownCursors))
}

function count(tally: Tally, page: ActivityPage): void {
  tally.fetched += page.rows.length
  for (const { facts } of page.rows) tally.span = widen(tally.span, facts.tradeDate)
}

function widen(span: DateRange | null, day: LocalDate): DateRange {
  if (span === null) return { from: day, to: day }
  if (day < span.from) return { from: day, to: span.to }
  return day > span.to ? { from: span.from, to: day } : span
}
