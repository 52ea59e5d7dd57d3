import type { Server } from 'node:http'
import { resolveDataDir } from '../node/data-dir.ts'
import type { Layout } from '../node/layout.ts'
import { listStaticFiles } from '../node/static-files.ts'
import { readVersion } from '../node/version.ts'
import { createDoorkeeper } from './doorkeeper.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { type HostFile, processExists, readHostFile } from './host-file.ts'
import type { ServeFlags } from './serve-flags.ts'
import { createServer, linkAddress, openDoor, type TakeSocket } from './server.ts'
import type { Terminal } from './terminal.ts'

const USUAL_PORT = 7830
/** The first pages come before the core, which takes the thread for a moment while it loads. */
const LOAD_AFTER_MS = 15

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
  const doorkeeper = createDoorkeeper({ port, monotonicMs: () => performance.now() })
  const link = linkAddress(port, doorkeeper.issueLink())
  announce(port, link, flags, terminal)

  // Still the same turn: no request can have come in yet.
  const stopped = untilStopped()
  const startedAt = new Date().toISOString()
  const taker = Promise.withResolvers<TakeSocket | null>()
  openDoor(server, {
    port,
    doorkeeper,
    files: listStaticFiles(layout.rendererDir),
    about: { name: 'keelson', version: readVersion(layout.root), pid: process.pid, startedAt },
    takeSocket: (request, socket, head) => void taker.promise.then(take => (take ? take(request, socket, head) : socket.destroy())),
  })
  await new Promise(resolve => setTimeout(resolve, LOAD_AFTER_MS))
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
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', onError)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : null)
    })
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
