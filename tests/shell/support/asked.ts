import type { Ask } from '../../../electron/shell/ask.ts'
import { createAsk } from '../../../electron/shell/ask.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'

export interface Asked {
  readonly ask: Ask
  /** What was asked for, in turn, as `route` or `route {input}`. */
  readonly asked: string[]
  /** What each route answers: data, or an error to refuse with. A test changes it in place. */
  readonly answers: Record<string, unknown>
}

/** A core that answers what it is told to; a route it was not told about is refused. */
export function askedCore(answers: Record<string, unknown> = {}): Asked {
  const asked: string[] = []
  const all = { 'notices.read': {}, 'lock.status': { on: false, locked: false, waitMs: 0, idleMinutes: null }, ...answers }
  const core = {
    dispatch(request: unknown) {
      const { route, input } = request as { route: string; input: object }
      asked.push(Object.keys(input).length === 0 ? route : `${route} ${JSON.stringify(input)}`)
      const answer = (all as Record<string, unknown>)[route] ?? new AppError('app/unknown-route', { details: { route } })
      return Promise.resolve(
        answer instanceof AppError ? { ok: false as const, error: toErrorView(answer) } : { ok: true as const, data: answer },
      )
    },
  }
  return { ask: createAsk(Promise.resolve(core)), asked, answers: all }
}
