import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createFrameReader } from '../../../electron/core/sandbox/ibkr/tws/frame.ts'
import { startSandbox } from '../../../electron/core/sandbox/sandbox.ts'
import { STAND_IDS, type StandId } from '../../../electron/core/sandbox/stands.ts'
import { createClock } from '../../../electron/node/clock.ts'

/**
 * Every simulated broker in a process of its own, which notes when each request reached it. It says its addresses when ready, answers
 * `reset` by forgetting what came before and `arrivals` with the times since, and stops with its parent.
 */
const clock = createClock()
/** By local port; on the TWS port each client counts by itself. */
let arrivals = new Map<string, number[]>()
const note = (key: string): void => void arrivals.set(key, [...(arrivals.get(key) ?? []), clock.monotonicMs()])

const sandbox = await startSandbox({ seed: 20_231_101, now: () => clock.now() })
const stands = new Map(STAND_IDS.map(stand => [Number(sandbox.urls[stand].split(':').at(-1)), stand] as const))

subscribe('http.server.request.start', message => {
  const { request } = message as { request: IncomingMessage }
  note(stands.get(request.socket.localPort ?? 0) ?? 'nobody')
})
// Published once the simulator listens to the socket, so another listener takes nothing away from it.
subscribe('net.server.socket', message => {
  const { socket } = message as { socket: Socket }
  if (stands.get(socket.localPort ?? 0) !== 'ibkr-tws') return
  const client = `ibkr-tws ${socket.remotePort}`
  const messages = createFrameReader(
    () => undefined,
    () => note(client),
  )
  socket.on('data', (bytes: Buffer) => void messages.push(bytes))
})

/** What arrived at one stand, or from one client of it. */
export interface Arrivals {
  readonly stand: StandId
  /** Milliseconds on the simulators' own clock, ascending. */
  readonly times: readonly number[]
}

process.on('message', message => {
  if (message === 'reset') arrivals = new Map()
  else process.send?.([...arrivals].map(([key, times]) => ({ stand: key.split(' ')[0], times })))
})
process.on('disconnect', () => process.exit(0))
process.send?.(sandbox.urls)
