import { createHmac } from 'node:crypto'
import type { Secret } from '../../vault/secret.ts'

/** A token and the secret that signs with it. */
export interface SignedToken {
  readonly key: Secret
  readonly secret: Secret
}

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string
  /** With its query. */
  readonly url: string
}

export interface SignatureParts {
  readonly consumer: { readonly id: string; readonly secret: Secret }
  readonly token?: SignedToken | undefined
  /** Further parameters of the protocol, such as `oauth_callback`. */
  readonly extra?: Readonly<Record<string, string>> | undefined
  readonly nonce: string
  /** Epoch seconds. */
  readonly timestamp: number
}

export type Params = readonly (readonly [name: string, value: string])[]

/** RFC 3986 percent-encoding as RFC 5849 section 3.6 wants it: all but letters, digits, `-`, `.`, `_` and `~`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The signature base string of RFC 5849 section 3.4.1. `params` are the protocol's and a form's; the query is read from the address. */
export function baseString({ method, url }: SignedRequest, params: Params): string {
  const { protocol, host, pathname, searchParams } = new URL(url)
  const all = [...searchParams, ...params].map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
  const sorted = all.toSorted(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
  const normalized = sorted.map(([name, value]) => `${name}=${value}`).join('&')
  return [method.toUpperCase(), `${protocol}//${host}${pathname}`, normalized].map(percentEncode).join('&')
}

/** HMAC-SHA1 of RFC 5849 section 3.4.2, in base64. An empty token secret is for requests without a token. */
export function signatureOf(base: string, consumerSecret: string, tokenSecret: string): string {
  return createHmac('sha1', `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`)
    .update(base, 'ascii')
    .digest('base64')
}

/** The Authorization header of a signed request; the optional `oauth_version` is left out of it and of the signature. */
export function authorizationHeader(request: SignedRequest, { consumer, token, extra = {}, nonce, timestamp }: SignatureParts): string {
  const params = Object.entries({
    oauth_consumer_key: consumer.id,
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: String(timestamp),
    oauth_nonce: nonce,
    ...(token ? { oauth_token: token.key.reveal() } : {}),
    ...extra,
  })
  const signature = signatureOf(baseString(request, params), consumer.secret.reveal(), token?.secret.reveal() ?? '')
  const written = [...params, ['oauth_signature', signature] as const].map(([name, value]) => `${name}="${percentEncode(value)}"`)
  return `OAuth ${['realm=""', ...written].join(',')}`
}

/** By code unit, which is by byte for encoded text. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
