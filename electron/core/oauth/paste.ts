import { AppError } from '../../../shared/contract/errors.ts'
import { BROKER_IDS } from '../../../shared/domain/broker.ts'
import { Secret } from '../vault/secret.ts'
import { type CallbackParams, hasState, isCode, readCallback } from './callback.ts'

const MAX_PASTE_BYTES = 4096
const ADDRESS = /^https?:\/\//i
const WRITABLE = /^[\x21-\x7e]+$/
// What a lone code may look like: unreserved characters, the at sign, plus and padding; anything else percent-encoded.
const LONE_CODE = /^(?:[A-Za-z0-9._~@+-]|%[0-9A-Fa-f]{2}){8,2048}={0,2}$/
const CALLBACK_PATH = /^\/callback\/([a-z0-9-]{1,32})$/

/**
 * Reads what a user pasted: the whole redirected address, or the code alone.
 * An address must be exactly this sign-in's (scheme, host, port, path, state). Throws auth/bad-paste, auth/wrong-broker, auth/wrong-state.
 */
export function readPaste(text: string, expected: { readonly redirectUri: string; readonly state: string }): CallbackParams {
  const trimmed = text.trim()
  if (Buffer.byteLength(text, 'utf8') > MAX_PASTE_BYTES || !WRITABLE.test(trimmed)) throw new AppError('auth/bad-paste')
  return ADDRESS.test(trimmed) ? readAddress(trimmed, expected) : { kind: 'code', code: readLoneCode(trimmed) }
}

function readAddress(text: string, { redirectUri, state }: { readonly redirectUri: string; readonly state: string }): CallbackParams {
  const mark = text.indexOf('?')
  const hash = text.indexOf('#')
  // A fragment is the browser's own (`#_=_` and the like) and never reaches a listener.
  const address = text.slice(0, mark < 0 ? undefined : mark)
  const query = mark < 0 ? '' : text.slice(mark + 1, hash > mark ? hash : undefined)
  if (address !== redirectUri) throw new AppError(isOtherBrokers(address, redirectUri) ? 'auth/wrong-broker' : 'auth/bad-paste')
  const params = new URLSearchParams(query)
  const read = readCallback(params, state)
  if (read) return read
  const isWholeAnswer = params.getAll('state').length === 1 && params.getAll('code').length + params.getAll('error').length === 1
  throw new AppError(isWholeAnswer && !hasState(params, state) ? 'auth/wrong-state' : 'auth/bad-paste')
}

/** True for the loopback address of a broker other than this sign-in's. */
function isOtherBrokers(address: string, redirectUri: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname, pathname } = new URL(address)
  const known: readonly string[] = BROKER_IDS
  return hostname === '127.0.0.1' && pathname !== new URL(redirectUri).pathname && known.includes(CALLBACK_PATH.exec(pathname)?.[1] ?? '')
}

function readLoneCode(text: string): Secret {
  if (!LONE_CODE.test(text)) throw new AppError('auth/bad-paste')
  const code = decoded(text)
  if (code === null || !isCode(code)) throw new AppError('auth/bad-paste')
  return Secret.of(code)
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
