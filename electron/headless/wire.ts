import type { Envelope } from '../../shared/contract/envelope.ts'
import { type AppEvent, EventSchema } from '../../shared/contract/events.ts'
import { type OutputOf, type RequestOf, type RouteName, routes } from '../../shared/contract/routes.ts'
import { RequestFailed } from './failure.ts'
import type { HostCore } from './host-core.ts'

/** The contract as a command uses it: typed, wherever the core runs. Failures are RequestFailed. */
export interface Client {
  request<R extends RouteName>(route: R, input: RequestOf<R>, signal: AbortSignal): Promise<OutputOf<R>>
  subscribe(listener: (event: AppEvent) => void): () => void
}

export function createClient(core: HostCore): Client {
  let lastId = 0
  return {
    async request<R extends RouteName>(route: R, input: RequestOf<R>, signal: AbortSignal): Promise<OutputOf<R>> {
      lastId += 1
      const envelope = await core.dispatch({ id: `cli-${lastId}`, route, input }, { signal })
      if (!envelope.ok) throw new RequestFailed(envelope.error)
      return routes[route].output.parse(envelope.data) as OutputOf<R>
    },
    subscribe: listener => core.subscribe(listener),
  }
}

/** A frame from a host: a reply to one of our requests, or an event. Null for anything else. */
export type HostMessage =
  | { readonly type: 'reply'; readonly id: string; readonly envelope: Envelope<unknown> }
  | { readonly type: 'event'; readonly event: AppEvent }

export function readHostMessage(text: string): HostMessage | null {
  try {
    const message = JSON.parse(text) as { type?: unknown; id?: unknown; envelope?: unknown; event?: unknown } | null
    if (message?.type === 'reply' && typeof message.id === 'string' && isEnvelope(message.envelope)) {
      return { type: 'reply', id: message.id, envelope: message.envelope }
    }
    const event = message?.type === 'event' ? EventSchema.safeParse(message.event).data : undefined
    return event ? { type: 'event', event } : null
  } catch {
    return null
  }
}

function isEnvelope(value: unknown): value is Envelope<unknown> {
  return typeof value === 'object' && value !== null && 'ok' in value && (value.ok === true ? 'data' in value : 'error' in value)
}
