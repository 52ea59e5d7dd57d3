import type { Server } from 'node:http'
import type { Layout } from '../node/layout.ts'
import { createBrowser } from '../node/open-browser.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts'
import { describeFailure } from './failure.ts'
import type { HostCore } from './host-core.ts'
import { type HostFile, removeHostFile, writeHostFile } from './host-file.ts'
import { openCore } from './open-core.ts'
import { createPatience } from './patience.ts'
import type { ServeFlags } from './serve-flags.ts'
import type { TakeSocket } from './server.ts'
import { createSocketDoor } from './socket.ts'
import type { Terminal } from './terminal.ts'
import { createClient } from './wire.ts'

export interface BackendOptions {
  readonly flags: ServeFlags
  readonly layout: Layout
  readonly terminal: Terminal
  readonly dataDir: string
  readonly host: HostFile
  readonly link: string
  readonly server: Server
  readonly stopped: Promise<void>
  /** Gives the admitted sockets that wait to whoever serves them; null turns them away. */
  readonly handOver: (take: TakeSocket | null) => void
}

/** How long a command that is at work on the folder may take to let go of it. */
const PATIENCE_MS = 10_000

/** Everything of `serve` behind the open door: the core and its sockets, until the host is told to stop. */
export async function runBackend(options: BackendOptions): Promise<ExitCode> {
  const { flags, layout, terminal, dataDir, server, handOver } = options
  let core: HostCore
  try {
    const { verbose, askPassphrase } = flags
    const waitWhenBusy = createPatience(PATIENCE_MS)
    core = await openCore({ dataDir, layout, terminal, verbose, askPassphrase, background: true, waitWhenBusy })
  } catch (cause) {
    handOver(null)
    closeServer(server)
    const failure = describeFailure(cause)
    if (flags.json) terminal.out(JSON.stringify({ event: 'failed', code: failure.code, message: failure.message }))
    terminal.err(`${failure.message} ${failure.action}`)
    return exitCodeOf(failure.code)
  }
  await runWith(core, options)
  return EXIT.ok
}

async function runWith(core: HostCore, { flags, terminal, dataDir, host, link, server, stopped, handOver }: BackendOptions): Promise<void> {
  const sockets = createSocketDoor(core)
  handOver(sockets.takeSocket)
  writeHostFile(dataDir, host)
  await showNotice(core, terminal)
  if (flags.open) await createBrowser().open(link)
  await stopped
  removeHostFile(dataDir, host.token)
  sockets.close()
  closeServer(server)
  await core.close()
}

async function showNotice(core: HostCore, terminal: Terminal): Promise<void> {
  const { vault } = await createClient(core).request('app.status', {}, new AbortController().signal)
  if (vault.notice !== null) terminal.err(vault.notice)
}

function closeServer(server: Server): void {
  server.close()
  server.closeAllConnections()
}
