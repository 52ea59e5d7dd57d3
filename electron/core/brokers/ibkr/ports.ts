import { connect } from 'node:net'
import type { Environment } from '../../../../shared/domain/broker.ts'
import type { Suggestion } from '../adapter.ts'

interface Options {
  readonly signal: AbortSignal
  readonly environment: Environment
}

/** Usual ports: TWS, then IB Gateway. They can be set freely, so they say nothing of the account. */
const PORTS = { live: [7496, 4001], paper: [7497, 4002] } as const
const NAMES = new Map<number, string>([
  [7496, 'TWS'],
  [7497, 'TWS, paper trading'],
  [4001, 'IB Gateway'],
  [4002, 'IB Gateway, paper trading'],
])
const HOST = '127.0.0.1'
const GATEWAY_PORT = 5000
const ANSWER_MS = 700

/** The ports of this computer where TWS or IB Gateway may listen, those usual for the environment first. */
export async function suggestTws({ signal, environment }: Options): Promise<readonly Suggestion[]> {
  if (environment === 'sandbox') return []
  const order = environment === 'live' ? [...PORTS.live, ...PORTS.paper] : [...PORTS.paper, ...PORTS.live]
  const open = await Promise.all(order.map(port => isOpen(port, signal)))
  return order
    .filter((_, at) => open[at])
    .map(port => ({ label: `${NAMES.get(port)} (port ${port})`, values: { host: HOST, port: String(port) } }))
}

export async function suggestGateway({ signal, environment }: Options): Promise<readonly Suggestion[]> {
  if (environment === 'sandbox' || !(await isOpen(GATEWAY_PORT, signal))) return []
  return [{ label: `Client Portal Gateway (port ${GATEWAY_PORT})`, values: { address: `https://localhost:${GATEWAY_PORT}` } }]
}

/** Whether something accepts connections there. Nothing is said to it. */
export function isOpen(port: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: HOST, port, signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) })
  const end = (open: boolean): void => {
    socket.destroy()
    resolve(open)
  }
  socket.once('connect', () => end(true)).on('error', () => end(false))
  return promise
}
