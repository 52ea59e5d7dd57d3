import { AppError, type ErrorCode } from '../../../../../shared/contract/errors.ts'
import { sayings } from '../sayings.ts'

/** What the Flex Web Service answered: a reference to fetch the statement by, the statement itself, or a refusal. */
export type FlexAnswer =
  | { readonly kind: 'reference'; readonly code: string; readonly url: string | null }
  | { readonly kind: 'statement'; readonly xml: string }
  | { readonly kind: 'refusal'; readonly code: number; readonly text: string }

/** Tells the three apart. Throws broker/unavailable for anything else, such as a page about maintenance. */
export function readFlexAnswer(body: string): FlexAnswer {
  const root = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(\w+)/.exec(body)?.[1]
  if (root === 'FlexQueryResponse') return { kind: 'statement', xml: body }
  if (root !== 'FlexStatementResponse') throw noFlexAnswer()
  const code = element(body, 'ReferenceCode')
  if (element(body, 'Status') === 'Success' && code !== null) {
    if (!/^\d{1,24}$/.test(code)) throw noFlexAnswer()
    return { kind: 'reference', code, url: element(body, 'Url') }
  }
  return { kind: 'refusal', code: Number(element(body, 'ErrorCode') ?? 0), text: element(body, 'ErrorMessage') ?? '' }
}

function noFlexAnswer(): AppError {
  return new AppError('broker/unavailable', { details: { broker: 'Interactive Brokers', status: 'no answer of the Flex service' } })
}

/** The answer is flat, and has no attributes inside. */
function element(body: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]{0,2000})</${name}>`).exec(body)?.[1]?.trim()
  return text === undefined || text === '' ? null : decoded(text)
}

const ENTITIES = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
])

function decoded(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|apos);/g, entity => ENTITIES.get(entity) ?? entity)
}

/** What to do about a refusal: wait and ask again, ask more slowly, or give up. */
export type FlexVerdict = 'wait' | 'too-fast' | 'later' | 'refused'

const LATER = new Set([1001, 1004, 1005, 1006, 1007, 1008, 1009, 1021])
const PASSING = /try again|shortly|being generated|in progress/i

/** Source: IBKR's Flex Web Service page, error codes. A code nobody knows is judged by its words. */
export function verdictOf({ code, text }: { readonly code: number; readonly text: string }): FlexVerdict {
  if (code === 1019) return 'wait'
  if (code === 1018) return 'too-fast'
  if (LATER.has(code)) return 'later'
  return !CODES.has(code) && PASSING.test(text) ? 'later' : 'refused'
}

const CODES = new Map<number, ErrorCode>([
  [1003, 'flex/no-statement'],
  [1010, 'flex/query-refused'],
  [1011, 'flex/service-off'],
  [1012, 'auth/token-expired'],
  [1013, 'flex/service-off'],
  [1014, 'flex/query-refused'],
  [1015, 'flex/wrong-token'],
  [1016, 'flex/query-refused'],
  [1017, 'flex/not-ready'],
  [1018, 'broker/rate-limited'],
  [1019, 'flex/not-ready'],
  [1020, 'broker/refused'],
])

const MINUTE_MS = 60_000

/** A refusal as an error with the service's own words. */
export function flexError({ code, text }: { readonly code: number; readonly text: string }): AppError {
  const known = CODES.get(code) ?? (verdictOf({ code, text }) === 'refused' ? 'broker/refused' : 'flex/not-ready')
  return new AppError(known, {
    details: { broker: 'Interactive Brokers', status: code },
    cause: `Flex error ${code}`,
    ...(text === '' ? {} : { brokerSays: sayings(text) }),
    ...(code === 1018 ? { retryAfterMs: MINUTE_MS } : {}),
  })
}
