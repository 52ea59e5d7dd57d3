import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import { BROKER_IDS } from '../../../shared/domain/broker.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { createAlpaca } from './alpaca/simulator.ts'
import { SANDBOX_ALPACA_KEY, SANDBOX_CLIENTS } from './client-keys.ts'
import { controlDoor } from './control.ts'
import type { RecordedRequest, SandboxControl } from './control.ts'
import { jsonReply, readAsk, sendReply } from './exchange.ts'
import type { Ask, Reply } from './exchange.ts'
import { createFaultBox } from './faults.ts'
import type { FaultBox, FaultScript } from './faults.ts'
import { DEFAULT_ACTIVITIES } from './history.ts'
import { createSchwab } from './schwab/simulator.ts'
import type { Simulator } from './simulator.ts'
import { spoil } from './spoil.ts'

export interface SandboxOptions {
  readonly seed: number
  readonly now: () => Instant
  /** Which brokers to serve; all by default. */
  readonly brokers?: readonly BrokerId[]
  readonly host?: '127.0.0.1'
  /** Port of the first broker; the next ones follow. Free ports without it. */
  readonly port?: number
  readonly faults?: FaultScript
  /** How much history to serve; about 1,500 rows a broker without it, any number up to a million. */
  readonly size?: { readonly activities?: number }
  /** Life of access tokens, instead of the brokers' own (Alpaca: no end, Schwab: 30 minutes). */
  readonly tokenLifeMs?: number
}

export interface Sandbox {
  /** Origins such as `http://127.0.0.1:40123`; a broker that is not served has none and asking for its control throws. */
  readonly urls: Readonly<Record<BrokerId, string>>
  control(broker: BrokerId): SandboxControl
  close(): Promise<void>
}

interface Stand {
  readonly server: Server
  readonly url: string
  readonly control: SandboxControl
}

const KEPT_REQUESTS = 10_000

/** Starts the simulated brokers, each on its own loopback port. The same seed serves the same history. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const stands = new Map<BrokerId, Stand>()
  const ending = new AbortController()
  const close = async (): Promise<void> => {
    ending.abort()
    await Promise.all([...stands.values()].map(({ server }) => stop(server)))
  }
  try {
    for (const [index, broker] of (options.brokers ?? BROKER_IDS).entries()) {
      stands.set(broker, await openStand(broker, options, options.port ? options.port + index : 0, ending.signal))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    urls: { alpaca: stands.get('alpaca')?.url ?? '', schwab: stands.get('schwab')?.url ?? '' },
    control(broker) {
      const stand = stands.get(broker)
      if (!stand) throw new RangeError(`no simulator for ${broker}`)
      return stand.control
    },
    close,
  }
}

async function openStand(broker: BrokerId, options: SandboxOptions, port: number, signal: AbortSignal): Promise<Stand> {
  const box = createFaultBox()
  const simulator = (broker === 'alpaca' ? createAlpaca : createSchwab)({
    seed: options.seed,
    now: options.now,
    activities: options.size?.activities ?? DEFAULT_ACTIVITIES,
    rotation: options.faults?.rotation ?? 'rotate',
    tokenLifeMs: options.tokenLifeMs,
    refreshFault: () => box.take('/oauth/token', ['refresh-failing', 'refresh-invalid']),
  })
  const requests: RecordedRequest[] = []
  const control = createControl(broker, simulator, box, requests)
  const first = options.faults?.[broker]
  if (first) control.fault(first)

  const answer = async (ask: Ask): Promise<Reply> => {
    const reply = simulator.isAuth(ask.path)
      ? simulator.handle(ask)
      : await spoil(ask, simulator, box, ms => wait(ms, undefined, { signal }))
    if (requests.length >= KEPT_REQUESTS) requests.splice(0, KEPT_REQUESTS / 2)
    requests.push({ method: ask.method, path: ask.path, status: reply.drop === true ? 0 : reply.status })
    return { ...reply, headers: { ...simulator.headers(), ...reply.headers } }
  }
  const server = createServer((request, response) => {
    serve(request, response, ask => controlDoor(ask, control) ?? answer(ask)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, options.host ?? '127.0.0.1', () => resolve())
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the simulator has no port')
  return { server, url: `http://127.0.0.1:${address.port}`, control }
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

function createControl(broker: BrokerId, simulator: Simulator, box: FaultBox, requests: RecordedRequest[]): SandboxControl {
  const control: SandboxControl = {
    ...SANDBOX_CLIENTS[broker],
    apiKey: broker === 'alpaca' ? SANDBOX_ALPACA_KEY : null,
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
  }
  return control
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
