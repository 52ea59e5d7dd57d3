import { randomBytes, timingSafeEqual } from 'node:crypto'

/** Who may come in: one-time links, the browser sessions they were swapped for, and the bearer token of local programs. */
export interface Doorkeeper {
  /** For programs of the same user, who read it from the private host file. */
  readonly bearer: string
  /** A new one-time token; it replaces the one before. */
  issueLink(): string
  /** Swaps a one-time token for a session token; null when it was used, replaced, too old or never ours. */
  redeem(token: string): string | null
  knowsSession(cookieHeader: string | undefined): boolean
  knowsBearer(authorization: string | undefined): boolean
  /** The `Set-Cookie` value for a session. */
  cookie(session: string): string
}

export interface DoorkeeperOptions {
  /** Part of the cookie's name, because cookies do not tell ports apart. */
  readonly port: number
  readonly monotonicMs: () => number
  readonly linkLifeMs?: number
}

const LINK_LIFE_MS = 60 * 60_000
const MAX_SESSIONS = 64

/** Tokens are 256 random bits, compared in constant time. */
export function createDoorkeeper({ port, monotonicMs, linkLifeMs = LINK_LIFE_MS }: DoorkeeperOptions): Doorkeeper {
  const cookieName = `keelson-${port}`
  const bearer = newToken()
  let link: { readonly token: string; readonly until: number } | null = null
  let sessions: readonly string[] = []

  return {
    bearer,
    issueLink() {
      const token = newToken()
      link = { token, until: monotonicMs() + linkLifeMs }
      return token
    },
    redeem(token) {
      if (!link || !isSame(token, link.token)) return null
      const fresh = monotonicMs() <= link.until
      link = null
      if (!fresh) return null
      const session = newToken()
      sessions = [...sessions, session].slice(-MAX_SESSIONS)
      return session
    },
    knowsSession(header) {
      return cookieValues(header, cookieName).some(value => matchesAny(value, sessions))
    },
    knowsBearer(authorization) {
      const token = /^Bearer ([\w-]{1,128})$/.exec(authorization ?? '')?.[1]
      return token !== undefined && isSame(token, bearer)
    },
    cookie: session => `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Looks at every entry, so that the time taken does not tell which one matched. */
function matchesAny(candidate: string, known: readonly string[]): boolean {
  let found = false
  for (const entry of known) found = isSame(candidate, entry) || found
  return found
}

function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(`${name}=`))
    .map(part => part.slice(name.length + 1))
}
