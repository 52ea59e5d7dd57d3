import type { Envelope } from '../../../shared/contract/envelope.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import type { HostCore } from '../../../electron/headless/host-core.ts'

export interface Asked {
  readonly id: string
  readonly route: string
  readonly input: unknown
  readonly signal: AbortSignal
}

export interface FakeCore extends HostCore {
  readonly asked: Asked[]
  readonly closed: () => boolean
  emit(event: AppEvent): void
  listeners(): number
  /** Resolves once a request for this route has come in. */
  untilAsked(route: string): Promise<Asked>
}

export type Answers = Readonly<Record<string, (asked: Asked) => unknown>>

/** A core that answers from a table: a value, or an AppError to fail with. Without an entry a request waits until it is stopped. */
export function fakeCore(answers: Answers = {}): FakeCore {
  const asked: Asked[] = []
  const listeners = new Set<(event: AppEvent) => void>()
  const waiters = new Set<() => void>()
  let closed = false

  function answer(one: Asked): Promise<unknown> {
    const given = answers[one.route]
    if (given) return Promise.resolve(given(one))
    return new Promise((_, reject) => one.signal.addEventListener('abort', () => reject(new AppError('app/canceled'))))
  }

  return {
    asked,
    closed: () => closed,
    async dispatch(request, { signal }): Promise<Envelope<unknown>> {
      if (!isRequest(request)) return { ok: false, error: toErrorView(new AppError('app/invalid-request')) }
      const one = { ...request, signal }
      asked.push(one)
      for (const wake of waiters) wake()
      try {
        return { ok: true, data: await answer(one) }
      } catch (cause) {
        return { ok: false, error: toErrorView(cause instanceof AppError ? cause : new AppError('app/internal', { cause })) }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    emit(event) {
      for (const listener of listeners) listener(event)
    },
    listeners: () => listeners.size,
    untilAsked: route =>
      new Promise(resolve => {
        const look = (): void => {
          const found = asked.find(one => one.route === route)
          if (!found) return
          waiters.delete(look)
          resolve(found)
        }
        waiters.add(look)
        look()
      }),
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}

function isRequest(value: unknown): value is { id: string; route: string; input: unknown } {
  return typeof value === 'object' && value !== null && 'id' in value && 'route' in value && typeof value.route === 'string'
}
