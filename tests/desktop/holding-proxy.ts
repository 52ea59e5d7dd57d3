import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A way to a server on this machine that can keep its answers back. */
export interface HoldingProxy {
  readonly url: string
  /** From now on, keeps back what the server answers to the paths that are held. */
  hold(): void
  /** Resolves once an answer is being kept back: the server has done its part. */
  readonly held: Promise<void>
  release(): void
  close(): Promise<void>
}

export async function holdingProxy(target: string, paths: RegExp): Promise<HoldingProxy> {
  const held = Promise.withResolvers<void>()
  let gate: PromiseWithResolvers<void> | null = null

  async function pass(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(asked.url ?? '/', target)
    const onward = request(url, { method: asked.method, headers: { ...asked.headers, host: url.host }, agent: false })
    asked.pipe(onward)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
    if (gate && paths.test(url.pathname)) {
      held.resolve()
      await gate.promise
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  }
  const server = createServer((asked, response) => void pass(asked, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: () => void (gate = Promise.withResolvers()),
    held: held.promise,
    release: () => gate?.resolve(),
    close() {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
