import type { Envelope } from '../../shared/contract/envelope.ts'
import { AppError, toErrorView } from '../../shared/contract/errors.ts'
import { type OutputOf, type RequestOf, type RouteName, routes } from '../../shared/contract/routes.ts'

/** Asks the core what a window could ask, under the same app lock. Never rejects. */
export type Ask = <R extends RouteName>(route: R, input: RequestOf<R>) => Promise<Envelope<OutputOf<R>>>

interface Answering {
  dispatch(request: unknown, options: { readonly signal: AbortSignal }): Promise<Envelope<unknown>>
}

const outputs: { readonly [R in RouteName]: { readonly output: { parse(answer: unknown): OutputOf<R> } } } = routes

/** Asks a core that may still be opening: requests wait for it. What is under way when the app quits is stopped by the core itself. */
export function createAsk(core: Promise<Answering>): Ask {
  const { signal } = new AbortController()
  let lastId = 0
  return async <R extends RouteName>(route: R, input: RequestOf<R>): Promise<Envelope<OutputOf<R>>> => {
    lastId += 1
    try {
      const envelope = await (await core).dispatch({ id: `shell-${lastId}`, route, input }, { signal })
      return envelope.ok ? { ok: true, data: outputs[route].output.parse(envelope.data) } : envelope
    } catch (cause) {
      return { ok: false, error: toErrorView(cause instanceof AppError ? cause : new AppError('app/internal', { cause })) }
    }
  }
}
