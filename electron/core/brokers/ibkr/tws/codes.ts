import { AppError, type ErrorCode } from '../../../../../shared/contract/errors.ts'
import { sayings, stateIn } from '../sayings.ts'

/** What a message about the session means for it. */
export type Notice =
  | 'client-id-taken'
  /** TWS lost IBKR: nothing may be asked and nothing ordered. */
  | 'cut-off'
  /** Back again; fills of the meantime may never be told by themselves. */
  | 'restored'
  | 'stale'
  | 'fresh'
  | 'too-fast'
  | 'unsupported'
  | 'information'

// Source: TWS API documentation, message codes.
const NOTICES = new Map<number, Notice>([
  [326, 'client-id-taken'],
  [1100, 'cut-off'],
  [2110, 'cut-off'],
  [1101, 'restored'],
  [1102, 'restored'],
  [2103, 'stale'],
  [2105, 'stale'],
  [2157, 'stale'],
  [2104, 'fresh'],
  [2106, 'fresh'],
  [2158, 'fresh'],
  [100, 'too-fast'],
  [503, 'unsupported'],
  [506, 'unsupported'],
])

export function noticeOf(code: number): Notice {
  return NOTICES.get(code) ?? 'information'
}

const REQUEST_CODES = new Map<number, ErrorCode>([
  [100, 'broker/rate-limited'],
  [504, 'broker/unavailable'],
])

/** Delayed prices instead of live ones, a fractional time in force, an order held until the market opens or shares to borrow are found: the request is alive. */
const HARMLESS = new Set([399, 404, 2109, 2137, 2150, 10090, 10167, 10349])

/** Whether a message about a request leaves it alive. IBKR's warnings have codes from 2100 to 2999. */
export function isWarning(code: number, text: string): boolean {
  return HARMLESS.has(code) || (code >= 2100 && code < 3000) || text.includes('Warning:')
}

/** Of codes from 101 to 499, those that do not end an order; beyond them, those that do. Every other one says nothing certain. */
const OPEN_END = new Set([131, 164, 202, 481])
const ENDING = new Set([10_147, 10_148, 10_242, 10_243])

/** Whether a message about an order says for certain that what was sent was not taken. */
export function isRefusal(code: number): boolean {
  return ENDING.has(code) || (code > 100 && code < 500 && !OPEN_END.has(code))
}

const CANCELED = 202

/** The usual answer to a cancellation, which comes as an error. */
export function isCanceled(code: number): boolean {
  return code === CANCELED
}

/** Read-only is one of many reasons for a failed validation. */
export function isReadOnly(code: number, text: string): boolean {
  return code === 321 && /read-only/i.test(text)
}

/** A request TWS refused, with its words. */
export function requestError(code: number, text: string): AppError {
  return new AppError(REQUEST_CODES.get(code) ?? 'broker/refused', {
    details: { broker: 'Interactive Brokers', status: code },
    brokerSays: sayings(text),
    cause: `TWS error ${code}`,
  })
}

const GONE = new Set([10147, 135])
const DONE = new Set([104, 161, 10148])

/** An order TWS refused. */
export function orderError(code: number, text: string): AppError {
  const details = { broker: 'Interactive Brokers', status: code }
  if (isReadOnly(code, text)) return new AppError('order/read-only', { details: { program: 'TWS' }, brokerSays: sayings(text) })
  if (GONE.has(code)) return new AppError('order/not-found', { details, brokerSays: sayings(text) })
  const says = sayings(text)
  if (DONE.has(code)) return new AppError('order/not-open', { details: { ...details, status: stateIn(says) ?? says }, brokerSays: says })
  return new AppError('order/rejected', { details, brokerSays: sayings(text), cause: `TWS error ${code}` })
}
