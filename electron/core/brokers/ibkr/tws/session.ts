import { AppError, type ErrorCode } from '../../../../../shared/contract/errors.ts'
import type { IBApi } from '@stoqey/ib'
import type { Log } from '../../../log/log.ts'
import { abortError } from '../../../net/wait.ts'
import type { Clock, Random } from '../../../ports.ts'
import type { BrokerSession, Closable } from '../../adapter.ts'
import { noticeOf } from './codes.ts'
import { connectOnce, type Opened, type TwsSettings } from './connect.ts'
import { createFills, type Fills } from './fills.ts'
import { isMaintenance, retryDelayMs } from './hours.ts'
import type { TwsMessage } from './messages.ts'
import { createOrderBook, type OrderBook } from './order-book.ts'

/** A session that is ready, until `gone` fires with the reason. */
export interface TwsLink {
  readonly api: IBApi
  readonly accounts: readonly string[]
  /** Orders belong to the client that placed them. */
  readonly clientId: number
  /** Of times that TWS sends without one (IANA name). */
  readonly zone: string
  readonly gone: AbortSignal
  listen(listener: (message: TwsMessage) => void): () => void
  nextRequestId(): number
  nextOrderId(): number
  /** Runs one after the other what TWS answers without saying which request it belongs to. */
  alone<T>(run: () => Promise<T>): Promise<T>
}

/** One connection to TWS or IB Gateway that comes back by itself. Nothing is ever kept for later while it is down. */
export interface TwsSession extends Closable {
  readonly settings: TwsSettings
  /** Connects where needed: one try, or the one under way. Rejects with what stands in the way. */
  ready(options: { readonly signal: AbortSignal }): Promise<TwsLink>
  /** The link for what must not wait for one: throws at once while the session is down. */
  now(): TwsLink
  /** The same for an order, which may be the first call of all: only then does it connect. */
  forOrder(options: { readonly signal: AbortSignal }): Promise<TwsLink>
  /** Executions and their costs as told so far, asked for or not. */
  readonly fills: Fills
  readonly orders: OrderBook
  /** Prices may be old: a data farm is out of reach. */
  stale(): boolean
  /** Has TWS say what time it is, for whoever wants to know; the answer comes before those to later requests. */
  askTime(): void
  /** The zone of TWS's own clock (IANA name), by which its day ends; null while there is no session. */
  zone(): string | null
}

export interface TwsDeps {
  readonly settings: TwsSettings
  /** The way in is not saved yet: that nothing listens there is then told even while TWS may be restarting. */
  readonly tried: boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly noteTime?: BrokerSession['noteTime']
}

/** What a line said before it was taken over: all of it may come in one piece. */
interface Early {
  cutOff: boolean
  end: AppError | undefined
}

interface LiveLink {
  readonly link: TwsLink
  readonly opened: Opened
  readonly end: (reason: AppError) => void
  /** TWS lost IBKR. */
  cutOff: boolean
}

/** Numbers of requests keep away from those of orders, which go on from session to session: an error names only a number. */
const REQUEST_IDS = 1_000_000_000
const CLIENT_IDS = 5
const BEAT_MS = 30_000
const ANSWER_MS = 10_000
/** Trying again would not change these: somebody has to. */
const NEEDS_USER: ReadonlySet<ErrorCode> = new Set(['auth/wrong-environment', 'local/client-id-taken', 'broker/no-accounts'])

/** Opens nothing yet: the first call does. */
export function createTwsSession({ settings, tried, clock, random, log, noteTime }: TwsDeps): TwsSession {
  const fills = createFills()
  const orders = createOrderBook(clock)
  let live: LiveLink | undefined
  let attempt: Promise<LiveLink> | undefined
  let failure: AppError | undefined
  let failures = 0
  const ending = new AbortController()
  let stale = false
  let known = !tried
  let early: Early = { cutOff: false, end: undefined }
  /** The next order id of each client. A line may break before TWS has counted an order that is still on its way. */
  const orderIds = new Map<number, number>()
  let stopRetry = (): void => undefined
  let stopBeat = (): void => undefined
  /** When the time was asked for that was not told yet. */
  let timeAskedMs: number | null = null

  /** Another program may hold the client id: the next four are tried too. */
  async function connect(): Promise<LiveLink> {
    for (let tried = 0; ; tried += 1) {
      early = { cutOff: false, end: undefined }
      try {
        const opened = await connectOnce({ settings, clientId: settings.clientId + tried, clock, signal: ending.signal, onMessage: heard })
        return begin(opened)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'local/client-id-taken' || tried + 1 >= CLIENT_IDS) throw error
      }
    }
  }

  function begin(opened: Opened): LiveLink {
    const end = ending.signal.aborted ? new AppError('app/canceled') : early.end
    if (end) {
      opened.line.close()
      throw end
    }
    const mine = liveLink(opened, orderIds, early.cutOff)
    live = mine
    known = true
    failure = undefined
    failures = 0
    stale = false
    log.info('tws.ready', { serverVersion: opened.serverVersion, clientId: opened.clientId, accounts: opened.accounts.length })
    beat(mine)
    timeAskedMs = null
    if (noteTime) askTime(mine)
    return mine
  }

  function askTime({ opened }: LiveLink): void {
    timeAskedMs ??= clock.monotonicMs()
    opened.line.api.reqCurrentTime()
  }

  /** TWS keeps its time by IBKR's servers, not by this computer. Source: TWS API reference, currentTime. */
  function heardTime(seconds: number): void {
    if (timeAskedMs === null) return
    noteTime?.(seconds * 1000, { sentMs: timeAskedMs, receivedMs: clock.monotonicMs() })
    timeAskedMs = null
  }

  /** Asks for the time now and then: a line whose other end died says nothing by itself. */
  function beat(mine: LiveLink): void {
    stopBeat = clock.after(BEAT_MS, () => {
      const stopListening = mine.link.listen(message => {
        if (message.kind !== 'time') return
        stopBeat()
        stopListening()
        beat(mine)
      })
      stopBeat = clock.after(ANSWER_MS, () => lost(mine, new AppError('net/timeout', { details: { host: 'TWS' }, cause: 'no heartbeat' })))
      askTime(mine)
    })
  }

  function heard(message: TwsMessage): void {
    fills.take(message)
    orders.take(message)
    const end = endOf(message)
    if (end && live) lost(live, end)
    else if (end) early.end = end
    else if (message.kind === 'time') heardTime(message.seconds)
    else if (message.kind === 'notice') noticed(message.code)
    else if (message.kind === 'failure' && message.id === -1) log.warn('tws.trouble', { code: message.code })
  }

  function noticed(code: number): void {
    const notice = noticeOf(code)
    if (notice === 'stale') stale = true
    if (notice === 'fresh') stale = false
    const line = live ?? early
    if (notice === 'cut-off') line.cutOff = true
    if (notice !== 'restored') return
    line.cutOff = false
    // Fills of the meantime are not told by themselves.
    live?.opened.line.api.reqExecutions(live.link.nextRequestId(), {})
  }

  function lost(which: LiveLink, reason: AppError): void {
    if (live !== which) return
    live = undefined
    stopBeat()
    which.opened.line.close()
    which.end(reason)
    failed(reason)
  }

  /** At night TWS restarts: that is not worth a warning. */
  function failed(reason: AppError): void {
    if (ending.signal.aborted) return
    const expected = known && isMaintenance(clock.now())
    failure = expected && reason.code !== 'auth/wrong-environment' ? unavailable('its nightly maintenance') : reason
    failures += 1
    log[expected ? 'info' : 'warn']('tws.lost', { code: reason.code, expected })
    // While TWS restarts, its client ids and accounts may not be what they will be.
    if (NEEDS_USER.has(reason.code) && !(expected && reason.code !== 'auth/wrong-environment')) return
    stopRetry()
    stopRetry = clock.after(retryDelayMs(failures, random.fraction()), () => void start().catch(() => undefined))
  }

  function start(): Promise<LiveLink> {
    if (attempt) return attempt
    stopRetry()
    const trying = connect().catch((error: unknown): never => {
      const reason = error instanceof AppError ? error : new AppError('app/internal', { cause: error })
      failed(reason)
      throw failure ?? reason
    })
    attempt = trying.finally(() => (attempt = undefined))
    return attempt
  }

  function usable(which: LiveLink): TwsLink {
    if (which.cutOff) throw unavailable('TWS has lost its line to IBKR')
    return which.link
  }

  async function ready({ signal }: { readonly signal: AbortSignal }): Promise<TwsLink> {
    if (ending.signal.aborted) throw new AppError('app/canceled')
    if (signal.aborted) throw abortError(signal, 'TWS')
    return usable(live ?? (await unlessAborted(start(), signal)))
  }

  function now(): TwsLink {
    if (live) return usable(live)
    throw failure ?? unavailable('not connected')
  }

  return {
    settings,
    fills,
    orders,
    stale: () => stale,
    zone: () => live?.link.zone ?? null,
    askTime() {
      if (noteTime && live) askTime(live)
    },
    ready,
    now,
    forOrder: async options => (live || failure ? now() : ready(options)),
    close() {
      stopRetry()
      ending.abort()
      if (live) lost(live, new AppError('app/canceled'))
      return Promise.resolve()
    },
  }
}

function liveLink(opened: Opened, orderIds: Map<number, number>, cutOff: boolean): LiveLink {
  const { line, hub, accounts, clientId } = opened
  const ending = new AbortController()
  let requestId = opened.orderId < REQUEST_IDS / 2 ? REQUEST_IDS : 0
  let turn: Promise<unknown> = Promise.resolve()
  const reaches = (orderId: number): void => void orderIds.set(clientId, Math.max(orderIds.get(clientId) ?? 0, orderId))
  reaches(opened.orderId)
  hub.listen(message => {
    if (message.kind === 'next-order-id') reaches(message.orderId)
  })
  return {
    opened,
    cutOff,
    end: reason => ending.abort(reason),
    link: {
      api: line.api,
      accounts,
      clientId,
      zone: opened.zone,
      gone: ending.signal,
      listen: listener => hub.listen(listener),
      nextRequestId: () => (requestId += 1),
      nextOrderId() {
        const orderId = orderIds.get(clientId) ?? opened.orderId
        orderIds.set(clientId, orderId + 1)
        return orderId
      },
      alone<T>(run: () => Promise<T>): Promise<T> {
        const mine = turn.then(run, run)
        turn = mine.catch(() => undefined)
        return mine
      },
    },
  }
}

/** Why a line is over, where a message says that it is. */
function endOf(message: TwsMessage): AppError | undefined {
  if (message.kind === 'closed') return unavailable('the line was closed')
  return message.kind === 'broken' ? new AppError('broker/unreadable', { details: { broker: 'TWS' }, cause: message.cause }) : undefined
}

/** The account, where this sign-in has it: TWS may take another one's name for its only account. Throws broker/account-gone. */
export function ownAccount(link: TwsLink, account: string): string {
  if (link.accounts.includes(account)) return account
  throw new AppError('broker/account-gone', { details: { broker: 'Interactive Brokers' } })
}

function unavailable(status: string): AppError {
  return new AppError('broker/unavailable', { details: { broker: 'Interactive Brokers', status } })
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(abortError(signal, 'TWS'))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
