import type { FlowView } from '../../../shared/contract/connections.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { BrokerId, Environment, Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId, FlowId } from '../../../shared/domain/ids.ts'
import type { MetricRun, RunKind, RunOutcome } from '../../../shared/domain/metric-run.ts'
import type { Clock } from '../ports.ts'
import type { SyncEnd } from '../sync/sync.ts'
import type { Metrics } from './metrics.ts'

/** What a run was for. */
export interface RunSubject {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly connectionId: ConnectionId | null
}

/** Takes down how runs ended, in the words of the statistics. */
export interface RunRecorder {
  renewed(connection: Connection, ended: { readonly error: AppError | null; readonly ms: number }): void
  synced(connection: Connection, ended: SyncEnd): void
  /** Call with each change of a browser sign-in. What it took begins with the broker's answer: how long a person reads is not ours. */
  signIn(flow: Pick<FlowView, 'flowId' | 'broker' | 'environment' | 'state'>): void
  /** Runs something and takes down how it ended; what was refused before a broker was asked is not. `found` says more once it is done. */
  measure<T>(kind: RunKind, subject: RunSubject, run: () => T | Promise<T>, found?: (done: T) => Partial<RunSubject>): Promise<T>
}

/** Ended by the user, by a newer run, because nobody came back to it, or because this machine was not ready: no broker failed. */
const GIVEN_UP: ReadonlySet<string> = new Set<ErrorCode>(['app/canceled', 'auth/replaced', 'auth/denied', 'auth/expired', 'vault/locked', 'net/asleep'])
/** Refused before anything was asked of a broker. */
const NOT_BEGUN: ReadonlySet<string> = new Set<ErrorCode>([
  'app/invalid-request',
  'app/not-found',
  'auth/app-missing',
  'auth/keys-missing',
  'auth/bad-field',
  'auth/broker-closed',
  'auth/consent-needed',
  'auth/method-unavailable',
  'auth/not-licensed',
])
const HAS_TOKENS: ReadonlySet<Method> = new Set<Method>(['oauth', 'personal-grant'])

export function createRunRecorder({
  metrics,
  clock,
}: {
  readonly metrics: Metrics
  readonly clock: Pick<Clock, 'monotonicMs'>
}): RunRecorder {
  const answeredMs = new Map<FlowId, number>()

  return {
    renewed(connection, { error, ms }) {
      // Where several ways in make one connection, only one of them holds tokens.
      const method = HAS_TOKENS.has(connection.method) ? connection.method : 'oauth'
      metrics.ran({ ...subjectOf(connection), method, kind: 'refresh', ...ending(error?.code ?? null), durationMs: ms, rows: 0 })
    },
    synced(connection, { result, error, ms }) {
      const end = result ? syncEnding(result) : ending(codeOf(error))
      const rows = result?.accounts.reduce((sum, account) => sum + account.fetched, 0) ?? 0
      metrics.ran({ ...subjectOf(connection), kind: 'sync', ...end, durationMs: ms, rows })
    },
    signIn({ flowId, broker, environment, state }) {
      if (state.kind === 'waiting') return
      if (state.kind === 'finishing') return void answeredMs.set(flowId, clock.monotonicMs())
      const now = clock.monotonicMs()
      const durationMs = now - (answeredMs.get(flowId) ?? now)
      answeredMs.delete(flowId)
      const connectionId = state.kind === 'connected' ? state.connectionId : null
      const end = ending(state.kind === 'failed' ? state.error.code : null)
      metrics.ran({ kind: 'sign-in', broker, environment, method: 'oauth', connectionId, ...end, durationMs, rows: 0 })
    },
    async measure(kind, subject, run, found) {
      const began = clock.monotonicMs()
      const note = (about: RunSubject, code: string | null): void => {
        if (code !== null && NOT_BEGUN.has(code)) return
        metrics.ran({ ...about, kind, ...ending(code), durationMs: clock.monotonicMs() - began, rows: 0 })
      }
      try {
        const done = await run()
        note({ ...subject, ...found?.(done) }, null)
        return done
      } catch (error) {
        note(subject, codeOf(error))
        throw error
      }
    },
  }
}

function subjectOf({ broker, environment, method, id }: Connection): RunSubject {
  return { broker, environment, method, connectionId: id }
}

function codeOf(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'app/internal'
}

function ending(code: string | null): Pick<MetricRun, 'outcome' | 'class'> {
  const outcome: RunOutcome = code === null ? 'success' : GIVEN_UP.has(code) ? 'canceled' : 'failed'
  return { outcome, class: code }
}

/** A sync's class is the failure it ended with, else that of the first account that did not come back whole. */
function syncEnding({ result, error, accounts }: SyncResult): Pick<MetricRun, 'outcome' | 'class'> {
  if (result === 'success') return ending(null)
  const code = error?.code ?? accounts.find(account => account.code !== undefined)?.code ?? 'app/internal'
  return GIVEN_UP.has(code) ? ending(code) : { outcome: result, class: code }
}
