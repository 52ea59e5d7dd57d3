import { AppError } from '../../../../../shared/contract/errors.ts'
import { EXCHANGE_ZONE } from '../../../../../shared/domain/time.ts'
import { checkKind } from '../account-kind.ts'
import { sayings } from '../sayings.ts'
import type { Clock } from '../../../ports.ts'
import { noticeOf } from './codes.ts'
import { zoneOf } from './figures.ts'
import { createHub, type Hub } from './hub.ts'
import { type Line, openLine } from './line.ts'
import type { TwsMessage } from './messages.ts'

/** Where and as whom to connect. */
export interface TwsSettings {
  readonly host: string
  readonly port: number
  readonly clientId: number
  /** No orders are sent and none asked for: TWS answers such calls with a question on its screen while it is read-only. */
  readonly readOnly: boolean
  /** Whether the chosen environment is a practice account. */
  readonly paper: boolean
}

/** A line that said hello. */
export interface Opened {
  readonly line: Line
  readonly hub: Hub
  readonly accounts: readonly string[]
  readonly orderId: number
  readonly serverVersion: number
  /** Of TWS's own clock (IANA name): times it sends without a zone are in it. */
  readonly zone: string
  readonly clientId: number
}

export interface ConnectOptions {
  readonly settings: TwsSettings
  readonly clientId: number
  readonly clock: Clock
  /** Ends the try. */
  readonly signal: AbortSignal
  /** Learns of every message from the first on. */
  readonly onMessage: (message: TwsMessage) => void
}

const OPEN_MS = 5000
const HELLO_MS = 15_000

/**
 * Connects once. Nothing counts as connected before TWS names the next order id; a question on its screen keeps it silent until
 * then. Rejects with local/not-running, local/not-accepted, local/client-id-taken, auth/wrong-environment or broker/unreadable.
 */
export function connectOnce({ settings, clientId, clock, signal, onMessage }: ConnectOptions): Promise<Opened> {
  const { promise, resolve, reject } = Promise.withResolvers<Opened>()
  const hub = createHub()
  let accounts: readonly string[] = []
  let server = { version: 0, zone: EXCHANGE_ZONE }
  let open = false
  const details = {
    address: `${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${settings.port}`,
    program: 'TWS or IB Gateway',
  }
  const gone = (): AppError => new AppError(open ? 'local/not-accepted' : 'local/not-running', { details })
  const end = (error: AppError): void => {
    stopTimer()
    stopListening()
    signal.removeEventListener('abort', onAbort)
    line.close()
    reject(error)
  }
  const onAbort = (): void => end(new AppError('app/canceled'))
  let stopTimer = clock.after(OPEN_MS, () => end(gone()))

  const stopListening = hub.listen(message => {
    if (message.kind === 'open') {
      open = true
      stopTimer()
      stopTimer = clock.after(HELLO_MS, () => end(gone()))
    } else if (message.kind === 'server') server = { version: message.version, zone: zoneOf(message.time.split(' ').slice(2).join(' ')) }
    else if (message.kind === 'accounts') accounts = message.accounts
    else if (message.kind === 'next-order-id') {
      const wrong = wrongEnvironment(accounts, settings.paper)
      if (wrong) {
        end(wrong)
        return
      }
      stopTimer()
      stopListening()
      signal.removeEventListener('abort', onAbort)
      resolve({ line, hub, accounts, orderId: message.orderId, serverVersion: server.version, zone: server.zone, clientId })
    } else {
      const failure = failureOf(message, details, gone)
      if (failure) end(failure)
    }
  })
  hub.listen(onMessage)
  const line = openLine({ host: settings.host, port: settings.port, clientId, onMessage: message => hub.say(message) })
  signal.addEventListener('abort', onAbort, { once: true })
  return promise
}

function failureOf(message: TwsMessage, details: Readonly<Record<string, string>>, gone: () => AppError): AppError | undefined {
  if (message.kind === 'closed') return gone()
  if (message.kind === 'broken') return new AppError('broker/unreadable', { details: { broker: 'TWS' }, cause: message.cause })
  if (message.kind !== 'notice' && message.kind !== 'failure') return undefined
  const notice = noticeOf(message.code)
  if (notice === 'client-id-taken') return new AppError('local/client-id-taken', { details })
  if (notice === 'unsupported')
    return new AppError('broker/unreadable', {
      details: { broker: 'TWS' },
      brokerSays: sayings(message.text),
      cause: `TWS error ${message.code}`,
    })
  return undefined
}

function wrongEnvironment(accounts: readonly string[], paper: boolean): AppError | undefined {
  try {
    checkKind(accounts, paper)
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
