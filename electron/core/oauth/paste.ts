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

/** The sign-in a pasted answer must belong to; `broker` is its name, for sentences. */
export interface ExpectedPaste {
  readonly redirectUri: string
  readonly state: string
  readonly broker: string
}

type Refusal = 'auth/bad-paste' | 'auth/wrong-broker' | 'auth/wrong-state'

/**
 * Reads what a user pasted: the whole redirected address, or the code alone.
 * An address must be exactly this sign-in's (scheme, host, port, path, state). Throws auth/bad-paste, auth/wrong-broker, auth/wrong-state.
 */
export function readPaste(text: string, expected: ExpectedPaste): CallbackParams {
  const read = Buffer.byteLength(text, 'utf8') > MAX_PASTE_BYTES ? 'auth/bad-paste' : readTrimmed(text.trim(), expected)
  if (typeof read === 'string') throw new AppError(read, { details: { broker: expected.broker } })
  return read
}

function readTrimmed(text: string, expected: ExpectedPaste): CallbackParams | Refusal {
  if (!WRITABLE.test(text)) return 'auth/bad-paste'
  if (ADDRESS.test(text)) return readAddress(text, expected)
  const code = LONE_CODE.test(text) ? decoded(text) : null
  return code !== null && isCode(code) ? { kind: 'code', code: Secret.of(code) } : 'auth/bad-paste'
}

function readAddress(text: string, { redirectUri, state }: ExpectedPaste): CallbackParams | Refusal {
  const mark = text.indexOf('?')
  const hash = text.indexOf('#')
  // A fragment is the browser's own (`#_=_` and the like) and never reaches a listener.
  const address = text.slice(0, mark < 0 ? undefined : mark)
  const query = mark < 0 ? '' : text.slice(mark + 1, hash > mark ? hash : undefined)
  if (address !== redirectUri) return isOtherBrokers(address, redirectUri) ? 'auth/wrong-broker' : 'auth/bad-paste'
  const params = new URLSearchParams(query)
  const read = readCallback(params, state)
  if (read) return read
  const isWholeAnswer = params.getAll('state').length === 1 && params.getAll('code').length + params.getAll('error').length === 1
  return isWholeAnswer && !hasState(params, state) ? 'auth/wrong-state' : 'auth/bad-paste'
}

/** True for the loopback address of a broker other than this sign-in's. */
function isOtherBrokers(address: string, redirectUri: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname, pathname } = new URL(address)
  const known: readonly string[] = BROKER_IDS
  return hostname === '127.0.0.1' && pathname !== new URL(redirectUri).pathname && known.includes(CALLBACK_PATH.exec(pathname)?.[1] ?? '')
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
