import type { Request } from '../../shared/contract/envelope.ts'

/** How the window hangs on its host. `attempt` counts tries since the link was lost. */
export type LinkStatus = { readonly kind: 'open' } | { readonly kind: 'connecting'; readonly attempt: number }

/** Carries requests and events as JSON values; knows nothing of routes. */
export interface Transport {
  /** Resolves with the unparsed envelope; rejects with BridgeError when the link fails. */
  call(request: Request): Promise<unknown>
  cancel(id: string): void
  onEvent(listener: (event: unknown) => void): () => void
  onStatus(listener: (status: LinkStatus) => void): () => void
  status(): LinkStatus
  close(): void
}
