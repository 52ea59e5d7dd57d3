import { hash } from 'node:crypto'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Clock } from '../ports.ts'
import type { Secret } from '../vault/secret.ts'

/** A grant as it was typed into a form. */
export interface TypedGrant {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly clientSecret: Secret
  readonly refresh: Secret
}

/**
 * Refresh tokens that brokers gave in the place of typed ones, from a test of a form to its saving: a typed one that was worn out by
 * its test is worth nothing any more. In memory only, found by all that was typed, and dropped after ten minutes.
 */
export interface CarriedTokens {
  /** The token to present: the newest one in the place of what was typed. */
  newest(typed: TypedGrant): Secret
  carry(typed: TypedGrant, refresh: Secret): void
  /** Once it was refused, or a connection has it. */
  drop(typed: TypedGrant): void
}

const KEPT_MS = 600_000

export function createCarriedTokens(clock: Pick<Clock, 'after'>): CarriedTokens {
  const carried = new Map<string, { readonly refresh: Secret; readonly stop: () => void }>()
  const drop = (key: string): void => {
    carried.get(key)?.stop()
    carried.delete(key)
  }
  return {
    newest: typed => carried.get(keyOf(typed))?.refresh ?? typed.refresh,
    carry(typed, refresh) {
      const key = keyOf(typed)
      drop(key)
      if (refresh.reveal() !== typed.refresh.reveal()) carried.set(key, { refresh, stop: clock.after(KEPT_MS, () => carried.delete(key)) })
    },
    drop: typed => drop(keyOf(typed)),
  }
}

function keyOf({ broker, environment, clientSecret, refresh }: TypedGrant): string {
  return hash('sha256', JSON.stringify([broker, environment, clientSecret.reveal(), refresh.reveal()]))
}
