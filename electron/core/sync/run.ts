import { AppError } from '../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, type LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import type { Broker, BrokerAdapter } from '../brokers/adapter.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { activityPage } from '../store/activities.ts'
import { setTrouble } from '../store/connections.ts'
import { readHistory } from '../store/history.ts'
import { finishRun, startRun } from '../store/sync-runs.ts'
import { adoptListed } from './adopt.ts'
import { asFailure, passesByItself, stopsConnection } from './failure.ts'
import { grounded, type HistoryState, planSync } from './plan.ts'
import { readAccount } from './read-account.ts'
import { type AccountOutcome, outcomeOf, outcomeWithout, type Verdict, verdictOf, viewOf } from './result.ts'
import type { HistoryWriter, Lease } from './writer.ts'

export interface SyncDeps {
  readonly db: Db
  readonly writer: HistoryWriter
  /** The name and abilities of a broker. */
  readonly broker: (id: BrokerId) => Pick<Broker, 'name' | 'can'>
  /** May wait for what the adapter needs, such as the built-in simulator. */
  readonly adapter: (connection: Connection) => BrokerAdapter | Promise<BrokerAdapter>
  /** Told of the failure a run ended with. */
  readonly onFailure?: (connection: Connection, error: AppError) => void
  /** Brings what is computed from the history up to date, before a run's result is told. A failure is logged: what was read is saved all the same. */
  readonly settle?: (connection: Connection) => Promise<void>
  readonly clock: Clock
  readonly emit: (event: NewEvent) => void
  readonly log: Log
}

/**
 * Reads everything one connection offers: its accounts, then each account's holdings and history. The answer is success only
 * when every account and range came back; a run that fails or is stopped keeps what it committed and goes on from there the
 * next time. Broker failures are in the answer; it rejects only when its own end cannot be saved.
 */
export async function runSync(deps: SyncDeps, connection: Connection, { signal }: { signal: AbortSignal }): Promise<SyncResult> {
  const { clock, db, emit, log } = deps
  const startedAt = clock.now()
  const started = clock.monotonicMs()
  const lease = deps.writer.lease()
  try {
    const runId = await lease.between(() => startRun(db.writer, connection.id, startedAt))
    emit({ type: 'connections.changed', connectionIds: [connection.id] })
    const { outcomes, verdict } = await readAndIndex(deps, connection, lease, signal)
    await settle(deps, connection, signal)
    const result: SyncResult = {
      result: verdict.error?.code === 'app/canceled' ? 'canceled' : verdict.result,
      connectionId: connection.id,
      startedAt,
      finishedAt: clock.now(),
      error: viewOf(verdict.error),
      accounts: outcomes.map(outcome => outcome.result),
    }
    await lease.between(() =>
      db.writer.tx(w => {
        finishRun(w, runId, result)
        setTrouble(w, connection.id, verdict.error && passesByItself(verdict.error.code) ? viewOf(verdict.error) : null)
      }),
    )
    if (verdict.error) deps.onFailure?.(connection, verdict.error)
    log.info('sync.finished', {
      connectionId: connection.id,
      result: result.result,
      ...totals(outcomes),
      ms: Math.round(clock.monotonicMs() - started),
    })
    return result
  } finally {
    lease.release().catch((cause: unknown) => log.warn('sync.settle-failed', { code: asFailure(cause, signal).code }))
  }
}

async function settle(deps: SyncDeps, connection: Connection, signal: AbortSignal): Promise<void> {
  try {
    await deps.settle?.(connection)
  } catch (error) {
    const failure = asFailure(error, signal)
    deps.log.error('sync.not-settled', { connectionId: connection.id, code: failure.code, cause: causeOf(failure) })
  }
}

interface Reading {
  readonly outcomes: readonly AccountOutcome[]
  readonly verdict: Verdict
}

async function readAndIndex(deps: SyncDeps, connection: Connection, lease: Lease, signal: AbortSignal): Promise<Reading> {
  const outcomes: AccountOutcome[] = []
  let failure: AppError | null = null
  try {
    await readConnection(deps, connection, { lease, signal, onAccount: outcome => outcomes.push(outcome) })
  } catch (error) {
    failure = asFailure(error, signal)
  }
  try {
    await lease.index()
  } catch (error) {
    failure ??= asFailure(error, signal)
  }
  if (failure) deps.log.warn('sync.failed', { connectionId: connection.id, code: failure.code, cause: causeOf(failure) })
  return { outcomes, verdict: failure ? { result: 'failed', error: failure } : verdictOf(outcomes) }
}

interface ReadOptions {
  readonly lease: Lease
  readonly signal: AbortSignal
  readonly onAccount: (outcome: AccountOutcome) => void
}

async function readConnection(deps: SyncDeps, connection: Connection, { lease, signal, onAccount }: ReadOptions): Promise<void> {
  const { db, clock } = deps
  const broker = deps.broker(connection.broker)
  if (connection.method === 'file') throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
  requireSignIn(connection, broker.name)
  const adapter = await deps.adapter(connection)
  const listed = await adapter.accounts({ signal })
  if (listed.length === 0) throw new AppError('broker/no-accounts', { details: { broker: broker.name } })
  const { accounts, gone } = await lease.between(() => adoptListed(db.writer, connection, listed))
  const today = toLocalDate(clock.now(), EXCHANGE_ZONE)
  const histories = historiesOf(deps, accounts, today)
  const read = accounts.filter(({ excluded }) => !excluded)
  const jobs = planSync(read, histories, { today, historyStart: adapter.historyStart(today), overlapDays: adapter.overlapDays })
  let ended: AppError | null = null
  for (const job of jobs) {
    const outcome: AccountOutcome = ended
      ? outcomeWithout(job.account, ended)
      : outcomeOf(
          job,
          await readAccount({ ...deps, connection, lease, adapter, can: broker.can, today }, job, histories.get(job.account.id), {
            signal,
          }),
          broker.can.activities,
        )
    if (outcome.error) {
      deps.log.warn('sync.account-failed', {
        connectionId: connection.id,
        accountId: job.account.id,
        code: outcome.error.code,
        cause: causeOf(outcome.error),
      })
      if (stopsConnection(outcome.error.code)) ended = outcome.error
    }
    onAccount(outcome)
  }
  for (const account of gone) if (!account.excluded) onAccount(outcomeWithout(account, new AppError('broker/account-gone', { details: { broker: broker.name } })))
}

function requireSignIn({ state }: Connection, broker: string): void {
  if (state.kind === 'connected') return
  throw new AppError(state.because === 'vault-locked' ? 'vault/locked' : 'auth/sign-in-needed', { details: { broker } })
}

function historiesOf({ db }: SyncDeps, accounts: readonly StoredAccount[], today: LocalDate): Map<AccountId, HistoryState> {
  const found = new Map<AccountId, HistoryState>()
  for (const { id } of accounts) {
    const history = readHistory(db.reader, id)
    const newestRow = (): LocalDate | null => activityPage(db.reader, { accountId: id, to: today, limit: 1 }).rows[0]?.tradeDate ?? null
    if (history) found.set(id, grounded(history, today, newestRow))
  }
  return found
}

function totals(outcomes: readonly AccountOutcome[]): { accounts: number; fetched: number; new: number; updated: number } {
  const sum = (of: (result: AccountOutcome['result']) => number): number => outcomes.reduce((total, { result }) => total + of(result), 0)
  return { accounts: outcomes.length, fetched: sum(r => r.fetched), new: sum(r => r.new), updated: sum(r => r.updated) }
}

function causeOf(error: AppError): string | null {
  return error.cause instanceof Error ? error.cause.message : typeof error.cause === 'string' ? error.cause : null
}
