import type { Coded, Codec, Crossing } from './codec.ts'

/** One end of the bridge between a page's own world and that of its preload script. */
export interface BridgeEnd {
  expose(name: string, api: unknown): void
}

type Message =
  | { kind: 'call'; id: number; call: number; args: Coded }
  | { kind: 'answer'; call: number; ok: boolean; value: Coded }
  | { kind: 'settle'; id: number; ok: boolean; value: Coded }
  | { kind: 'expose'; name: string; value: Coded }
  | { kind: 'exposed'; trouble: string | null }

/**
 * Both worlds of a page share its DOM, so an event with a text crosses at once; nothing else does. The names of the events
 * are random for each launch. It runs as text in the page, so it refers to nothing outside itself.
 */
export function makeBridgeEnd(codec: Codec, outward: string, inward: string): BridgeEnd {
  const [send, listen, Sent] = [window.dispatchEvent.bind(window), window.addEventListener.bind(window), CustomEvent]
  const given = new Map<number, (...args: unknown[]) => unknown>()
  const promised = new Map<number, { resolve: (value: unknown) => void; reject: (cause: unknown) => void }>()
  const answers = new Map<number, { ok: boolean; value: Coded }>()
  let exposed: string | null = null
  let count = 0

  const post = (message: Message): void => void send(new Sent(outward, { detail: JSON.stringify(message) }))
  const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))
  const crossing: Crossing = {
    giveFunction(call) {
      given.set((count += 1), call)
      return count
    },
    givePromise(promise) {
      const id = (count += 1)
      promise.then(
        value => post({ kind: 'settle', id, ok: true, value: codec.encode(value, crossing) }),
        (cause: unknown) => post({ kind: 'settle', id, ok: false, value: codec.encode(asError(cause), crossing) }),
      )
      return id
    },
    takeFunction:
      id =>
      (...args) =>
        callAcross(id, args),
    takePromise: id => new Promise((resolve, reject) => promised.set(id, { resolve, reject })),
  }

  function callAcross(id: number, args: unknown[]): unknown {
    const call = (count += 1)
    post({ kind: 'call', id, call, args: codec.encode(args, crossing) })
    const answer = answers.get(call)
    answers.delete(call)
    if (!answer) throw new Error('[standin] no answer across the context bridge')
    const value = codec.decode(answer.value, crossing)
    if (answer.ok) return value
    throw value
  }
  function runGiven(id: number, args: Coded): { ok: boolean; value: Coded } {
    try {
      const value = given.get(id)?.(...(codec.decode(args, crossing) as unknown[]))
      return { ok: true, value: codec.encode(value, crossing) }
    } catch (cause) {
      return { ok: false, value: codec.encode(asError(cause), crossing) }
    }
  }
  function settle(id: number, ok: boolean, value: Coded): void {
    const waiting = promised.get(id)
    promised.delete(id)
    const decoded = codec.decode(value, crossing)
    if (ok) waiting?.resolve(decoded)
    else waiting?.reject(decoded)
  }
  function place(name: string, value: Coded): string | null {
    if (name in window) return 'Cannot bind an API on top of an existing property on the window object'
    Object.defineProperty(window, name, {
      value: freeze(codec.decode(value, crossing)),
      enumerable: true,
      configurable: false,
      writable: false,
    })
    return null
  }
  function freeze(value: unknown): unknown {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
    return value
  }

  listen(
    inward,
    event => {
      const message = JSON.parse((event as CustomEvent<string>).detail) as Message
      if (message.kind === 'call') post({ kind: 'answer', call: message.call, ...runGiven(message.id, message.args) })
      else if (message.kind === 'answer') answers.set(message.call, message)
      else if (message.kind === 'settle') settle(message.id, message.ok, message.value)
      else if (message.kind === 'expose') post({ kind: 'exposed', trouble: place(message.name, message.value) })
      else exposed = message.trouble
    },
    true,
  )
  return {
    expose(name, api) {
      exposed = '[standin] the page did not take it'
      post({ kind: 'expose', name, value: codec.encode(api, crossing) })
      if (exposed !== null) throw new Error(exposed)
    },
  }
}
