import { abortError } from '../../../net/wait.ts'
import type { Clock } from '../../../ports.ts'

/** Keeps calls of one kind apart, where IBKR counts them by themselves. */
export interface Pace {
  /** Resolves when the next call of this kind may leave; whoever gives up while waiting gives the turn to the next one. */
  take(kind: Kind, options: { readonly signal: AbortSignal }): Promise<void>
}

// Source: IBKR Web API, pacing limits: one call in five seconds for these, one a second or a minute for the session's own.
const APART_MS = { accounts: 5000, orders: 5000, trades: 5000, tickle: 1000, validate: 60_000 } as const
export type Kind = keyof typeof APART_MS

/** Calls of one kind, in the order they came. */
interface Line {
  readonly waiting: Set<() => void>
  /** The next call may leave then. */
  next: number
  stopTimer: (() => void) | null
}

export function createPace(clock: Pick<Clock, 'monotonicMs' | 'after'>): Pace {
  const lines = new Map<Kind, Line>()

  function lineOf(kind: Kind): Line {
    const line = lines.get(kind) ?? { waiting: new Set(), next: clock.monotonicMs(), stopTimer: null }
    lines.set(kind, line)
    return line
  }

  function leave(line: Line, kind: Kind): void {
    line.next = Math.max(line.next, clock.monotonicMs()) + APART_MS[kind]
  }

  function wait(line: Line, kind: Kind): void {
    line.stopTimer ??= clock.after(Math.max(0, line.next - clock.monotonicMs()), () => {
      line.stopTimer = null
      const [go] = line.waiting
      if (!go) return
      line.waiting.delete(go)
      leave(line, kind)
      go()
      if (line.waiting.size > 0) wait(line, kind)
    })
  }

  return {
    async take(kind, { signal }) {
      if (signal.aborted) throw abortError(signal, 'Interactive Brokers')
      const line = lineOf(kind)
      if (line.waiting.size === 0 && line.next <= clock.monotonicMs()) {
        leave(line, kind)
        return
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const giveUp = (): void => {
        line.waiting.delete(resolve)
        reject(abortError(signal, 'Interactive Brokers'))
      }
      line.waiting.add(resolve)
      signal.addEventListener('abort', giveUp, { once: true })
      wait(line, kind)
      await promise.finally(() => signal.removeEventListener('abort', giveUp))
    },
  }
}
