import { subscribe, unsubscribe } from 'node:diagnostics_channel'

export interface WireTimes extends Disposable {
  /** Milliseconds each request took from its headers leaving on a socket to the last byte of its answer. */
  readonly times: readonly number[]
}

const SENT = 'undici:client:sendHeaders'
const ANSWERED = 'undici:request:trailers'

/** Watches the HTTP library: unlike the client's own figure this leaves out the wait for a free socket. */
export function wireTimes(): WireTimes {
  const sent = new Map<object, number>()
  const times: number[] = []
  const onSent = (message: unknown): void => void sent.set((message as { request: object }).request, performance.now())
  const onAnswered = (message: unknown): void => {
    const at = sent.get((message as { request: object }).request)
    if (at !== undefined) times.push(performance.now() - at)
  }
  subscribe(SENT, onSent)
  subscribe(ANSWERED, onAnswered)
  return {
    times,
    [Symbol.dispose]() {
      unsubscribe(SENT, onSent)
      unsubscribe(ANSWERED, onAnswered)
    },
  }
}
