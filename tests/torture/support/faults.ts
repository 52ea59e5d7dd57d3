import { gzipSync } from 'node:zlib'
import { Instant } from '../../../shared/domain/time.ts'
import { pick, roll } from './dice.ts'
import type { FaultServer, Reply, Victim } from './fault-server.ts'

/** What a refresh has to come to: it works in the end; it fails with one of these and everything is kept. */
export type Expected = 'works' | readonly string[]

export interface Fault {
  readonly name: string
  readonly expect: Expected
  /** Where the broker is reached; plainly when left out. */
  readonly at?: keyof FaultServer['origins'] | 'no-name'
  /** Means something only where tokens come as JSON. */
  readonly json?: true
  /** A refusal of the endpoint's own: passing at first, an end when it stays. */
  readonly refusal?: true
  /** Unpacking takes its time beside the clock. */
  readonly slow?: true
  readonly treat?: (victim: Victim) => void
}

const OFFLINE = ['net/offline']
const CUT = ['net/cut-off', 'net/offline']
const LATE = ['net/timeout']
const UNREADABLE = ['broker/unreadable', 'broker/page']
const DOWN = ['broker/unavailable']
const LIMITED = ['broker/rate-limited']
const REFUSED = ['broker/unavailable', 'broker/refused']
const PAGE = '<!DOCTYPE html><html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>Reference #18.5c</body></html>'
const BOMB = gzipSync(Buffer.alloc(256 * 1024 * 1024))

const bodyOf = ({ good }: Victim): string => good.body ?? ''
const head = (length: number): string => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`
const never = (): void => undefined
const says = (reply: Reply) => (victim: Victim) => victim.answer(reply)
const page = (status: number) => says({ status, headers: { 'content-type': 'text/html' }, body: PAGE })
const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
  says({ status, headers, body: JSON.stringify(value) })
const waits = (status: number, value: (victim: Victim) => string) => (victim: Victim) =>
  victim.answer({ status, headers: { 'retry-after': value(victim) }, body: '{}' })
const date = ({ clock }: Victim, ms: number): string => new Date(Instant.toEpochMs(clock.now()) + ms).toUTCString()
const changed = (change: Readonly<Record<string, unknown>>) => (victim: Victim) => {
  const body: unknown = JSON.parse(bodyOf(victim))
  // What is undefined is not written.
  victim.answer({ ...victim.good, body: JSON.stringify(Object.assign({}, body, change)) })
}
const without = (member: string) => changed({ [member]: undefined })

/** Byte by byte, one a second. */
function drip({ socket, clock, good }: Victim): void {
  const bytes = Buffer.from(head((good.body ?? '').length) + (good.body ?? ''))
  const one = (at: number): void => {
    if (at >= bytes.length || socket.destroyed) return
    socket.write(bytes.subarray(at, at + 1))
    clock.after(1000, () => one(at + 1))
  }
  one(0)
}

const LINE: readonly Fault[] = [
  {
    name: 'late before it is done',
    expect: 'works',
    treat: victim => void victim.clock.after(2000 + victim.next() * 20_000, () => victim.answer(victim.good)),
  },
  { name: 'never answered', expect: LATE, treat: never },
  {
    name: 'never answered after 100 Continue',
    expect: [...LATE, ...OFFLINE],
    treat: ({ socket }) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  },
  { name: 'head only', expect: LATE, treat: ({ socket }) => void socket.write(head(500)) },
  { name: 'one byte a second', expect: LATE, treat: drip },
  { name: 'dropped before anything', expect: OFFLINE, treat: ({ socket }) => void socket.destroy() },
  { name: 'reset before anything', expect: OFFLINE, treat: ({ socket }) => void socket.resetAndDestroy() },
  { name: 'half closed without an answer', expect: OFFLINE, treat: ({ socket }) => void socket.end() },
  { name: 'dropped in the head', expect: CUT, treat: ({ socket, next }) => void socket.end(head(500).slice(0, 1 + roll(next, 60))) },
  {
    name: 'dropped at a byte of the body',
    expect: CUT,
    treat: v => void v.socket.end(head(900) + bodyOf(v).slice(0, roll(v.next, bodyOf(v).length))),
  },
  {
    name: 'reset at a byte of the body',
    expect: CUT,
    treat: v => void v.socket.write(head(900) + bodyOf(v).slice(0, 20), () => setImmediate(() => v.socket.resetAndDestroy())),
  },
  { name: 'dropped after the last byte', expect: 'works', treat: v => void v.socket.end(head(bodyOf(v).length) + bodyOf(v)) },
  { name: 'too great a length', expect: CUT, treat: v => void v.socket.end(head(bodyOf(v).length + 100) + bodyOf(v)) },
  {
    name: 'too small a length',
    expect: [...UNREADABLE, ...CUT],
    json: true,
    treat: v => void v.socket.end(head(bodyOf(v).length - 10) + bodyOf(v)),
  },
  { name: 'not HTTP at all', expect: CUT, treat: ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.9\r\n') },
  { name: 'a TLS alert', expect: OFFLINE, at: 'alert' },
  { name: 'a certificate nobody vouches for', expect: [...OFFLINE, 'net/untrusted', 'net/blocked'], at: 'self-signed' },
  { name: 'nobody listens', expect: OFFLINE, at: 'closed' },
  { name: 'no such name', expect: OFFLINE, at: 'no-name' },
  {
    name: 'a gzip bomb',
    expect: ['net/too-large'],
    slow: true,
    treat: v => void v.response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(BOMB),
  },
  {
    name: 'gzip that is none',
    expect: [...UNREADABLE, ...CUT],
    slow: true,
    treat: says({ headers: { 'content-encoding': 'gzip' }, body: 'not gzip' }),
  },
]

const STRANGER: readonly Fault[] = [
  {
    name: 'a captive portal that redirects',
    expect: [...DOWN, ...UNREADABLE],
    treat: says({ status: 302, headers: { location: 'http://login.portal.example/', 'content-type': 'text/html' }, body: PAGE }),
  },
  { name: 'a captive portal with 200', expect: UNREADABLE, treat: page(200) },
  { name: 'a page with 401', expect: DOWN, treat: page(401) },
  { name: 'a page with 403', expect: DOWN, treat: page(403) },
  { name: 'a page with 404', expect: DOWN, treat: page(404) },
  { name: 'a page with 400', expect: DOWN, treat: page(400) },
  { name: 'a page with 503', expect: DOWN, treat: page(503) },
  { name: '511 of a network that wants a sign-in', expect: DOWN, treat: page(511) },
  { name: '200 and nothing', expect: UNREADABLE, json: true, treat: says({ body: '' }) },
  { name: '204', expect: UNREADABLE, json: true, treat: says({ status: 204 }) },
  {
    name: '200 cut off in the middle of its JSON',
    expect: UNREADABLE,
    json: true,
    treat: v => v.answer({ ...v.good, body: bodyOf(v).slice(0, 40) }),
  },
  { name: '200 without an access token', expect: UNREADABLE, json: true, treat: without('access_token') },
  { name: '200 with a list', expect: UNREADABLE, json: true, treat: json(200, []) },
]

const ODD: readonly Fault[] = [
  { name: 'no refresh token', expect: 'works', json: true, treat: without('refresh_token') },
  { name: 'an empty refresh token', expect: 'works', json: true, treat: changed({ refresh_token: '' }) },
  { name: 'a life as text', expect: 'works', json: true, treat: changed({ expires_in: '1800' }) },
  { name: 'a life of nothing', expect: 'works', json: true, treat: changed({ expires_in: 0 }) },
  { name: 'a negative life', expect: 'works', json: true, treat: changed({ expires_in: -1 }) },
  { name: 'no life', expect: 'works', json: true, treat: without('expires_in') },
  {
    name: 'members nobody knows',
    expect: 'works',
    json: true,
    treat: changed({ id_token: 'x.y.z', session: { a: 1 } }),
  },
]

const STATUS: readonly Fault[] = [
  {
    name: '400 in words nobody knows',
    expect: REFUSED,
    refusal: true,
    treat: json(400, { error: 'temporarily_confused', error_description: 'Try later.' }),
  },
  { name: '403 in words nobody knows', expect: REFUSED, refusal: true, treat: json(403, { message: 'Forbidden' }) },
  { name: '404 as JSON', expect: REFUSED, refusal: true, treat: json(404, { message: 'no Route matched with those values' }) },
  { name: '408', expect: [...DOWN, ...LATE], treat: says({ status: 408, body: '' }) },
  { name: '409', expect: REFUSED, treat: says({ status: 409, body: '' }) },
  ...[500, 502, 504, 520].map(status => ({ name: String(status), expect: DOWN, treat: json(status, { error: 'server_error' }) })),
  { name: '500 with the words of a dead token', expect: DOWN, treat: json(500, { error: 'invalid_grant' }) },
  { name: '429', expect: LIMITED, treat: json(429, { error: 'slow down' }) },
  { name: '429 for seconds', expect: LIMITED, treat: waits(429, ({ next }) => String(pick(next, [1, 7, 30, 90, 120, 121, 600, 3600]))) },
  { name: '429 until a date', expect: LIMITED, treat: waits(429, v => date(v, 1000 * pick(v.next, [5, 45, 200, 1800]))) },
  { name: '429 for a day', expect: LIMITED, treat: waits(429, () => '86400') },
  { name: '429 until a date in the past', expect: LIMITED, treat: waits(429, v => date(v, -3_600_000)) },
  { name: '429 for a negative while', expect: LIMITED, treat: waits(429, () => '-5') },
  {
    name: '429 for something else',
    expect: LIMITED,
    treat: waits(429, ({ next }) => pick(next, ['soon', '', '1e9', '12;q=1', 'Fri, 99 Foo 2026'])),
  },
  { name: '503', expect: DOWN, treat: json(503, {}) },
  { name: '503 for seconds', expect: DOWN, treat: waits(503, ({ next }) => String(pick(next, [1, 7, 30, 90, 120, 121, 600, 3600]))) },
  { name: '503 until a date', expect: DOWN, treat: waits(503, v => date(v, 1000 * pick(v.next, [5, 45, 200, 1800]))) },
  { name: '503 until a date in the past', expect: DOWN, treat: waits(503, v => date(v, -86_400_000)) },
  { name: '503 for something else', expect: DOWN, treat: waits(503, ({ next }) => pick(next, ['-1', 'never', '0x10'])) },
]

/** Every way a line, somebody in between, or a broker's front door can spoil a refresh. None of them ends a sign-in. */
export const FAULTS: readonly Fault[] = [...LINE, ...STRANGER, ...ODD, ...STATUS]
