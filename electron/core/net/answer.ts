import type { z } from 'zod'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'
import type { ClassifyFailure } from '../brokers/adapter.ts'
import { cleanWords } from '../../../shared/contract/broker-words.ts'
import type { HttpAnswer } from './http.ts'
import { meaningOf, readOAuthProblem } from './oauth-problem.ts'

/** How a broker's answers are read. */
export interface Reading {
  readonly classify: ClassifyFailure
  readonly words: ((answer: { readonly status: number; readonly body: string }) => string | null) | undefined
  /** Name for sentences. */
  readonly brokerName: string
}

const SHOWN_ISSUES = 5
const HTML_DOCUMENT = /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i

export function isSuccess({ status }: Pick<HttpAnswer, 'status'>): boolean {
  return status >= 200 && status < 300
}

/** A page meant for people: the broker's front door is talking, not its API. */
export function isPage(answer: Pick<HttpAnswer, 'headers' | 'body'>): boolean {
  return /^\s*text\/html/i.test(answer.headers['content-type'] ?? '') || isHtmlDocument(answer.body)
}

/** An HTML document by its own look; XML is none. */
export function isHtmlDocument(body: string): boolean {
  return HTML_DOCUMENT.test(body)
}

/** A refusal of the API itself to know the caller; a page at the front door is none, unless it names a problem of a signature. */
export function isUnauthorized(answer: HttpAnswer): boolean {
  return answer.status === 401 && (!isPage(answer) || readOAuthProblem(answer) !== null)
}

/** The error of an answer that is none: the broker's own table first, then what every broker means, beside the broker's words. */
export function refusalOf(answer: HttpAnswer, reading: Reading): AppError {
  return new AppError(failureCode(answer, reading), {
    details: { broker: reading.brokerName, status: answer.status },
    ...quoted(answer, reading),
  })
}

/** What the broker itself said, cleaned, as an error carries it. */
export function quoted(answer: HttpAnswer, { words }: Reading): { readonly brokerSays?: string } {
  const said = isPage(answer) ? undefined : cleanWords(words?.({ status: answer.status, body: answer.body }))
  return said === undefined ? {} : { brokerSays: said }
}

/** What a refusal is known to mean: by the broker's own table, else by the problem of a signature it names. */
export function knownCode(answer: HttpAnswer, { classify }: Reading): ErrorCode | undefined {
  const { status, body } = answer
  if (status < 400) return undefined
  const said = classify({ status, body })
  // A page is the front door's: it may ask to slow down, but not end a session.
  const known = isPage(answer) && said !== 'broker/rate-limited' ? undefined : said
  const problem = known === undefined ? readOAuthProblem(answer) : null
  return problem ? meaningOf(problem) : known
}

function failureCode(answer: HttpAnswer, reading: Reading): ErrorCode {
  const known = knownCode(answer, reading)
  if (isSuccess(answer) && isPage(answer)) return 'broker/page'
  if (known !== undefined || isPage(answer) || answer.status < 400 || answer.status >= 500) return known ?? 'broker/unavailable'
  return answer.status === 401 ? 'auth/sign-in-needed' : 'broker/refused'
}

/** Where a payload differs from the schema, and how: never what it holds. */
export function issuesOf(error: z.ZodError): string {
  return error.issues
    .slice(0, SHOWN_ISSUES)
    .map(issue => `${issue.path.join('.')} ${issue.code}`)
    .join(', ')
}
