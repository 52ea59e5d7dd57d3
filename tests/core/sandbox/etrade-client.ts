import { approveVerifier } from '../../../electron/core/sandbox/browser-player.ts'
import { baseString, encode, sign } from '../../../electron/core/sandbox/etrade/signature.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { rowOf, text } from './client.ts'
import type { Bench, Row } from './client.ts'

export interface Signed {
  readonly token?: string
  readonly secret?: string
  readonly more?: Readonly<Record<string, string>>
  /** Changes to what is signed and sent. */
  readonly oauth?: Readonly<Record<string, string>>
  readonly method?: string
  readonly body?: object
}

let calls = 0

/** Calls with a signed request. `at` is the bench's clock in milliseconds. */
export function call(bench: Bench, path: string, at: number, options: Signed = {}): Promise<Response> {
  const { clientId, clientSecret } = bench.sandbox.control('etrade')
  const url = new URL(path, bench.sandbox.urls.etrade)
  const method = options.method ?? 'GET'
  const oauth: Record<string, string> = {
    oauth_consumer_key: clientId,
    oauth_nonce: String((calls += 1)),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(Math.floor(at / 1000)),
    ...(options.token === undefined ? {} : { oauth_token: options.token }),
    ...options.more,
    ...options.oauth,
  }
  const base = baseString(method, url.origin + url.pathname, [...Object.entries(oauth), ...url.searchParams])
  const signature = options.oauth?.['oauth_signature'] ?? sign(base, clientSecret, options.secret ?? '')
  const parts = Object.entries({ ...oauth, oauth_signature: signature }).map(([name, value]) => `${encode(name)}="${encode(value)}"`)
  const headers = { authorization: `OAuth realm="",${parts.join(',')}`, ...(options.body ? { 'content-type': 'application/json' } : {}) }
  return fetch(url, { method, headers, ...(options.body ? { body: JSON.stringify(options.body) } : {}) })
}

export interface Access {
  readonly token: string
  readonly secret: string
}

export async function requestToken(bench: Bench, at: number): Promise<Access> {
  return pairOf(await call(bench, '/oauth/request_token', at, { more: { oauth_callback: 'oob' } }))
}

export async function pairOf(response: Response): Promise<Access> {
  const form = new URLSearchParams(await response.text())
  return { token: form.get('oauth_token') ?? '', secret: form.get('oauth_token_secret') ?? '' }
}

/** The code the page shows after a consent. */
export function verifierFor(bench: Bench, token: string): Promise<string> {
  const query = new URLSearchParams({ key: bench.sandbox.control('etrade').clientId, token }).toString()
  return approveVerifier({ authorizeUrl: `${bench.sandbox.urls.etrade}/e/t/etws/authorize?${query}`, signal: new AbortController().signal })
}

export async function accessFor(bench: Bench, at: number): Promise<Access> {
  const request = await requestToken(bench, at)
  const oauth_verifier = await verifierFor(bench, request.token)
  return pairOf(await call(bench, '/oauth/access_token', at, { ...request, more: { oauth_verifier } }))
}

export type Caller = (path: string, options?: Signed) => Promise<Response>

/** Signs in and answers a function that calls with the access token at the moment `now` tells. */
export async function signedIn(bench: Bench, now: () => Instant): Promise<Caller> {
  const at = () => Instant.toEpochMs(now())
  const access = await accessFor(bench, at())
  return (path, options = {}) => call(bench, path, at(), { ...access, ...options })
}

/** A list that stands alone when it has one element. */
export function listIn(value: unknown): Row[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]) as Row[]
}

export async function keysOf(get: Caller): Promise<string[]> {
  const answer = (await rowOf(await get('/v1/accounts/list.json')))['AccountListResponse'] as Row
  return listIn((answer['Accounts'] as Row)['Account']).map(row => text(row['accountIdKey']))
}

/** Every transaction of an account, newest first, page by page. */
export async function allRows(get: Caller, key: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let marker = ''; ;) {
    const answer = await get(
      `/v1/accounts/${key}/transactions.json?count=50${marker === '' ? '' : `&marker=${encodeURIComponent(marker)}`}`,
    )
    if (answer.status === 204) return rows
    const page = (await rowOf(answer))['TransactionListResponse'] as Row
    rows.push(...listIn(page['Transaction']))
    marker = text(page['marker'])
    if (marker === '') return rows
  }
}
