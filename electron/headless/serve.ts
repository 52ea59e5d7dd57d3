import type { Server, ServerResponse } from 'node:http'
import { resolveDataDir } from '../node/data-dir.ts'
import type { Layout } from '../node/layout.ts'
import { listStaticFiles, type StaticFiles } from '../node/static-files.ts'
import { readVersion } from '../node/version.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { type HostFile, processExists, readHostFile } from './host-file.ts'
import type { ServeFlags } from './serve-flags.ts'
import { createServer, linkAddress, openDoor, type TakeSocket } from './server.ts'
import type { Terminal } from './terminal.ts'

const USUAL_PORT = 7830
const BACKLOG = 511
/** The first answer comes before the core, which takes the thread for a moment while it loads; without a request it waits this long. */
const LOAD_AFTER_MS = 150

/**
 * Serves until it is told to stop. This file and what it imports load nothing but Node's own modules: the core, the schemas
 * and the WebSocket library follow once the door is open, and requests wait for them.
 */
export async function serve(flags: ServeFlags, layout: Layout, terminal: Terminal): Promise<ExitCode> {
  const dataDir = resolveDataDir({ flag: flags.dataDir, env: terminal.env })
  const other = await findOther(dataDir)
  if (other) return reportOther(other, dataDir, flags, terminal)

  const server = createServer()
  const port = await listen(server, flags.port)
  if (port === null) {
    terminal.err(`Port ${flags.port ?? USUAL_PORT} is used by another program. Choose one with --port.`)
    return EXIT.failed
  }
  const doorkeeper = createDoorkeeper({ port, monotonicMs: () => process.uptime() * 1000 })
  const link = linkAddress(port, doorkeeper.issueLink())
  announce(port, link, flags, terminal)

  // Still the same turn: no request can have come in yet.
  const startedAt = new Date().toISOString()
  const taker = Promise.withResolvers<TakeSocket | null>()
  let listed: StaticFiles | undefined
  const files: StaticFiles = path => (listed ??= listStaticFiles(layout.rendererDir))(path)
  openDoor(server, {
    port,
    doorkeeper,
    files,
    about: () => ({ name: 'keelson', version: readVersion(layout.root), pid: process.pid, startedAt }),
    givesLinks: true,
    takeSocket: (request, socket, head, guest) =>
      void taker.promise.then(take => (take ? take(request, socket, head, guest) : socket.destroy())),
  })
  await firstAnswer(server)
  const stopped = untilStopped()
  const { runBackend } = await import('./backend.ts')
  const host = { pid: process.pid, port, token: doorkeeper.bearer, startedAt }
  return runBackend({ flags, layout, terminal, dataDir, host, link, server, stopped, handOver: taker.resolve })
}

async function findOther(dataDir: string): Promise<HostFile | null> {
  const known = readHostFile(dataDir)
  if (known === null || known.pid === process.pid || !processExists(known.pid)) return null
  const { askHost } = await import('./running-host.ts')
  return (await askHost(known)) ? known : null
}

function reportOther(other: HostFile, dataDir: string, flags: ServeFlags, terminal: Terminal): ExitCode {
  const url = `http://127.0.0.1:${other.port}`
  if (flags.json) terminal.out(JSON.stringify({ event: 'failed', code: 'app/busy', owner: { pid: other.pid, url } }))
  terminal.err(`Another Keelson (process ${other.pid}, ${url}) is using this data folder: ${dataDir}`)
  terminal.err('Run `keelson open` for a link to it, or stop it first.')
  return EXIT.busy
}

function announce(port: number, link: string, flags: ServeFlags, terminal: Terminal): void {
  if (flags.json) terminal.out(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${port}`, link }))
  else terminal.out(`Keelson is ready at ${link}\nThe link works once; \`keelson open\` gives a new one. Ctrl+C stops Keelson.`)
}

/** The port listened on, 127.0.0.1 only; null when the wanted one is taken. */
async function listen(server: Server, wanted: number | null): Promise<number | null> {
  return (await tryListen(server, wanted ?? USUAL_PORT)) ?? (wanted === null ? tryListen(server, 0) : null)
}

function tryListen(server: Server, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else reject(error)
    }
    server.once('error', onError)
    server.once('listening', () => {
      server.off('error', onError)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : null)
    })
    bind(server, port)
  })
}

/**
 * Binds to 127.0.0.1. `server.listen` would first load the cluster module, and child processes and datagrams with it, to learn
 * that this process is no cluster's worker: a fifth of the time it takes to start serving. Node keeps the step behind it
 * under its old name; should that go, the long way is taken.
 */
function bind(server: Server, port: number): void {
  const listenDirectly: unknown = Reflect.get(server, '_listen2')
  if (typeof listenDirectly === 'function') Reflect.apply(listenDirectly, server, ['127.0.0.1', port, 4, BACKLOG, undefined, 0])
  else server.listen({ port, host: '127.0.0.1', backlog: BACKLOG, exclusive: true })
}

/** Settles when the first request has been answered, when a socket asks for the core, or after a moment without either. */
function firstAnswer(server: Server): Promise<void> {
  return new Promise(resolve => {
    const go = (): void => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(go, LOAD_AFTER_MS)
    server.once('request', (_request, response: ServerResponse) => response.once('close', go))
    server.once('upgrade', go)
  })
}

/** Settles with the first request to stop; a second one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise(resolve => {
    let asked = false
    const stop = (): void => {
      if (asked) process.exit(EXIT.stopped)
      asked = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  })
}
