import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'
import { SANDBOX_ALPACA_KEY, SANDBOX_CLIENTS } from './client-keys.ts'
import { controlDoor } from './control.ts'
import type { RecordedRequest, SandboxControl } from './control.ts'
import { jsonReply, readAsk, sendReply } from './exchange.ts'
import type { Ask, Reply } from './exchange.ts'
import { createFaultBox } from './faults.ts'
import type { FaultBox } from './faults.ts'
import { createKnobs } from './knobs.ts'
import type { Knobs } from './knobs.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'
import { spoil } from './spoil.ts'
import type { OpenStand, Place, StandOptions } from './stand.ts'
import { brokerOf } from './stands.ts'
import type { StandId } from './stands.ts'

/** What stands behind an HTTP stand. */
export interface HttpStand {
  readonly stand: StandId
  readonly create: (options: SimulatorOptions) => Simulator
  readonly knobs?: readonly string[]
  /** A key and certificate in PEM make it https. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

const KEPT_REQUESTS = 10_000

/** Opens a simulator that speaks HTTP on a loopback port, behind its faults and its control door. */
export async function openHttpStand(
  { stand, create, knobs: names = [], tls }: HttpStand,
  options: StandOptions,
  place: Place,
): Promise<OpenStand> {
  const box = createFaultBox()
  const knobs = createKnobs(names)
  const { seed, now, activities, rotation, tokenLifeMs, signal, host } = options
  const refreshFault = () => box.take('/oauth/token', ['refresh-failing', 'refresh-invalid'])
  const simulator = create({ seed, now, activities, rotation, tokenLifeMs, knobs, refreshFault })
  const requests: RecordedRequest[] = []
  const control = { ...createControl(stand, simulator, box, requests, knobs), ...(tls ? { certificatePem: tls.cert } : {}) }
  if (place.fault) control.fault(place.fault)
  const answer = async (ask: Ask): Promise<Reply> => {
    const reply = simulator.isAuth(ask.path)
      ? simulator.handle(ask)
      : await spoil(ask, simulator, box, ms => wait(ms, undefined, { signal }))
    if (requests.length >= KEPT_REQUESTS) requests.splice(0, KEPT_REQUESTS / 2)
    requests.push({ method: ask.method, path: ask.path, status: reply.drop === true ? 0 : reply.status })
    return { ...reply, headers: { ...simulator.headers(), ...reply.headers } }
  }
  const listener: RequestListener = (request, response) => {
    serve(request, response, ask => controlDoor(ask, control) ?? answer(ask)).catch(() => response.destroy())
  }
  const server = tls ? createHttpsServer(tls, listener) : createServer(listener)
  const port = await listen(server, place.port, host)
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, control, close: () => stop(server) }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the simulator has no port')
  return address.port
}

async function serve(request: IncomingMessage, response: ServerResponse, answer: (ask: Ask) => Reply | Promise<Reply>): Promise<void> {
  // A name that resolves to this machine must not open it to pages of other sites.
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) {
    sendReply(response, jsonReply(421, { message: 'wrong host' }))
    return
  }
  const ask = await readAsk(request)
  sendReply(response, ask ? await answer(ask) : jsonReply(413, { message: 'too large' }))
}

function createControl(stand: StandId, simulator: Simulator, box: FaultBox, requests: RecordedRequest[], knobs: Knobs): SandboxControl {
  const control: SandboxControl = {
    ...SANDBOX_CLIENTS[brokerOf(stand)],
    apiKey: stand === 'alpaca' ? SANDBOX_ALPACA_KEY : null,
    fault(fault) {
      box.set(fault)
      if (fault?.name === 'expired') control.expireAccessTokens()
      if (fault?.name === 'revoked') control.revokeAll()
      if (fault?.name === 'corrected') control.correct()
    },
    rotation: mode => simulator.grants.setRotation(mode),
    expireAccessTokens: () => simulator.grants.expireAccess(),
    revokeAll: () => simulator.grants.revokeAll(),
    addFill: () => simulator.addFill(),
    correct: externalId => simulator.correct(externalId),
    requests: () => [...requests],
    statements: () => simulator.statements(),
    knobs,
  }
  return control
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
