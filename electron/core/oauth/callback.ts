import { Secret } from '../vault/secret.ts'
import { sameText } from './authorize.ts'

/** The one valid end of a browser visit: a code to exchange, or the broker's own word for why there is none. */
export type CallbackParams = { readonly kind: 'code'; readonly code: Secret } | { readonly kind: 'error'; readonly error: string }

const MAX_CODE = 2048
const CODE = /^[\x21-\x7e]+$/
const ERROR = /^[a-z_]{1,64}$/

/** True for text that can be an authorization code once decoded (RFC 6749 appendix A.11, without spaces). */
export function isCode(text: string): boolean {
  return text.length <= MAX_CODE && CODE.test(text)
}

/** The only value of a parameter; undefined when it is missing or given twice. */
export function single(params: URLSearchParams, name: string): string | undefined {
  const values = params.getAll(name)
  return values.length === 1 ? values[0] : undefined
}

/** True when the parameters carry exactly this sign-in's state. Compared in constant time. */
export function hasState(params: URLSearchParams, state: string): boolean {
  const given = single(params, 'state')
  return given !== undefined && sameText(given, state)
}

/** Reads the answer of an authorization endpoint; null for anything that is not exactly one answer to this sign-in. */
export function readCallback(params: URLSearchParams, state: string): CallbackParams | null {
  if (!hasState(params, state)) return null
  const codes = params.getAll('code')
  const errors = params.getAll('error')
  if (codes.length + errors.length !== 1) return null
  const code = codes[0]
  if (code !== undefined) return isCode(code) ? { kind: 'code', code: Secret.of(code) } : null
  const error = errors[0]
  return error !== undefined && error !== '' ? { kind: 'error', error: ERROR.test(error) ? error : 'other' } : null
}
