import type { Server } from 'node:http'
import { createDoorkeeper } from './doorkeeper.ts'
import type { HostCore } from './host-core.ts'
import { COMMAND_FILE, removeHostFile, writeHostFile } from './host-file.ts'
import { createServer, openDoor } from './server.ts'
import { createSocketDoor } from './socket.ts'
import { createClient } from './wire.ts'

/**
 * Lets other commands on a data folder use the core of a command that waits for long, as they use a running host's: only a program
 * that may read the private file in the folder gets in. Closing it lets what others asked for finish first. A machine that does not
 * let us listen gets the core as it is, and so does a command that opened the app lock: whoever comes by while it waits did not.
 */
export async function shareCore(core: HostCore, dataDir: string): Promise<HostCore> {
  const { on } = await createClient(core).request('lock.status', {}, new AbortController().signal)
  if (on) return core
  const server = createServer()
  const port = await listen(server)
  if (port === null) return core
  const guests = countGuests(core)
  const doorkeeper = createDoorkeeper({ port, monotonicMs: () => performance.now() })
  const sockets = createSocketDoor(guests.core)
  openDoor(server, { port, doorkeeper, files: () => undefined, about: () => ({}), givesLinks: false, takeSocket: sockets.takeSocket })
  writeHostFile(dataDir, { pid: process.pid, port, token: doorkeeper.bearer, startedAt: new Date().toISOString() }, COMMAND_FILE)
  return {
    ...core,
    async close() {
      removeHostFile(dataDir, doorkeeper.bearer, COMMAND_FILE)
      await guests.gone()
      sockets.close()
      server.close()
      server.closeAllConnections()
      await core.close()
    },
  }
}

/** The port listened on, any of 127.0.0.1; null when there is none to have. */
function listen(server: Server): Promise<number | null> {
  return new Promise(resolve => {
    server.once('error', () => resolve(null))
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : null)
    })
  })
}

/** The core with a count of what is being answered. */
function countGuests(core: HostCore): { readonly core: HostCore; gone(): Promise<void> } {
  const asked = new Set<Promise<unknown>>()
  return {
    core: {
      ...core,
      dispatch(request, options) {
        const answer = core.dispatch(request, options)
        const done = answer.finally(() => asked.delete(done))
        asked.add(done)
        return answer
      },
    },
    async gone() {
      await Promise.allSettled(asked)
    },
  }
}
