import { z } from 'zod'
import { ErrorViewSchema } from '../../shared/contract/envelope.ts'
import { type AppEvent, EventSchema } from '../../shared/contract/events.ts'
import { type OutputOf, type RequestOf, type RouteName, routes } from '../../shared/contract/routes.ts'
import { BridgeError, bridgeFailure } from './error.ts'
import type { LinkStatus, Transport } from './transport.ts'

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined
}

/** The window's only way to the core: typed requests up, events down. */
export interface Bridge {
  /** Rejects with BridgeError; aborting the signal cancels the work on the other side. */
  request<R extends RouteName>(route: R, input: RequestOf<R>, options?: RequestOptions): Promise<OutputOf<R>>
  subscribe(listener: (event: AppEvent) => void): () => void
  onStatus(listener: (status: LinkStatus) => void): () => void
  status(): LinkStatus
  close(): void
}

const EnvelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorViewSchema }),
])

/** Puts types and parsing on a transport. `newId` makes ids that are unique for this window. */
export function createBridge(transport: Transport, newId: () => string): Bridge {
  return {
    async request(route, input, options = {}) {
      const answer = await callCancelably(transport, { id: newId(), route, input }, options.signal)
      const envelope = EnvelopeSchema.safeParse(answer)
      if (!envelope.success) throw bridgeFailure('app/internal')
      if (!envelope.data.ok) throw new BridgeError(envelope.data.error)
      return parseOutput(route, envelope.data.data)
    },
    subscribe: listener =>
      transport.onEvent(value => {
        const event = EventSchema.safeParse(value)
        if (event.success) listener(event.data)
      }),
    onStatus: listener => transport.onStatus(listener),
    status: () => transport.status(),
    close: () => transport.close(),
  }
}

const outputs: { readonly [R in RouteName]: { readonly output: z.ZodType<OutputOf<R>> } } = routes

function parseOutput<R extends RouteName>(route: R, data: unknown): OutputOf<R> {
  const parsed = outputs[route].output.safeParse(data)
  if (!parsed.success) throw bridgeFailure('app/unknown-route')
  return parsed.data
}

async function callCancelably(
  transport: Transport,
  request: { id: string; route: string; input: unknown },
  signal?: AbortSignal,
): Promise<unknown> {
  if (!signal) return transport.call(request)
  if (signal.aborted) throw bridgeFailure('app/canceled')
  const gaveUp = Promise.withResolvers<never>()
  const onAbort = () => {
    transport.cancel(request.id)
    gaveUp.reject(bridgeFailure('app/canceled'))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([transport.call(request), gaveUp.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
