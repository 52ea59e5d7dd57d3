import { createHash } from 'node:crypto'
import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { text as textOfStream } from 'node:stream/consumers'
import { startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { Sandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import { FRIDAY } from './tws-client.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Row = { [key: string]: Json }

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Json
}

/** Calls the web API below `/v1/api`; a body is sent as JSON. */
export type Call = (method: string, path: string, body?: Json) => Promise<Answer>

export async function openIbkr(seed = 7): Promise<Sandbox & AsyncDisposable> {
  const sandbox = await startSandbox({ seed, now: () => FRIDAY, brokers: ['ibkr'] })
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() }
}

/** Calls the gateway, trusting the certificate it shows and no other. */
export function gatewayCall(sandbox: Sandbox): Call {
  const origin = sandbox.urls['ibkr-gateway']
  const ca = sandbox.control('ibkr-gateway').certificatePem ?? ''
  return async (method, path, body) => {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const headers = sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(new URL(`${origin}/v1/api${path}`), { method, ca, headers, agent: false }, resolve)
      asked.on('error', reject)
      asked.end(sent)
    })
    return { status: response.statusCode ?? 0, headers: response.headers, body: jsonOf(await textOfStream(response)) }
  }
}

export function jsonOf(body: string): Json {
  return JSON.parse(body) as Json
}

/** A text or number as text. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export const rows = (value: Json): Row[] => value as Row[]
export const row = (value: Json): Row => value as Row

export const VERIFIER = 'a-verifier-of-forty-three-characters-or-more-0123'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
export const REDIRECT = 'http://127.0.0.1:8731/callback/ibkr'

/** What a client asks of the authorization page; null leaves a parameter out. */
export function authorizeQuery(clientId: string, change: Readonly<Record<string, string | null>> = {}): string {
  const usual = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT,
    scope: 'trades positions account market_data',
    state: 's1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries<string | null>({ ...usual, ...change })) if (value !== null) query.set(name, value)
  return query.toString()
}

/** Consents to everything; the address the browser is sent back to. */
export async function consent(origin: string, query: string): Promise<URL> {
  const page = await fetch(`${origin}/oauth2/authorize?${query}`, { redirect: 'manual' })
  const location = page.headers.get('location')
  if (location !== null) return new URL(location)
  const html = await page.text()
  const form = new URLSearchParams({ ticket: /name="ticket" value="([^"]+)"/.exec(html)?.[1] ?? '', decision: 'approve' })
  for (const [, key = ''] of html.matchAll(/name="account" value="([^"]+)"/g)) form.append('account', key)
  const answer = await fetch(`${origin}/oauth2/authorize`, { method: 'POST', body: form, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? `error://status/${answer.status}`)
}

export async function tokenCall(origin: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`${origin}/oauth2/api/v1/token`, { method: 'POST', body: new URLSearchParams(fields) })
  return { status: response.status, headers: {}, body: jsonOf(await response.text()) }
}

export function oauthCall(origin: string, token: string): Call {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const response = await fetch(`${origin}/v1/api${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: Object.fromEntries(response.headers), body: jsonOf(await response.text()) }
  }
}
