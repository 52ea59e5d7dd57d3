import type { Ask, Reply } from './exchange.ts'
import { jsonReply } from './exchange.ts'
import { FAULT_NAMES, ROTATIONS } from './faults.ts'
import type { Fault, Rotation } from './faults.ts'
import type { Knobs } from './knobs.ts'
import type { AccountStatement } from './own-statement.ts'

/** One request a simulator answered. A dropped connection has status 0. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly status: number
}

/** The strings behind one simulated broker. */
export interface SandboxControl {
  readonly clientId: string
  readonly clientSecret: string
  /** The key pair of brokers that take one. */
  readonly apiKey: { readonly keyId: string; readonly secret: string } | null
  /** Sets the fault, or clears it with null. */
  fault(fault: Fault | null): void
  rotation(mode: Rotation): void
  /** Every access token handed out so far stops working; refresh tokens stay. */
  expireAccessTokens(): void
  /** Every token handed out so far stops working. */
  revokeAll(): void
  /** Books one new fill at the present moment; answers its external id. */
  addFill(): string
  /** Changes the price of a fill under its old id (the newest when none is named); answers the id, or undefined when unknown. */
  correct(externalId?: string): string | undefined
  requests(): readonly RecordedRequest[]
  /** What this stand states of each account: cash, holdings, and what was realized, by its own book. */
  statements(): readonly AccountStatement[]
  /** Settings of this stand alone; `reject-orders` is one of every stand that takes orders. */
  readonly knobs: Knobs
  /** The self-signed certificate of a stand that speaks https. */
  readonly certificatePem?: string
}

const PREFIX = '/_sandbox/'

/**
 * The control door for other processes: `POST /_sandbox/{fault,rotation,expire,revoke,fill,correct,knob}` and
 * `GET /_sandbox/{requests,statements}`. It opens only to the header `x-keelson-sandbox: 1`, which no page in a browser can send along.
 * Undefined when the path is not the door's.
 */
export function controlDoor(ask: Ask, control: SandboxControl): Reply | undefined {
  if (!ask.path.startsWith(PREFIX)) return undefined
  if (ask.headers['x-keelson-sandbox'] !== '1') return jsonReply(404, { message: 'not found' })
  const verb = `${ask.method} ${ask.path.slice(PREFIX.length)}`
  switch (verb) {
    case 'GET requests':
      return jsonReply(200, control.requests())
    case 'GET statements':
      return jsonReply(200, control.statements())
    case 'POST fault':
      return setFault(ask.body, control)
    case 'POST rotation':
      return setRotation(ask.body, control)
    case 'POST knob':
      return setKnob(ask.body, control)
    case 'POST expire':
      control.expireAccessTokens()
      return jsonReply(200, { ok: true })
    case 'POST revoke':
      control.revokeAll()
      return jsonReply(200, { ok: true })
    case 'POST fill':
      return jsonReply(200, { ok: true, externalId: control.addFill() })
    case 'POST correct': {
      const externalId = control.correct(readObject(ask.body)['externalId']?.toString())
      return externalId === undefined ? jsonReply(404, { message: 'no such fill' }) : jsonReply(200, { ok: true, externalId })
    }
    default:
      return jsonReply(404, { message: 'not found' })
  }
}

function setFault(body: string, control: SandboxControl): Reply {
  const { name, ...rest } = readObject(body)
  if (name === undefined || name === 'none') {
    control.fault(null)
    return jsonReply(200, { ok: true })
  }
  const known = FAULT_NAMES.find(item => item === name)
  if (!known) return jsonReply(400, { message: `unknown fault; known are ${FAULT_NAMES.join(', ')}` })
  const numbers = Object.fromEntries(
    ['times', 'retryAfter', 'status', 'ms', 'account'].flatMap(key => (typeof rest[key] === 'number' ? [[key, rest[key]]] : [])),
  )
  const texts = Object.fromEntries(['path', 'method'].flatMap(key => (typeof rest[key] === 'string' ? [[key, rest[key]]] : [])))
  control.fault({ name: known, ...numbers, ...texts })
  return jsonReply(200, { ok: true })
}

function setRotation(body: string, control: SandboxControl): Reply {
  const mode = ROTATIONS.find(item => item === readObject(body)['mode'])
  if (!mode) return jsonReply(400, { message: `mode is one of ${ROTATIONS.join(', ')}` })
  control.rotation(mode)
  return jsonReply(200, { ok: true })
}

function setKnob(body: string, { knobs }: SandboxControl): Reply {
  const { name, value } = readObject(body)
  const known = knobs.names.find(item => item === name)
  if (known === undefined) return jsonReply(400, { message: `known knobs are ${knobs.names.join(', ')}` })
  knobs.set(known, value === undefined ? null : String(value))
  return jsonReply(200, { ok: true })
}

/** The plain fields of a JSON object; an empty one for anything else. */
function readObject(body: string): Readonly<Record<string, string | number>> {
  let value: unknown
  try {
    value = JSON.parse(body === '' ? '{}' : body)
  } catch {
    return {}
  }
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]: [string, unknown]): [string, string | number][] =>
      typeof item === 'string' || typeof item === 'number' ? [[key, item]] : [],
    ),
  )
}
