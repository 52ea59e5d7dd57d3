import type { z } from 'zod'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { SendOptions, SentAnswer } from '../brokers/adapter.ts'
import type { Log } from '../log/log.ts'
import { isPage, isSuccess, isUnauthorized, issuesOf, knownCode, quoted, type Reading } from './answer.ts'
import { addressOf, bodyOf, withContentType } from './call.ts'
import type { Authorization, Credentials } from './credentials.ts'
import type { HttpAnswer, HttpClient } from './http.ts'
import { parseJson } from './json.ts'

export interface OrderCallDeps {
  readonly http: HttpClient
  readonly bases: Readonly<Record<string, string>>
  readonly credentials: Credentials
  readonly reading: Reading
  readonly log: Log
  readonly asOf: (answer: HttpAnswer) => Instant
}

/** One departure, whatever happens after it. */
interface Departure {
  readonly authorization: Authorization
  readonly signal: AbortSignal
}

const REQUEST_TIMEOUT = 408
const NEVER = new AbortController().signal
// What a refusal may be called instead of order/rejected: the way out is another one.
const OWN_WAY_OUT: ReadonlySet<ErrorCode> = new Set([
  'broker/rate-limited',
  'broker/scope-missing',
  'broker/account-gone',
  'auth/app-misconfigured',
  'auth/clock-off',
  'auth/token-expired',
])

/**
 * The call that moves money: sent once, whatever comes back. An answer is taken for what it is; no answer, or one nobody can read,
 * is order/unknown from the moment the first byte may have left. A 401 was refused before anything was done: the authorization is
 * renewed for the next call, and this one is not repeated.
 */
export function createOrderCall(deps: OrderCallDeps): <S extends z.ZodType>(asked: SendOptions<S>) => Promise<SentAnswer<z.output<S>>> {
  const { http, credentials, reading, log } = deps
  const about = { broker: reading.brokerName }

  function unknown(cause: unknown): AppError {
    log.warn('broker.order-unknown', { ...about, cause })
    return new AppError('order/unknown', { details: about, cause })
  }

  async function depart(asked: SendOptions<z.ZodType>, { headers, sign }: Authorization): Promise<HttpAnswer> {
    const { method, signal } = asked
    const url = addressOf(deps.bases, asked)
    const body = bodyOf(asked.body)
    let departed = false
    try {
      return await http.request({
        method,
        url,
        body,
        // What is on its way is not given up: its answer is worth more than the wait for it.
        signal: NEVER,
        untilDeparture: signal,
        headers: { ...withContentType(asked.headers, body), ...headers },
        order: true,
        sign: sign && (() => sign({ method, url })),
        onDeparture: () => {
          departed = true
        },
      })
    } catch (error) {
      // The broker answered: it took nothing, and says so.
      const refused = error instanceof AppError && error.code === 'broker/rate-limited'
      throw departed && !refused ? unknown(error) : error
    }
  }

  /** The error of an answer that took nothing, or of one that leaves it open. */
  async function refusal(answer: HttpAnswer, { authorization, signal }: Departure): Promise<AppError> {
    const { status } = answer
    const known = knownCode(answer, reading)
    const about = { details: { broker: reading.brokerName, status }, ...quoted(answer, reading) }
    if (known?.startsWith('order/')) return new AppError(known, about)
    if (status < 400 || status >= 500 || status === REQUEST_TIMEOUT) return unknown(`status ${status}`)
    // Where nothing can be renewed, one refusal may be a slip: the next read, which asks twice, finds out whether the session is over.
    const isKeptOut = isUnauthorized(answer) && (authorization.renewable === false || !(await isRenewed(answer, { authorization, signal })))
    if (isKeptOut) return new AppError('auth/sign-in-needed', about)
    return new AppError(known !== undefined && OWN_WAY_OUT.has(known) ? known : 'order/rejected', about)
  }

  /** False when the broker ended the session; a passing problem of the renewal is left to the next call. */
  async function isRenewed(answer: HttpAnswer, { authorization: after, signal }: Departure): Promise<boolean> {
    try {
      return (await credentials.renew({ after, answer, signal })) !== null
    } catch (error) {
      return !(error instanceof AppError && error.code === 'auth/sign-in-needed')
    }
  }

  return async function send<S extends z.ZodType>(asked: SendOptions<S>): Promise<SentAnswer<z.output<S>>> {
    const { signal } = asked
    const authorization = await credentials.authorize({ signal })
    const answer = await depart(asked, authorization)
    if (!isSuccess(answer) || isPage(answer)) throw await refusal(answer, { authorization, signal })
    const { status, headers } = answer
    if (answer.body.trim() === '') return { status, headers, data: null, asOf: deps.asOf(answer) }
    const result = asked.schema.safeParse(readJson(answer.body))
    if (!result.success) throw unknown(issuesOf(result.error))
    return { status, headers, data: result.data, asOf: deps.asOf(answer) }
  }
}

/** Undefined for text that is not JSON, which no schema of an answer fits. */
function readJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
