import { AppError } from '../../../../../shared/contract/errors.ts'
import type { Instant, LocalDate } from '../../../../../shared/domain/time.ts'
import type { Log } from '../../../log/log.ts'
import { pause } from '../../../net/wait.ts'
import type { Clock } from '../../../ports.ts'
import type { MethodSession } from '../../adapter.ts'
import { type FlexAnswer, flexError, readFlexAnswer, verdictOf } from './response.ts'
import { type Parsed, parseApart } from './parse-thread.ts'

export interface FlexServiceDeps {
  readonly way: Pick<MethodSession, 'http' | 'bases' | 'settings' | 'secret'>
  readonly clock: Clock
  readonly log: Log
}

/** A statement as fetched. */
export interface FlexReport extends Parsed {
  readonly asOf: Instant
}

/** Days to ask for in place of those the query names; at most 365. */
export interface FlexPeriod {
  readonly from: LocalDate
  readonly to: LocalDate
}

interface Stop {
  readonly signal: AbortSignal
}

const BASE = 'flex'
/** The other host some users are sent to; the only one besides. */
const OTHER_BASE = 'flexOther'
/** The service takes one call a second and ten a minute for each token, these included. */
const WAITS_MS = [1000, 3000, 5000, 10_000]
const TOO_FAST_MS = 60_000
/** A statement that takes longer comes with a later sync. */
const PATIENCE_MS = 720_000
const LATER_TRIES = 3

/**
 * Has IBKR prepare the statement of the user's query and waits for it. Throws the code of the service's refusal: auth/token-expired,
 * `flex/...`, broker/rate-limited; flex/not-ready when it takes too long; broker/unreadable and net/too-large for the statement itself.
 */
export async function fetchStatement(deps: FlexServiceDeps, period: FlexPeriod | null, stop: Stop): Promise<FlexReport> {
  const { way, clock, log } = deps
  const until = clock.monotonicMs() + PATIENCE_MS
  const token = way.secret('token')
  log.guard(token)
  const days = period === null ? {} : { fd: period.from.replaceAll('-', ''), td: period.to.replaceAll('-', '') }
  const call = async (
    base: string,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<{ answer: FlexAnswer; asOf: Instant }> => {
    const { data, asOf } = await way.http.getText({ base, path, query: { t: token, ...query, v: '3' }, signal: stop.signal })
    return { answer: readFlexAnswer(data), asOf }
  }
  const request = await patiently(deps, until, stop, () => call(BASE, '/SendRequest', { q: way.settings['query-id'] ?? '', ...days }))
  if (request.answer.kind !== 'reference')
    throw new AppError('broker/unreadable', { details: { broker: 'Interactive Brokers' }, cause: 'a statement nobody asked for' })
  const { code, url } = request.answer
  const other = otherBase(url, way.bases)
  await pause(clock, WAITS_MS[0] ?? 0, stop.signal, 'Interactive Brokers')
  const fetched = await patiently(deps, until, stop, () => call(BASE, '/GetStatement', { q: code })).catch((error: unknown) => {
    // One host may not know what the other prepared.
    if (other === null || !(error instanceof AppError) || !/^flex\/(?:not-ready|no-statement)$/.test(error.code)) throw error
    return patiently(deps, until, stop, () => call(other, '/GetStatement', { q: code }))
  })
  if (fetched.answer.kind !== 'statement') throw flexError({ code: 1019, text: '' })
  return { ...(await parseApart(fetched.answer.xml, stop)), asOf: fetched.asOf }
}

/** Calls until the answer is no "wait", in growing steps and within the patience there is. */
async function patiently(
  { clock }: FlexServiceDeps,
  until: number,
  { signal }: Stop,
  call: () => Promise<{ answer: FlexAnswer; asOf: Instant }>,
): Promise<{ answer: FlexAnswer; asOf: Instant }> {
  let later = 0
  for (let tries = 0; ; tries += 1) {
    const result = await call()
    const { answer } = result
    if (answer.kind !== 'refusal') return result
    const verdict = verdictOf(answer)
    if (verdict === 'later') later += 1
    const wait = verdict === 'too-fast' ? TOO_FAST_MS : (WAITS_MS[Math.min(tries + 1, WAITS_MS.length - 1)] ?? 0)
    if (verdict === 'refused' || later >= LATER_TRIES || clock.monotonicMs() + wait > until) throw flexError(answer)
    await pause(clock, wait, signal, 'Interactive Brokers')
  }
}

/**
 * The service names an address to fetch the statement at. It is believed only as far as it names IBKR's other host: nothing else may
 * learn the token. Throws net/blocked for a stranger.
 */
export function otherBase(url: string | null, bases: Readonly<Record<string, string>>): string | null {
  if (url === null) return null
  const address = URL.canParse(url) ? new URL(url) : null
  const originOf = (base: string): string | null => {
    const text = bases[base]
    return text === undefined ? null : new URL(text).origin
  }
  if (address?.origin === originOf(BASE)) return null
  if (address?.origin === originOf(OTHER_BASE)) return OTHER_BASE
  if (address?.protocol === 'https:' && address.hostname.endsWith('.interactivebrokers.com')) return null
  throw new AppError('net/blocked', { cause: 'the Flex service named a strange host' })
}
