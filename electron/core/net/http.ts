import type { Dispatcher } from 'undici'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Random } from '../ports.ts'
import { loggedPath, permittedUrl } from './address.ts'
import { createAgent } from './agent.ts'
import type { Breakers, PassageEnd } from './breaker.ts'
import type { ClockSkew } from './clock-skew.ts'
import { readBody } from './body.ts'
import { watched } from './departure.ts'
import { markCutOff, markNeverLeft, networkError, neverLeft } from './failure.ts'
import { lastLook } from './last-look.ts'
import { LONGEST_WAIT_MS, type Limiter, rateLimited } from './limiter.ts'
import { askedWaitMs, backoffMs, isPassing, TRIES } from './retry.ts'
import { pause } from './wait.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly signal: AbortSignal
  /** For one try, from departure to the last byte; 30 s when left out. */
  readonly timeoutMs?: number | undefined
  /** 32 MiB when left out. */
  readonly maxBytes?: number | undefined
  /** False keeps even a GET to a single try. True changes nothing: only GET and HEAD are ever repeated. */
  readonly idempotent?: boolean | undefined
  /** A POST that only asks: repeated and queued like a GET. */
  readonly onlyAsks?: boolean | undefined
  /** More headers, made anew for each try: a signature holds a time and a number used once. */
  readonly sign?: (() => Readonly<Record<string, string>>) | undefined
  /** Moves money: sent now or not at all, so it is neither kept waiting unseen nor refused for what other calls met. */
  readonly order?: boolean | undefined
  /** Called when the first byte is about to leave; a failure before it means that nothing arrived anywhere. */
  readonly onDeparture?: (() => void) | undefined
  /** Stops the call as long as nothing of it has left, and never afterwards. */
  readonly untilDeparture?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  /** Names in lower case; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly receivedAt: Instant
  /** From departure to the last byte, of the last try. */
  readonly ms: number
}

/**
 * Calls to one broker's addresses. Answers of any status but 429 (and what `slowsDown` takes for it) come back as they are (redirects too: none is followed).
 * Throws net/blocked, net/offline, net/cut-off, net/timeout, net/too-large, broker/rate-limited (with retryAfterMs) and app/canceled.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>
}

/** How one try went, for statistics: nothing of it says what was asked. */
export interface CallFacts {
  readonly host: string
  /** Null when no answer came. */
  readonly status: number | null
  /** From departure to the last byte, or to the failure. */
  readonly ms: number
  /** Of the answer's text, unpacked. */
  readonly bytes: number
  /** The broker asked to slow down. */
  readonly limited: boolean
  /** No answer came, or the broker had a problem of its own (5xx). */
  readonly failed: boolean
}

export interface HttpOptions {
  /** Name for sentences and the log. */
  readonly broker: string
  /** Origins that may be called. */
  readonly allow: readonly string[]
  readonly limiter: Limiter
  readonly clock: Clock
  readonly random: Pick<Random, 'fraction'>
  readonly log: Log
  /** The pool to use; one of its own otherwise. */
  readonly dispatcher?: Dispatcher | undefined
  /** Refusals that mean "slow down" without saying 429, as some brokers do. */
  readonly slowsDown?: ((answer: { readonly status: number; readonly body: string }) => boolean) | undefined
  /** Told of every try that was answered or failed, not of one that was given up. It must not throw. */
  readonly onCall?: ((call: CallFacts) => void) | undefined
  /** Leaves a host alone that fails again and again; shared by all clients. Nothing is held back without it. */
  readonly breakers?: Breakers | undefined
  /** False for a 5xx that is an answer about the request, not a problem of the host. */
  readonly isDown?: ((answer: { readonly status: number; readonly body: string }) => boolean) | undefined
  /** Learns from the `Date` of every answer. */
  readonly skew?: Pick<ClockSkew, 'note'> | undefined
  /** Opens the pool of its own on the first call, where that is not the usual one (a pinned certificate). */
  readonly openPool?: (() => Promise<Dispatcher>) | undefined
}

interface Attempt extends HttpRequest {
  readonly to: URL
  readonly number: number
}

const TIMEOUT_MS = 30_000
const MAX_BYTES = 33_554_432
const LINE_TROUBLE: ReadonlySet<ErrorCode> = new Set(['net/offline', 'net/cut-off', 'net/timeout'])
/** An order waits this long for its turn at most; its price does not stand still. */
const ORDER_WAIT_MS = 5_000
const CORRELATION_HEADERS = ['x-request-id', 'schwab-client-correlid'] as const

/** A client for one broker. `close` ends its own pool; a pool that was passed in stays open. */
export function createHttp(options: HttpOptions): HttpClient & { close(): Promise<void> } {
  const { broker, limiter, clock, random, log, breakers } = options
  const allow = new Set(options.allow)
  let own: Promise<Dispatcher> | undefined

  async function request(asked: HttpRequest): Promise<HttpAnswer> {
    const { untilDeparture } = asked
    if (!untilDeparture) return go(asked)
    const stopper = new AbortController()
    const stop = (): void => stopper.abort(untilDeparture.reason)
    const stay = (): void => untilDeparture.removeEventListener('abort', stop)
    if (untilDeparture.aborted) stop()
    untilDeparture.addEventListener('abort', stop, { once: true })
    const onDeparture = (): void => {
      stay()
      asked.onDeparture?.()
    }
    return go({ ...asked, onDeparture, signal: AbortSignal.any([asked.signal, stopper.signal]) }).finally(stay)
  }

  async function go(asked: HttpRequest): Promise<HttpAnswer> {
    const to = permittedUrl(asked.url, allow)
    const { signal } = asked
    const passage = asked.order === true ? breakers?.pass(to.host) : await breakers?.enter(to.host, { broker, signal })
    try {
      const answer = await tries(asked, to)
      passage?.end(isDown(answer) ? { kind: 'down', status: answer.status } : { kind: 'well' })
      return answer
    } catch (error) {
      passage?.end(endOf(error))
      throw error
    }
  }

  async function tries(asked: HttpRequest, to: URL): Promise<HttpAnswer> {
    const reads = asked.method === 'GET' || asked.method === 'HEAD' || asked.onlyAsks === true
    const repeatable = reads && asked.idempotent !== false
    for (let number = 1; ; number += 1) {
      const more = repeatable && number < TRIES
      await limiter.take({ signal: asked.signal, broker, urgent: !reads, ...(asked.order === true ? { mostMs: ORDER_WAIT_MS } : {}) })
      const outcome = await send({ ...asked, to, number }).catch((error: unknown) => failed(error, more))
      if (outcome instanceof AppError) await pause(clock, backoffMs(number, random.fraction()), asked.signal, to.host)
      else if (isTooFast(outcome)) slowDown(outcome, number, more)
      else if (!more || !isPassing(outcome.status)) return outcome
      else {
        const wait = askedWaitMs(outcome.headers, Instant.toEpochMs(outcome.receivedAt)) ?? backoffMs(number, random.fraction())
        if (wait > LONGEST_WAIT_MS) return outcome
        await pause(clock, wait, asked.signal, to.host)
      }
    }
  }

  function failed(error: unknown, more: boolean): AppError {
    if (more && error instanceof AppError && LINE_TROUBLE.has(error.code)) return error
    throw error
  }

  function isDown({ status, body }: HttpAnswer): boolean {
    return status >= 500 && options.isDown?.({ status, body }) !== false
  }

  function isTooFast({ status, body }: HttpAnswer): boolean {
    return status === 429 || (status >= 400 && status < 500 && options.slowsDown?.({ status, body }) === true)
  }

  /** Pauses everybody; throws when this call may not try again or would wait too long. */
  function slowDown(answer: HttpAnswer, number: number, more: boolean): void {
    const told = askedWaitMs(answer.headers, Instant.toEpochMs(answer.receivedAt)) ?? limiter.pauseMs
    const wait = told ?? backoffMs(number, random.fraction())
    limiter.pause(wait)
    if (!more || wait > LONGEST_WAIT_MS) throw rateLimited(broker, wait)
  }

  async function send(attempt: Attempt): Promise<HttpAnswer> {
    const started = clock.monotonicMs()
    let departed = false
    const onDeparture = (): void => {
      departed = true
      attempt.onDeparture?.()
    }
    const stopper = new AbortController()
    const onAbort = (): void => stopper.abort(attempt.signal.reason)
    const stopTimer = clock.after(attempt.timeoutMs ?? TIMEOUT_MS, () => {
      stopper.abort(new AppError('net/timeout', { details: { host: attempt.to.host } }))
    })
    attempt.signal.addEventListener('abort', onAbort, { once: true })
    try {
      const answer = await exchange({ ...attempt, onDeparture }, stopper.signal, started)
      note(attempt, answer)
      return answer
    } catch (error) {
      const failure = networkError(error, stopper.signal, attempt.to.host)
      const ms = Math.max(0, clock.monotonicMs() - started)
      if (failure.code !== 'app/canceled')
        options.onCall?.({ host: attempt.to.hostname, status: null, ms, bytes: 0, limited: false, failed: true })
      log.warn('http.failed', { ...about(attempt), failure: failure.code, cause: failure.cause, ms: Math.round(ms) })
      throw departed || attempt.signal.aborted ? failure : markNeverLeft(failure)
    } finally {
      stopTimer()
      attempt.signal.removeEventListener('abort', onAbort)
    }
  }

  async function exchange(attempt: Attempt, signal: AbortSignal, started: number): Promise<HttpAnswer> {
    const { to, method, body, sign, onDeparture, untilDeparture } = attempt
    const pool = options.dispatcher ?? (await ownPool())
    const response = await watched(pool, onDeparture, untilDeparture && (() => lastLook(untilDeparture))).request({
      origin: to.origin,
      path: `${to.pathname}${to.search}`,
      method,
      signal,
      body: body ?? null,
      headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'Keelson/1', ...attempt.headers, ...sign?.() },
    })
    const headers = plainHeaders(response.headers)
    const text = await readBody(response.body, { headers, maxBytes: attempt.maxBytes ?? MAX_BYTES, host: to.host }).catch(
      (error: unknown) => {
        throw markCutOff(error)
      },
    )
    return { status: response.statusCode, headers, body: text, receivedAt: clock.now(), ms: Math.max(0, clock.monotonicMs() - started) }
  }

  /** A pool that could not be opened is tried anew by the next call. */
  function ownPool(): Promise<Dispatcher> {
    if (own) return own
    const opening = (options.openPool ?? createAgent)()
    own = opening
    opening.catch(() => {
      if (own === opening) own = undefined
    })
    return opening
  }

  function about({ method, to, number }: Attempt): Record<string, string | number> {
    return { broker, method, host: to.host, path: loggedPath(to), attempt: number }
  }

  function note(attempt: Attempt, answer: HttpAnswer): void {
    const { status, ms, body } = answer
    const limited = isTooFast(answer)
    const receivedMs = clock.monotonicMs()
    if (!('age' in answer.headers)) options.skew?.note(attempt.to.hostname, answer.headers['date'], { sentMs: receivedMs - ms, receivedMs })
    const wait = status >= 500 ? askedWaitMs(answer.headers, Instant.toEpochMs(answer.receivedAt)) : undefined
    if (wait !== undefined) breakers?.asked(attempt.to.host, wait, status)
    options.onCall?.({ host: attempt.to.hostname, status, ms, bytes: Buffer.byteLength(body), limited, failed: status >= 500 })
    const fields: Record<string, string | number> = {
      ...about(attempt),
      status: answer.status,
      ms: Math.round(answer.ms),
      size: answer.body.length,
    }
    for (const name of CORRELATION_HEADERS) {
      const id = answer.headers[name]
      if (id !== undefined) fields[name] = id.replace(/[^\w.:-]/g, '').slice(0, 64)
    }
    if (answer.status >= 400) log.warn('http.answer', fields)
    else log.debug('http.answer', fields)
  }

  return {
    request,
    async close() {
      const agent = await own?.catch(() => undefined)
      own = undefined
      await agent?.close()
    },
  }
}

/** What a failure says about the host: an answer is one, a line that broke is not, and what never left says nothing. */
function endOf(error: unknown): PassageEnd {
  if (!(error instanceof AppError) || neverLeft(error)) return { kind: 'nothing' }
  if (LINE_TROUBLE.has(error.code)) return { kind: 'down', status: null }
  return { kind: error.code === 'broker/rate-limited' || error.code === 'net/too-large' ? 'well' : 'nothing' }
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) plain[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ')
  return plain
}
