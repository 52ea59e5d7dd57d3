import { type AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, type Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { BrokerAdapter, DateRange } from '../brokers/adapter.ts'
import type { Capabilities } from '../../../shared/domain/broker.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { replaceBalances } from '../store/balances.ts'
import { oldestOpenOrder, upsertOrders } from '../store/orders.ts'
import { replacePositions } from '../store/positions.ts'
import { savePriceMarks } from '../store/price-marks.ts'
import { saveWorth } from '../store/worth-days.ts'
import { createAnnouncer } from './announce.ts'
import { asFailure, stopsConnection } from './failure.ts'
import { type AccountJob, earlier, type HistoryState, later } from './plan.ts'
import { readActivities, type Tally } from './read-activities.ts'
import { closeUnlisted } from './unlisted-orders.ts'
import type { Lease } from './writer.ts'

const ORDER_DAYS = 60
const MOST_ORDER_DAYS = 364

export interface ReadAccountDeps {
  readonly db: Db
  readonly lease: Lease
  readonly adapter: BrokerAdapter
  readonly can: Capabilities
  readonly clock: Clock
  readonly emit: (event: NewEvent) => void
  readonly connection: Connection
  readonly today: LocalDate
}

const PARTS = ['Balances', 'Positions', 'Orders', 'Trade history'] as const

/** A part of an account that did not come back. */
export interface PartFailure {
  readonly part: (typeof PARTS)[number]
  readonly error: AppError
}

export interface AccountRead {
  readonly tally: Tally
  readonly failures: readonly PartFailure[]
}

/**
 * Reads one account: balances, positions and orders at once and saved together, then its history. A part that fails does not
 * stop the others, unless the whole connection is at an end. Never rejects.
 */
export async function readAccount(
  deps: ReadAccountDeps,
  job: AccountJob<StoredAccount>,
  history: HistoryState | undefined,
  { signal }: { signal: AbortSignal },
): Promise<AccountRead> {
  const tally: Tally = { fetched: 0, new: 0, updated: 0, span: null }
  const { failures, listsOrders } = await readHoldings(deps, job.account, signal)
  if (deps.can.activities && !failures.some(({ error }) => stopsConnection(error.code))) {
    const announcer = createAnnouncer({ emit: deps.emit, clock: deps.clock, connectionId: deps.connection.id, accountId: job.account.id })
    try {
      await readActivities(
        { adapter: deps.adapter, lease: deps.lease, clock: deps.clock, onCommit: counts => announcer.committed(tally.fetched, counts) },
        { account: job.account, ranges: job.ranges, history },
        tally,
        { signal },
      )
    } catch (error) {
      failures.push({ part: 'Trade history', error: asFailure(error, signal) })
    }
    announcer.finish(tally.fetched)
  }
  if (listsOrders && !signal.aborted) await closeUnlisted(deps, job.account, { signal })
  return { tally, failures }
}

interface HoldingsRead {
  readonly failures: PartFailure[]
  /** All orders came, and are saved. */
  readonly listsOrders: boolean
}

async function readHoldings(deps: ReadAccountDeps, account: StoredAccount, signal: AbortSignal): Promise<HoldingsRead> {
  const { adapter, can, db } = deps
  const key = account.brokerKey
  const range = orderDays(db, account.id, deps.today)
  const failures: PartFailure[] = []
  const part = async <T>(name: PartFailure['part'], offered: boolean, read: () => Promise<T>): Promise<T | null> => {
    try {
      return offered ? await read() : null
    } catch (error) {
      failures.push({ part: name, error: asFailure(error, signal) })
      return null
    }
  }
  const [balances, positions, orders] = await Promise.all([
    part('Balances', can.balances, () => adapter.balances(key, { signal })),
    part('Positions', can.positions, () => adapter.positions(key, { signal })),
    part('Orders', can.orders, () => adapter.orders(key, { status: 'all', range }, { signal })),
  ])
  if (!balances && !positions && !orders) return { failures, listsOrders: false }
  const at: Instant = deps.clock.now()
  try {
    await deps.lease.between(() =>
      db.writer.tx(w => {
        if (balances) {
          replaceBalances(w, account.id, balances, at)
          saveWorth(w, account.id, balances)
        }
        if (positions) {
          replacePositions(w, account.id, positions, at)
          savePriceMarks(w, account.id, positions)
        }
        if (orders) upsertOrders(w, account.id, orders, at)
      }),
    )
    deps.emit({ type: 'portfolio.changed', connectionId: deps.connection.id })
  } catch (error) {
    failures.push({ part: 'Balances', error: asFailure(error, signal) })
    return { failures, listsOrders: false }
  }
  return { failures, listsOrders: orders !== null }
}

/** Brokers find orders by the day they were entered: two months, or from the oldest that may still change, a year at most. */
function orderDays(db: Db, accountId: AccountId, today: LocalDate): DateRange {
  const usual = LocalDate.plusDays(today, -ORDER_DAYS)
  const open = oldestOpenOrder(db.reader, accountId)
  const from = open === null ? usual : earlier(toLocalDate(open, EXCHANGE_ZONE), usual)
  return { from: later(from, LocalDate.plusDays(today, -MOST_ORDER_DAYS)), to: today }
}

/** One sentence for what did not come back and why, whatever failed first. */
export function because(unordered: readonly PartFailure[]): string {
  const failures = PARTS.flatMap(part => unordered.filter(failure => failure.part === part))
  const parts = failures.map(({ part }, index) => (index === 0 ? part : part.toLowerCase()))
  const [first] = failures
  return first ? `${parts.join(', ')}: ${toErrorView(first.error).message}` : ''
}
