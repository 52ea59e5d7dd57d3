import type { BrokerId, Environment, Method } from './broker.ts'
import type { ConnectionId } from './ids.ts'
import type { Instant } from './time.ts'

/** What is counted: a renewed token, a sync, a sign-in (a form too), and a test of a connection or a form. */
export const RUN_KINDS = ['refresh', 'sync', 'sign-in', 'test'] as const
export type RunKind = (typeof RUN_KINDS)[number]

/** How a run ended. `canceled` was given up by the user, a suspend or a newer run: it is neither a success nor a failure. */
export const RUN_OUTCOMES = ['success', 'partial', 'failed', 'canceled'] as const
export type RunOutcome = (typeof RUN_OUTCOMES)[number]

/** One run that ended. */
export interface MetricRun {
  /** When it ended. */
  readonly at: Instant
  readonly kind: RunKind
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly connectionId: ConnectionId | null
  readonly outcome: RunOutcome
  /** The error's code; null after a success. */
  readonly class: string | null
  /** By the monotonic clock; of a sign-in without the time its user took. */
  readonly durationMs: number
  /** History rows the broker sent. */
  readonly rows: number
}
