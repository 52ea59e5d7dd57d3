import { isErrorCode } from '../../../shared/contract/errors.ts'
import { Secret } from '../vault/secret.ts'

const HIDDEN = '[hidden]'
const SECRET = '[secret]'
const MAX_TEXT = 2000
const MAX_DEPTH = 5
const MAX_ITEMS = 50
const SHORTEST_GUARDED = 6
const MOST_GUARDED = 500

const SECRET_NAME =
  /token|secret|passw|passphrase|authorization|cookie|credential|assertion|verifier|api-?_?key|key-?_?id$|signature|session/i
const PRIVATE_NAME =
  /(?:^|[._-])(?:code|key|state|nonce|number|accountNumber|hash|hashValue|account)$|(?:Number|Hash|Key|Code)$|^account_?(?:number|hash|key)$/
const PLAIN_NAME = /^(?:broker|route|event|error|exit|status)_?code$/i
/** What `code` and `state` may show: codes of ours, of the system and of libraries, and states a thing can be in. */
const KNOWN_WORD =
  /^(?:E[A-Z]{3,20}|(?:UND_)?ERR_[A-Z_]{1,40}|SQLITE_[A-Z_]{1,40}|connected|needs-sign-in|open|locked|waiting|finishing|failed)$/
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi
const QUERY = /(\bhttps?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/gi
const EMAIL = /[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g
/** Where a person's files lie: the name of the folder is mostly the person's. */
const HOME = /\/(?:home|Users)\/[^/\\\s"'<>:;,)]+|\b[A-Za-z]:\\+Users\\+[^/\\"'<>:;,)]+/g
const PAIR = /\b(access_token|refresh_token|id_token|client_secret|client_id|code|state|code_verifier)(=|["']\s*:\s*["'])[^\s"'&,;}]+/gi

export type LogField = string | number | boolean | null

/** Hides secrets in log fields: by the name of the field, by known live values, and by shape. */
export interface Redactor {
  /** From now on this value shows as `[secret]` wherever it appears, encoded or not. */
  guard(secret: Secret | string): void
  fields(fields: Readonly<Record<string, unknown>>): Record<string, LogField>
  /** One text with everything taken out that `fields` would take out of it. */
  text(value: string): string
}

/** The ways one value is written on its way over the wire. */
function spellings(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64')
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(value).toString('base64url'),
  ]
  return [...new Set(forms)]
}

export function createRedactor(): Redactor {
  const guarded = new Map<string, readonly string[]>()

  function guard(secret: Secret | string): void {
    const value = typeof secret === 'string' ? secret : secret.reveal()
    if (value.length < SHORTEST_GUARDED) return
    guarded.delete(value)
    guarded.set(value, spellings(value))
    const oldest = guarded.keys().next()
    if (guarded.size > MOST_GUARDED && !oldest.done) guarded.delete(oldest.value)
  }

  function text(value: string): string {
    let clean = value
    for (const forms of guarded.values())
      for (const form of forms) if (form.length <= clean.length && clean.includes(form)) clean = clean.replaceAll(form, SECRET)
    clean = clean
      .replace(QUERY, '$1')
      .replace(BEARER, `$1 ${SECRET}`)
      .replace(PAIR, `$1$2${SECRET}`)
      .replace(EMAIL, '[e-mail]')
      .replace(HOME, '~')
    return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}…` : clean
  }

  function clean(value: unknown, depth: number, seen: ReadonlySet<unknown>): unknown {
    if (value === null || value === undefined) return null
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return Number.isFinite(value) ? (text(String(value)) === String(value) ? value : SECRET) : String(value)
    if (typeof value === 'boolean') return value
    if (typeof value === 'bigint') return text(String(value))
    if (typeof value !== 'object') return `[${typeof value}]`
    if (value instanceof Secret) return SECRET
    if (seen.has(value) || depth >= MAX_DEPTH) return '[…]'
    const within = new Set(seen).add(value)
    if (value instanceof Error) return cleanError(value, depth, within)
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString()
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]'
    if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(item => clean(item, depth + 1, within))
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    return Object.fromEntries(
      entries.slice(0, MAX_ITEMS).map(([name, item]) => [text(String(name)), named(String(name), item, depth + 1, within)]),
    )
  }

  function cleanError(error: Error, depth: number, seen: ReadonlySet<unknown>): string {
    const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? ` (${error.code})` : ''
    const cause = error.cause === undefined ? '' : ` < ${asField(clean(error.cause, depth + 1, seen))}`
    return text(`${error.name}${code}: ${error.message}`) + cause
  }

  function named(name: string, value: unknown, depth: number, seen: ReadonlySet<unknown>): unknown {
    if (value === null || value === undefined || typeof value === 'boolean') return value ?? null
    if (PLAIN_NAME.test(name)) return clean(value, depth, seen)
    if (/^(?:code|state)$/i.test(name) && typeof value === 'string' && (isErrorCode(value) || KNOWN_WORD.test(value))) return value
    if (SECRET_NAME.test(name) || PRIVATE_NAME.test(name)) return HIDDEN
    return clean(value, depth, seen)
  }

  function fields(input: Readonly<Record<string, unknown>>): Record<string, LogField> {
    const seen = new Set<unknown>([input])
    return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, asField(safely(() => named(name, value, 0, seen)))]))
  }

  return { guard, fields, text }
}

function safely(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return '[unreadable]'
  }
}

function asField(value: unknown): LogField {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return JSON.stringify(value)
}
