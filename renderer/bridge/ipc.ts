import { bridgeFailure } from './error.ts'
import type { Transport } from './transport.ts'

/** What the preload script offers to the window. All text is JSON. */
export interface PreloadApi {
  request(json: string): Promise<string>
  cancel(id: string): void
  onEvent(listener: (json: string) => void): () => void
  /** Hears the fragment of a screen the desktop asks for, such as `#/health`. */
  onScreen(listener: (hash: string) => void): () => void
}

declare global {
  interface Window {
    readonly keelson?: PreloadApi
  }
}

/** The desktop transport: the process boundary does not drop, so the link is always open. */
export function createIpcTransport(preload: PreloadApi): Transport {
  return {
    async call(request) {
      try {
        const answer: unknown = JSON.parse(await preload.request(JSON.stringify(request)))
        return answer
      } catch {
        throw bridgeFailure('app/internal')
      }
    },
    cancel: id => preload.cancel(id),
    onEvent: listener =>
      preload.onEvent(json => {
        const event: unknown = JSON.parse(json)
        listener(event)
      }),
    onStatus: () => () => undefined,
    status: () => ({ kind: 'open' }),
    close: () => undefined,
  }
}
