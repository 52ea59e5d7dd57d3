import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { BrokerAnswer, BrokerHttp, BrokerRows, GetOptions, RowsOptions, SendOptions } from '../brokers/adapter.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import { isHtmlDocument, isPage, isSuccess, isUnauthorized, issuesOf, type Reading, refusalOf } from './answer.ts'
import { addressOf, bodyOf, withContentType } from './call.ts'
import type { Authorization, Credentials } from './credentials.ts'
import type { HttpAnswer, HttpClient } from './http.ts'
import { parseJson } from './json.ts'
import { createOrderCall } from './order-call.ts'
import { type NestedRows, parseRows, parseTopRows } from './rows.ts'

export interface BrokerHttpOptions {
  readonly http: HttpClient
  /** Base addresses by name, from the environment's profile. */
  readonly bases: Readonly<Record<string, string>>
  readonly credentials: Credentials
  readonly classify: Reading['classify']
  /** The broker's own sentence in a refusal, as in Broker.words. */
  readonly words?: Reading['words']
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** Name for sentences. */
  readonly brokerName: string
}

/** One call that reads: a GET, or a POST that only asks. */
interface Asked extends Omit<GetOptions<z.ZodType>, 'schema'> {
  readonly method?: SendOptions<z.ZodType>['method']
  readonly body?: unknown
}

interface Read<T> {
  readonly answer: HttpAnswer
  readonly value: T
}

const DAY_MS = 86_400_000
const ROWS_A_TURN = 250

/** Authorized calls of one connection: JSON in, typed data out, refusals as AppError. */
export function createBrokerHttp(options: BrokerHttpOptions): BrokerHttp {
  const { http, credentials, clock, log, brokerName } = options
  const reading: Reading = { classify: options.classify, words: options.words, brokerName }

  async function fetchAnswer(asked: Asked, isNoAnswer: (answer: HttpAnswer) => boolean): Promise<HttpAnswer> {
    const { method = 'GET', signal } = asked
    const url = addressOf(options.bases, asked)
    const body = bodyOf(asked.body)
    const call = ({ headers, sign }: Authorization): Promise<HttpAnswer> =>
      http.request({
        method,
        url,
        body,
        signal,
        headers: { ...withContentType(asked.headers, body), ...headers },
        onlyAsks: true,
        sign: sign && (() => sign({ method, url })),
      })
    const authorization = await credentials.authorize({ signal })
    let answer = await call(authorization)
    // Where nothing can be renewed, the call itself is repeated: one refusal may be a slip, two are an answer.
    if (isUnauthorized(answer) && authorization.renewable === false) answer = await call(authorization)
    if (isUnauthorized(answer)) {
      const renewed = await credentials.renew({ after: authorization, answer, signal })
      if (renewed) answer = await call(renewed)
    }
    if (!isSuccess(answer) || isNoAnswer(answer)) throw refusalOf(answer, reading)
    return answer
  }

  /** A body that is no JSON was cut off on its way more often than not, so it is asked for once more. */
  async function fetchJson<T>(asked: Asked, parse: (text: string) => T): Promise<Read<T>> {
    const first = readAs(await fetchAnswer(asked, isPage), parse)
    if (first) return first
    const second = readAs(await fetchAnswer(asked, isPage), parse)
    if (!second) throw unreadable('not JSON')
    return second
  }

  function unreadable(because: string): AppError {
    log.warn('broker.unreadable', { broker: brokerName, because })
    return new AppError('broker/unreadable', { details: { broker: brokerName }, cause: because })
  }

  /** The time on the answer's own clock, unless it is missing or more than a day from ours. */
  function asOf(answer: HttpAnswer): Instant {
    const stated = Date.parse(answer.headers['date'] ?? '')
    const ours = Instant.toEpochMs(answer.receivedAt)
    return Math.abs(stated - ours) < DAY_MS ? Instant.fromEpochMs(stated) : clock.now()
  }

  function fitted<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
    const result = schema.safeParse(value)
    if (!result.success) throw unreadable(issuesOf(result.error))
    return result.data
  }

  async function get<S extends z.ZodType>(asked: GetOptions<S> & Asked): Promise<BrokerAnswer<z.output<S>>> {
    const { answer, value } = await fetchJson(asked, parseJson)
    return { data: fitted(asked.schema, value), asOf: asOf(answer) }
  }

  /** Reads rows one by one; `odd` decides what becomes of a row the schema does not fit. */
  function readRows<S extends z.ZodType, E extends z.ZodType, Odd>(
    asked: RowsOptions<S, E>,
    odd: (because: string) => Odd,
  ): Promise<BrokerRows<z.output<S> | Odd, z.output<E>>>
  async function readRows(asked: RowsOptions<z.ZodType>, odd: (because: string) => unknown): Promise<BrokerRows<unknown>> {
    const { at, envelope, schema } = asked
    const parse = (text: string): NestedRows | undefined => (at ? parseRows(text, at) : parseTopRows(text))
    const { answer, value } = await fetchJson(asked, parse)
    if (!value) throw unreadable(at ? `no rows at ${at.join('.')}` : 'not an array')
    const rows: { data: unknown; raw: string }[] = []
    for (const [number, raw] of value.texts.entries()) {
      // A full Schwab answer takes some 60 ms to read: others get their turn in between.
      if (number > 0 && number % ROWS_A_TURN === 0) await turn()
      const result = schema.safeParse(value.values[number])
      rows.push({ data: result.success ? result.data : odd(`row ${number}: ${issuesOf(result.error)}`), raw })
    }
    return { rows, envelope: envelope && fitted(envelope, value.whole), asOf: asOf(answer) }
  }

  const send = createOrderCall({ http, bases: options.bases, credentials, reading, log, asOf })

  return {
    get,
    getRows: asked =>
      readRows(asked, because => {
        throw unreadable(because)
      }),
    getHistory: asked =>
      readRows(asked, because => {
        log.warn('broker.row-odd', { broker: brokerName, because })
        return null
      }),
    async getText(asked) {
      const answer = await fetchAnswer({ ...asked, headers: { accept: '*/*', ...asked.headers } }, ({ body }) => isHtmlDocument(body))
      return { data: answer.body, asOf: asOf(answer) }
    },
    send,
    ask: get,
  }
}

/** Undefined for text that is not JSON. */
function readAs<T>(answer: HttpAnswer, parse: (text: string) => T): Read<T> | undefined {
  try {
    return { answer, value: parse(answer.body) }
  } catch {
    return undefined
  }
}
