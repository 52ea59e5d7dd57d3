import { pause } from '../../../net/wait.ts'
import type { Clock } from '../../../ports.ts'

/** Keeps calls of one kind apart, where IBKR counts them by themselves. */
export interface Pace {
  /** Resolves when the next call of this kind may leave. */
  take(kind: Kind, options: { readonly signal: AbortSignal }): Promise<void>
}

// Source: IBKR Web API, pacing limits: one call in five seconds for these, one a second or a minute for the session's own.
const APART_MS = { accounts: 5000, orders: 5000, trades: 5000, tickle: 1000, validate: 60_000 } as const
export type Kind = keyof typeof APART_MS

export function createPace(clock: Pick<Clock, 'monotonicMs' | 'after'>): Pace {
  const next = new Map<Kind, number>()
  return {
    async take(kind, { signal }) {
      const now = clock.monotonicMs()
      const at = Math.max(now, next.get(kind) ?? now)
      next.set(kind, at + APART_MS[kind])
      await pause(clock, at - now, signal, 'Interactive Brokers')
    },
  }
}
