import { createHash } from 'node:crypto'
import { Instant } from '../../../shared/domain/time.ts'
import { startSandbox } from '../../../electron/core/sandbox/sandbox.ts'
import type { Sandbox, SandboxOptions } from '../../../electron/core/sandbox/sandbox.ts'

/** A Friday evening after the close, in UTC. */
export const FRIDAY = Instant.parse('2026-11-20T22:00:00Z')

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Row = { [key: string]: Json }

/** A value of a row as text. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

/** A sandbox with a clock the test moves, and calls that speak the brokers' own protocols and no adapter's code. */
export interface Bench {
  readonly sandbox: Sandbox
  /** Moves the clock on, in milliseconds. */
  pass(ms: number): void
  [Symbol.asyncDispose](): Promise<void>
}

export async function openBench(options: Partial<SandboxOptions> = {}, start: Instant = FRIDAY): Promise<Bench> {
  let now = start
  const sandbox = await startSandbox({ seed: 7, now: () => now, ...options })
  return {
    sandbox,
    pass: ms => {
      now = Instant.plus(now, ms)
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  }
}

export const VERIFIER = 'a-verifier-of-forty-three-characters-or-more-0123'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

/** The stands that speak OAuth 2. */
export type OAuthStand = 'alpaca' | 'schwab' | 'tastytrade' | 'tdameritrade'

export const REDIRECTS = {
  alpaca: 'http://127.0.0.1:8731/callback/alpaca',
  schwab: 'https://127.0.0.1:8182/callback/schwab',
  tastytrade: 'http://localhost:8000/callback/tastytrade',
  tdameritrade: 'https://127.0.0.1:8183/callback/tdameritrade',
} as const
export const AUTHORIZE = {
  alpaca: '/oauth/authorize',
  schwab: '/v1/oauth/authorize',
  tastytrade: '/auth.html',
  tdameritrade: '/auth',
} as const
export const TOKEN = {
  alpaca: '/oauth/token',
  schwab: '/v1/oauth/token',
  tastytrade: '/oauth/token',
  tdameritrade: '/v1/oauth2/token',
} as const

/** A call of each stand that needs a token and lists accounts, or shows the only one. */
export const ACCOUNT = {
  alpaca: '/v2/account',
  schwab: '/trader/v1/accounts',
  tastytrade: '/customers/me/accounts',
  tdameritrade: '/v1/accounts',
} as const

/** Opens the authorization page with the usual parameters, changed as asked; null leaves one out. */
export function openPage(bench: Bench, broker: OAuthStand, change: Readonly<Record<string, string | null>> = {}): Promise<Response> {
  const usual = {
    response_type: 'code',
    client_id: bench.sandbox.control(broker).clientId,
    redirect_uri: REDIRECTS[broker],
    state: 'st/a te+1',
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries<string | null>({ ...usual, ...change })) if (value !== null) query.set(name, value)
  return fetch(`${bench.sandbox.urls[broker]}${AUTHORIZE[broker]}?${query.toString()}`, { redirect: 'manual' })
}

/** Submits the page's form; the answer is the redirected address. */
export async function decide(
  bench: Bench,
  broker: OAuthStand,
  page: Response,
  decision = 'approve',
  accounts?: readonly string[],
): Promise<URL> {
  const html = await page.text()
  const form = new URLSearchParams({ ticket: /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? '', decision })
  for (const key of accounts ?? offered(html)) form.append('account', key)
  const answer = await fetch(`${bench.sandbox.urls[broker]}${AUTHORIZE[broker]}`, { method: 'POST', body: form, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? `error://status/${answer.status}`)
}

/** The account keys a consent page offers. */
export function offered(html: string): string[] {
  return [...html.matchAll(/name="account" value="([^"]+)"/g)].map(([, key = '']) => key)
}

/** A code from a consent given with everything ticked. */
export async function codeFrom(bench: Bench, broker: OAuthStand, change: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const back = await decide(bench, broker, await openPage(bench, broker, change))
  return back.searchParams.get('code') ?? ''
}

/** A User-Agent in the form tastytrade insists on. */
export const AGENT = { 'user-agent': 'keelson-tests/1.0' } as const

/** Calls the token endpoint the way the broker documents it. */
export function askToken(bench: Bench, broker: OAuthStand, fields: Readonly<Record<string, string>>): Promise<Response> {
  const { clientId, clientSecret } = bench.sandbox.control(broker)
  const inBody = {
    alpaca: { client_id: clientId, client_secret: clientSecret },
    schwab: {},
    tastytrade: { client_id: clientId, client_secret: clientSecret },
    tdameritrade: { client_id: clientId },
  }[broker]
  const headers = broker === 'schwab' ? { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` } : AGENT
  return fetch(`${bench.sandbox.urls[broker]}${TOKEN[broker]}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ ...inBody, ...fields } as Record<string, string>),
  })
}

export function exchange(bench: Bench, broker: OAuthStand, code: string, change: Readonly<Record<string, string>> = {}): Promise<Response> {
  return askToken(bench, broker, { grant_type: 'authorization_code', code, redirect_uri: REDIRECTS[broker], ...change })
}

/** The JSON of an answer, as rows or one object. */
export async function rowsOf(response: Response): Promise<Row[]> {
  const value = (await response.json()) as Row[]
  return value
}

export async function rowOf(response: Response): Promise<Row> {
  return (await response.json()) as Row
}

/** The object under a key; an empty one when there is none. */
export function partOf(row: Json | undefined, key: string): Row {
  return ((row as Row | undefined)?.[key] ?? {}) as Row
}

export type Get = (path: string) => Promise<Response>

/** Signs in and answers a function that reads with the access token. */
export async function signedIn(bench: Bench, broker: OAuthStand): Promise<Get> {
  const token = await rowOf(await exchange(bench, broker, await codeFrom(bench, broker)))
  return path =>
    fetch(`${bench.sandbox.urls[broker]}${path}`, { headers: { ...AGENT, authorization: `Bearer ${text(token['access_token'])}` } })
}

export type Send = (method: string, path: string, body?: object) => Promise<Response>

/** Signs in with a scope and answers a function that calls with JSON bodies. */
export async function sender(bench: Bench, broker: OAuthStand, scope: string | null = null): Promise<Send> {
  const token = await rowOf(await exchange(bench, broker, await codeFrom(bench, broker, { scope })))
  const headers = { ...AGENT, authorization: `Bearer ${text(token['access_token'])}` }
  return (method, path, body) =>
    fetch(new URL(path, bench.sandbox.urls[broker]), {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}

/** Every activity of the Alpaca account, newest first, page by page. */
export async function allActivities(get: Get, query = ''): Promise<Row[]> {
  const rows: Row[] = []
  for (let token = ''; ;) {
    const page = await rowsOf(await get(`/v2/account/activities?page_token=${encodeURIComponent(token)}${query}`))
    rows.push(...page)
    if (page.length < 100) return rows
    token = text(page.at(-1)?.['id'])
  }
}

export const SCHWAB_TYPES =
  'TRADE,RECEIVE_AND_DELIVER,DIVIDEND_OR_INTEREST,ACH_RECEIPT,ACH_DISBURSEMENT,CASH_RECEIPT,CASH_DISBURSEMENT,ELECTRONIC_FUND,WIRE_OUT,WIRE_IN,JOURNAL,MEMORANDUM,MARGIN_CALL,MONEY_MARKET,SMA_ADJUSTMENT'

/** Every transaction of one Schwab account, year by year. */
export async function allTransactions(get: Get, hash: string, last = 2026): Promise<Row[]> {
  const rows: Row[] = []
  for (let year = last; year > last - 5; year -= 1) {
    rows.push(...(await rowsOf(await get(transactionsPath(hash, `${year}-01-01T00:00:00.000Z`, `${year}-12-31T23:59:59.999Z`)))))
  }
  return rows
}

export function transactionsPath(hash: string, startDate: string, endDate: string, types = SCHWAB_TYPES): string {
  return `/trader/v1/accounts/${hash}/transactions?${new URLSearchParams({ startDate, endDate, types }).toString()}`
}

export async function hashesOf(get: Get): Promise<{ number: string; hash: string }[]> {
  const rows = await rowsOf(await get('/trader/v1/accounts/accountNumbers'))
  return rows.map(row => ({ number: text(row['accountNumber']), hash: text(row['hashValue']) }))
}
