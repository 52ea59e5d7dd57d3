import { setImmediate as turn } from 'node:timers/promises'
import type { z } from 'zod'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { BrokerAnswer, BrokerHttp, BrokerRows, ClassifyFailure, GetOptions } from '../brokers/adapter.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import type { Authorization, Credentials } from './credentials.ts'
import type { HttpAnswer, HttpClient } from './http.ts'
import { parseArray, parseJson } from './json.ts'

export interface BrokerHttpOptions {
  readonly http: HttpClient
  /** Base addresses by name, from the environment's profile. */
  readonly bases: Readonly<Record<string, string>>
  readonly credentials: Credentials
  readonly classify: ClassifyFailure
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** Name for sentences. */
  readonly brokerName: string
}

interface Read<T> {
  readonly answer: HttpAnswer
  readonly value: T
}

const DAY_MS = 86_400_000
const SHOWN_ISSUES = 5
const ROWS_A_TURN = 250

/** Authorized, read-only calls of one connection: JSON in, typed data out, refusals as AppError. */
export function createBrokerHttp(options: BrokerHttpOptions): BrokerHttp {
  const { http, credentials, clock, log, brokerName } = options

  async function fetchText(asked: GetOptions<z.ZodType>): Promise<HttpAnswer> {
    const { signal } = asked
    const url = addressOf(options.bases, asked)
    const call = (by: Authorization): Promise<HttpAnswer> => http.request({ method: 'GET', url, headers: by.headers, signal })
    const authorization = await credentials.authorize({ signal })
    let answer = await call(authorization)
    // Where nothing can be renewed, the call itself is repeated: one refusal may be a slip, two are an answer.
    if (isRefused(answer) && authorization.renewable === false) answer = await call(authorization)
    if (!isRefused(answer)) return accepted(answer)
    const renewed = await credentials.renew({ after: authorization, signal })
    return accepted(renewed === null ? answer : await call(renewed))
  }

  function accepted(answer: HttpAnswer): HttpAnswer {
    if (answer.status >= 200 && answer.status < 300 && !isHtml(answer)) return answer
    throw new AppError(failureCode(answer, options.classify), { details: { broker: brokerName, status: answer.status } })
  }

  /** A body that is no JSON was cut off on its way more often than not, so it is asked for once more. */
  async function fetchJson<T>(asked: GetOptions<z.ZodType>, parse: (text: string) => T): Promise<Read<T>> {
    const first = await fetchText(asked)
    const read = readAs(first, parse)
    if (read) return read
    const second = readAs(await fetchText(asked), parse)
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

  async function get<S extends z.ZodType>(asked: GetOptions<S>): Promise<BrokerAnswer<z.output<S>>> {
    const { answer, value } = await fetchJson(asked, parseJson)
    const result = asked.schema.safeParse(value)
    if (!result.success) throw unreadable(issuesOf(result.error))
    return { data: result.data, asOf: asOf(answer) }
  }

  /** Reads an array row by row; `odd` decides what becomes of a row the schema does not fit. */
  async function readRows<S extends z.ZodType, Odd>(asked: GetOptions<S>, odd: (because: string) => Odd): Promise<BrokerRows<z.output<S> | Odd>> {
    const { answer, value } = await fetchJson(asked, parseArray)
    if (!value) throw unreadable('not an array')
    const rows: { data: z.output<S> | Odd; raw: string }[] = []
    for (const [at, raw] of value.texts.entries()) {
      // A full Schwab answer takes some 60 ms to read: others get their turn in between.
      if (at > 0 && at % ROWS_A_TURN === 0) await turn()
      const result = asked.schema.safeParse(value.values[at])
      rows.push({ data: result.success ? result.data : odd(`row ${at}: ${issuesOf(result.error)}`), raw })
    }
    return { rows, asOf: asOf(answer) }
  }

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
  }
}

function addressOf(bases: Readonly<Record<string, string>>, { base, path, query = {} }: GetOptions<z.ZodType>): string {
  const root = bases[base]
  if (root === undefined || !path.startsWith('/') || /\/\.{0,2}\/|\/\.{1,2}$|[?#\\]/.test(path)) throw new AppError('net/blocked')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value)
  const text = search.toString()
  return `${root}${path}${text === '' ? '' : `?${text}`}`
}

/** Undefined for text that is not JSON. */
function readAs<T>(answer: HttpAnswer, parse: (text: string) => T): Read<T> | undefined {
  try {
    return { answer, value: parse(answer.body) }
  } catch {
    return undefined
  }
}

function isRefused(answer: HttpAnswer): boolean {
  return answer.status === 401 && !isHtml(answer)
}

/** A page meant for people: the broker's front door is talking, not its API. */
function isHtml(answer: HttpAnswer): boolean {
  return /^\s*text\/html/i.test(answer.headers['content-type'] ?? '') || /^\s*</.test(answer.body)
}

/** The broker's own table first, then what every broker means. */
function failureCode(answer: HttpAnswer, classify: ClassifyFailure): ErrorCode {
  if (isHtml(answer) || answer.status < 400) return 'broker/unavailable'
  const known = classify({ status: answer.status, body: answer.body })
  if (known !== undefined || answer.status >= 500) return known ?? 'broker/unavailable'
  return answer.status === 401 ? 'auth/sign-in-needed' : 'broker/refused'
}

/** Where a payload differs from the schema, and how: never what it holds. */
function issuesOf(error: z.ZodError): string {
  return error.issues
    .slice(0, SHOWN_ISSUES)
    .map(issue => `${issue.path.join('.')} ${issue.code}`)
    .join(', ')
}
