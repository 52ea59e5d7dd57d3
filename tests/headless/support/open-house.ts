import { mkdirSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { createDoorkeeper, type Doorkeeper } from '../../../electron/headless/doorkeeper.ts'
import { createServer, openDoor } from '../../../electron/headless/server.ts'
import { createSocketDoor } from '../../../electron/headless/socket.ts'
import { listStaticFiles } from '../../../electron/node/static-files.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { type FakeCore, fakeCore } from './fake-core.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface House {
  readonly port: number
  readonly host: string
  readonly doorkeeper: Doorkeeper
  readonly core: FakeCore
  /** A cookie of a browser that came in through a link. */
  readonly cookie: string
  ask(options: { method?: string; path?: string; headers?: OutgoingHttpHeaders }): Promise<Reply>
  /** Sends bytes as they are and answers with everything that came back. */
  raw(text: string): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

/** The real server on a real port, over a fake core and a small set of pages. */
export async function openHouse(
  core: FakeCore = fakeCore(),
  linkLifeMs = 60_000,
  monotonicMs = (): number => performance.now(),
): Promise<House> {
  const pages = tempFolder()
  mkdirSync(path.join(pages.path, 'public/assets'), { recursive: true })
  writeFileSync(path.join(pages.path, 'public/index.html'), '<!doctype html><title>front page</title>')
  writeFileSync(path.join(pages.path, 'public/assets/app.js'), 'globalThis.started = true')
  writeFileSync(path.join(pages.path, 'public/assets/app.js.map'), '{}')
  writeFileSync(path.join(pages.path, 'secret.json'), '{"outside":true}')

  const server = createServer()
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const doorkeeper = createDoorkeeper({ port, monotonicMs, linkLifeMs })
  const sockets = createSocketDoor(core)
  openDoor(server, {
    port,
    doorkeeper,
    files: listStaticFiles(path.join(pages.path, 'public')),
    about: () => ({ version: '1.2.3' }),
    givesLinks: true,
    takeSocket: sockets.takeSocket,
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const session = doorkeeper.redeem(doorkeeper.issueLink()) ?? ''

  return {
    port,
    host: `127.0.0.1:${port}`,
    doorkeeper,
    core,
    cookie: doorkeeper.cookie(session).split(';')[0] ?? '',
    ask: options => ask(agent, port, options),
    raw: text => raw(port, text),
    async [Symbol.asyncDispose]() {
      agent.destroy()
      sockets.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      pages[Symbol.dispose]()
    },
  }
}

function ask(
  agent: Agent,
  port: number,
  { method = 'GET', path: target = '/', headers = {} }: { method?: string; path?: string; headers?: OutgoingHttpHeaders },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path: target, headers, agent }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
      )
    })
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    sent.on('error', reject)
    sent.end()
  })
}

function raw(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    socket.on('error', () => resolve(Buffer.concat(chunks).toString('utf8')))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}
