import type { Readable, Writable } from 'node:stream'
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts'

export type { Protocol }
type Commands = Protocol.CommandParameters
type Answers = Protocol.CommandReturnValues
export type Events = Protocol.Events

/** One attached page, or the browser itself. */
export interface CdpSession {
  send<M extends keyof Commands & keyof Answers>(method: M, params?: Commands[M]): Promise<Answers[M]>
  on<E extends keyof Events>(event: E, listener: (params: Events[E]) => void): void
}

export interface Cdp extends CdpSession {
  session(id: string): CdpSession
}

interface Message {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** Speaks the DevTools protocol over a pipe: JSON messages that end with a zero byte. Chromium ends when the pipe does. */
export function createCdp(input: Writable, output: Readable): Cdp {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const listeners = new Map<string, ((params: unknown) => void)[]>()
  const keyOf = (sessionId: string | undefined, event: string): string => `${sessionId ?? ''} ${event}`
  let count = 0
  let rest: Buffer[] = []
  let isOpen = true

  function take({ id, sessionId, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const call = waiting.get(id)
      waiting.delete(id)
      if (error) call?.reject(new Error(error.message))
      else call?.resolve(result)
    } else if (method !== undefined) for (const listener of listeners.get(keyOf(sessionId, method)) ?? []) listener(params)
  }
  output.on('data', (chunk: Buffer) => {
    let from = 0
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      const text = Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8')
      rest = []
      from = end + 1
      take(JSON.parse(text) as Message)
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  })
  output.once('close', () => {
    isOpen = false
    for (const { reject } of waiting.values()) reject(new Error('the browser is gone'))
    waiting.clear()
  })
  input.on('error', () => undefined)

  function sessionOf(sessionId: string | undefined): CdpSession {
    return {
      send: (method, params) =>
        new Promise((resolve, reject) => {
          if (!isOpen) return reject(new Error('the browser is gone'))
          const id = (count += 1)
          waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
          input.write(`${JSON.stringify({ id, method, params: params ?? {}, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
        }),
      on: (event, listener) => {
        const key = keyOf(sessionId, event)
        listeners.set(key, [...(listeners.get(key) ?? []), listener as (params: unknown) => void])
      },
    }
  }
  return { ...sessionOf(undefined), session: id => sessionOf(id) }
}
