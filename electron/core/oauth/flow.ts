import type { FlowView } from '../../../shared/contract/connections.ts'
import { AppError, type ErrorCode, toErrorView } from '../../../shared/contract/errors.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import type { ConnectionId, FlowId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Clock } from '../ports.ts'
import type { Attempt } from './authorize.ts'
import type { CallbackParams } from './callback.ts'
import type { OAuth1Profile, OAuthProfile } from './profile.ts'
import type { OAuthClient } from './token-endpoint.ts'

export const SIGN_IN_LIFE_MS = 300_000

/** What a sign-in is for. */
export interface SignIn {
  readonly id: FlowId
  readonly broker: Broker
  readonly environment: Environment
  readonly profile: OAuthProfile | OAuth1Profile
  readonly client: OAuthClient
  readonly scopes: readonly string[]
  /** The connection to renew in place; null for a new one. */
  readonly reconnect: ConnectionId | null
}

export type FlowState = FlowView['state']

/** One sign-in from start to end. It leaves `waiting` once, and ends once. */
export interface Flow extends SignIn {
  readonly attempt: Attempt
  readonly expiresAt: Instant
  /** Aborted when the sign-in has to stop, whatever it is doing. */
  readonly signal: AbortSignal
  /** Resolves when it has ended and everything it held is free again. */
  readonly over: Promise<void>
  state(): FlowState
  /** Throws the reason when the sign-in no longer takes an answer. */
  assertWaiting(): void
  /** Ends it from outside. While it is finishing, its own outcome decides: what was saved counts as connected. */
  stop(code: ErrorCode): void
  /** Takes the one answer and finishes with it. Does nothing once an answer was taken. Never rejects. */
  finish(answer: CallbackParams): Promise<void>
}

export interface FlowDeps {
  readonly clock: Clock
  /** Exchanges and saves; rejects with nothing saved. */
  readonly complete: (flow: Flow, answer: CallbackParams) => Promise<ConnectionId>
  readonly onChange: (flow: Flow) => void
  /** Frees what the sign-in held, such as its listener. */
  readonly release: (flow: Flow) => Promise<void>
}

/** Starts the five minutes of a sign-in. */
export function createFlow({ clock, complete, onChange, release }: FlowDeps, signIn: SignIn, attempt: Attempt): Flow {
  const startedMs = clock.monotonicMs()
  const expiresAt = Instant.plus(clock.now(), SIGN_IN_LIFE_MS)
  const abort = new AbortController()
  const over = Promise.withResolvers<void>()
  let state: FlowState = { kind: 'waiting' }
  let stopped: AppError | null = null

  const reason = (code: ErrorCode): AppError => new AppError(code, { details: { broker: signIn.broker.name } })
  const end = (next: FlowState): void => {
    state = next
    stopTimer()
    abort.abort()
    onChange(flow)
    void release(flow).finally(over.resolve)
  }
  const fail = (error: AppError): void => end({ kind: 'failed', error: toErrorView(error) })
  const stop = (code: ErrorCode): void => {
    stopped ??= reason(code)
    if (state.kind === 'waiting') fail(stopped)
    else abort.abort()
  }
  // A computer that slept counts: whichever clock says five minutes are over is believed.
  const isExpired = (): boolean => clock.monotonicMs() - startedMs >= SIGN_IN_LIFE_MS || !Instant.isBefore(clock.now(), expiresAt)
  const expire = (): void => {
    if (state.kind === 'waiting') stop('auth/expired')
  }
  const stopTimer = clock.after(SIGN_IN_LIFE_MS, expire)

  const flow: Flow = {
    ...signIn,
    attempt,
    expiresAt,
    signal: abort.signal,
    over: over.promise,
    state: () => state,
    stop,
    assertWaiting() {
      if (isExpired()) expire()
      if (state.kind !== 'waiting') throw stopped ?? reason('auth/flow-over')
    },
    async finish(answer) {
      if (isExpired()) expire()
      if (state.kind !== 'waiting') return
      state = { kind: 'finishing' }
      stopTimer()
      onChange(flow)
      try {
        end({ kind: 'connected', connectionId: await complete(flow, answer) })
      } catch (error) {
        fail(stopped ?? (error instanceof AppError ? error : new AppError('app/internal', { cause: error })))
      }
    },
  }
  return flow
}
