import { type Envelope, RequestSchema } from '../../../shared/contract/envelope.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import { type InputOf, isRouteName, type OutputOf, type RouteName, routes } from '../../../shared/contract/routes.ts'
import type { Clock } from '../ports.ts'
import type { Log } from '../log/log.ts'

export interface CallContext {
  readonly signal: AbortSignal
}

/** One answer for every route; a route without one does not compile. */
export type Handlers = {
  readonly [R in RouteName]: (input: InputOf<R>, context: CallContext) => OutputOf<R> | Promise<OutputOf<R>>
}

export interface Router {
  /** Takes a request as it came in, from anyone: parses, runs, replies. It never rejects. */
  dispatch(request: unknown, context: CallContext): Promise<Envelope<unknown>>
}

export interface RouterDeps {
  readonly handlers: Handlers
  readonly clock: Clock
  readonly log: Log
  /** True while only the few routes that tell nothing are answered. */
  readonly isLocked?: () => boolean
}

/** What is answered under the app lock beside the lock itself: it tells nothing, and trading can be stopped by anybody at the desk. */
const OPEN_ROUTES: ReadonlySet<RouteName> = new Set(['app.status', 'orders.kill'])

/** Parses each request, runs its handler and turns every failure into an envelope, logged once with its cause. */
export function createRouter({ handlers, clock, log, isLocked = () => false }: RouterDeps): Router {
  const admit = (route: RouteName): void => {
    if (isLocked() && !OPEN_ROUTES.has(route) && !route.startsWith('lock.')) throw new AppError('app/locked')
  }

  async function run<R extends RouteName>(route: R, raw: unknown, context: CallContext): Promise<OutputOf<R>> {
    admit(route)
    const input = routes[route].input.safeParse(raw)
    if (!input.success) throw new AppError('app/invalid-request', { cause: input.error })
    const output = await handlers[route](input.data as InputOf<R>, context)
    // What was asked for before the lock closed is not shown after it. What a command did is told.
    if (routes[route].kind === 'query') admit(route)
    return output
  }

  return {
    async dispatch(request, context) {
      const parsed = RequestSchema.safeParse(request)
      if (!parsed.success) return failure(new AppError('app/invalid-request', { cause: parsed.error }))
      const { route, input } = parsed.data
      const began = clock.monotonicMs()
      try {
        if (!isRouteName(route)) throw new AppError('app/unknown-route', { details: { route } })
        const data = await run(route, input, context)
        log.debug('request.done', { route, ms: Math.round(clock.monotonicMs() - began) })
        return { ok: true, data }
      } catch (thrown) {
        const error = toAppError(thrown, context.signal)
        const unexpected = error.code === 'app/internal'
        log[unexpected ? 'error' : 'info']('request.failed', {
          route: isRouteName(route) ? route : 'unknown', failure: error.code, ms: Math.round(clock.monotonicMs() - began), cause: causeOf(error),
        })
        return failure(error)
      }
    },
  }
}

/** Any thrown value as an AppError: an abort is `app/canceled`, a stranger is `app/internal` with itself as the cause. */
export function toAppError(thrown: unknown, signal?: AbortSignal): AppError {
  if (thrown instanceof AppError) return thrown
  if (signal?.aborted === true) return new AppError('app/canceled', { cause: thrown })
  return new AppError('app/internal', { cause: thrown })
}

function failure(error: AppError): Envelope<never> {
  return { ok: false, error: toErrorView(error) }
}

function causeOf(error: AppError): string {
  const { cause } = error
  if (error.code === 'app/internal' && cause instanceof Error) return `${cause.name}: ${cause.stack ?? cause.message}`
  return cause instanceof Error ? cause.name : typeof cause
}
