/** The first try and two more. */
export const TRIES = 3

const BASE_MS = 1000
const CAP_MS = 15_000
const EPOCH_SECONDS = 1_000_000_000

/** Statuses worth a second GET: the broker's own passing problems. */
export function isPassing(status: number): boolean {
  return status === 500 || status === 502 || status === 503 || status === 504
}

/** Full jitter: uniform between nothing and 1 s, 2 s, 4 s, ... for the first, second, third failure; at most 15 s. */
export function backoffMs(failures: number, fraction: number): number {
  return Math.floor(fraction * Math.min(CAP_MS, BASE_MS * 2 ** (failures - 1)))
}

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` (seconds or HTTP date), else `X-RateLimit-Reset`
 * (epoch seconds, or seconds from now). Moments are measured against the answer's own `Date`, so a wrong local clock does no
 * harm. Undefined when the answer says nothing usable.
 */
export function askedWaitMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const date = Date.parse(headers['date'] ?? '')
  const now = Number.isNaN(date) ? nowMs : date
  return retryAfterMs(headers['retry-after'], now) ?? resetMs(headers['x-ratelimit-reset'], now)
}

function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d{1,9}(?:\.\d{1,6})?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

function resetMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined || !/^\d{1,11}(?:\.\d{1,9})?$/.test(value.trim())) return undefined
  const seconds = Number(value)
  const wait = seconds < EPOCH_SECONDS ? seconds * 1000 : seconds * 1000 - now
  return wait > 0 ? Math.ceil(wait) : undefined
}
