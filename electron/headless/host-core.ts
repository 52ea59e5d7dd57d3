import type { Envelope } from '../../shared/contract/envelope.ts'
import type { AppEvent } from '../../shared/contract/events.ts'

/** The core as a host or a command sees it, whether it runs here or behind a socket. */
export interface HostCore {
  dispatch(request: unknown, options: { readonly signal: AbortSignal }): Promise<Envelope<unknown>>
  subscribe(listener: (event: AppEvent) => void): () => void
  close(): Promise<void>
}
