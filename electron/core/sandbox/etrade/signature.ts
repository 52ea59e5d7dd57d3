import { createHmac, timingSafeEqual } from 'node:crypto'

/** Percent-encoding of RFC 5849 3.6: everything but unreserved characters, in capitals. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The signature base string of RFC 5849 3.4.1. `url` is scheme, host and path; parameters come decoded, without the signature. */
export function baseString(method: string, url: string, parameters: readonly (readonly [string, string])[]): string {
  const encoded = parameters.map(([name, value]) => [encode(name), encode(value)] as const)
  const sorted = encoded.sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
  return [method.toUpperCase(), encode(url), encode(sorted.map(pair => pair.join('=')).join('&'))].join('&')
}

/** The HMAC-SHA1 signature of RFC 5849 3.4.2, in base64. */
export function sign(base: string, consumerSecret: string, tokenSecret: string): string {
  return createHmac('sha1', `${encode(consumerSecret)}&${encode(tokenSecret)}`)
    .update(base)
    .digest('base64')
}

export function sameSignature(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The parameters of an `Authorization: OAuth` header, decoded; undefined when it is none, or names one twice. */
export function readHeader(header: string | undefined): ReadonlyMap<string, string> | undefined {
  const text = /^OAuth\s+(.*)$/i.exec(header ?? '')?.[1]
  if (text === undefined) return undefined
  const found = new Map<string, string>()
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([^=\s]+)="([^"]*)"\s*$/.exec(part) ?? []
    if (name === '' || found.has(name)) return undefined
    try {
      found.set(decodeURIComponent(name), decodeURIComponent(value))
    } catch {
      return undefined
    }
  }
  return found
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
