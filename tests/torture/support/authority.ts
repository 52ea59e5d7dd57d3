import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * How an authorization server treats refresh tokens. `keeps`: never replaced (RFC 6749 section 6 lets it). `grace`: replaced with every
 * use, a replaced one stays good for a minute and gives the same successor, for a client that lost the answer. `strict`: replaced with every use, and the use of one
 * that was replaced ends the whole family (RFC 9700 section 4.14.2).
 */
export type Model = 'keeps' | 'grace' | 'strict'

/** What happens to a request, in order. */
export type Phase = 'asked' | 'committed' | 'answered'

export interface Pair {
  readonly access: string
  readonly refresh: string
}

export interface Authority extends AsyncDisposable {
  readonly origin: string
  /** Presentations of a refresh token. */
  readonly requests: number
  /** How often a used-up refresh token was presented. */
  readonly replays: number
  /** Families that a replay ended. */
  readonly ended: number
  /** A new session, as a sign-in would give it; the one before is left alone. */
  signIn(): Pair
  /** True for an access token of a session that goes on, given out last or still within its life. */
  isLive(access: string): boolean
  /** The access token given out last. */
  current(): string
  /** Called as a request gets there, before anything else is done. */
  onPhase(listener: (phase: Phase) => void): void
  /** Ends the current access token, as time would. */
  expire(): void
}

const GRACE_MS = 60_000
/** Wide enough for a kill to find each part of a request, short enough for a thousand of them. */
const BEFORE_MS = 2
const AFTER_MS = 2

interface Family {
  readonly number: number
  count: number
  refresh: string
  /** Replaced ones, and until when each stays good. */
  readonly replaced: Map<string, number>
  access: string
  revoked: boolean
}

/** An authorization server on the loopback, and an API at `/api` that takes its current access token. */
export async function startAuthority(model: Model): Promise<Authority> {
  const families: Family[] = []
  let [requests, replays, ended] = [0, 0, 0]
  let listener: (phase: Phase) => void = () => undefined

  function signIn(): Pair {
    const family: Family = { number: families.length + 1, count: 0, refresh: '', replaced: new Map(), access: '', revoked: false }
    families.push(family)
    return issue(family)
  }

  function issue(family: Family): Pair {
    family.count += 1
    const name = `${family.number}-${family.count}`
    family.access = `access-${name}-${'a'.repeat(600)}`
    if (model !== 'keeps' || family.refresh === '') {
      if (family.refresh !== '') family.replaced.set(family.refresh, performance.now() + GRACE_MS)
      family.refresh = `refresh-${name}-${'r'.repeat(600)}`
    }
    return { access: family.access, refresh: family.refresh }
  }

  /** The successor again, with a fresh access token: the client cannot have had it, or it would not ask. */
  function again(family: Family): Pair {
    family.count += 1
    family.access = `access-${family.number}-${family.count}-${'a'.repeat(600)}`
    return { access: family.access, refresh: family.refresh }
  }

  function redeem(token: string): Pair | null {
    const family = families.find(({ number }) => token.startsWith(`refresh-${number}-`))
    if (!family || family.revoked) return refuse()
    if (token === family.refresh) return issue(family)
    if (model === 'grace' && performance.now() < (family.replaced.get(token) ?? 0)) return again(family)
    if (model === 'strict') {
      family.revoked = true
      ended += 1
    }
    return refuse()
  }

  function refuse(): null {
    replays += 1
    return null
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request))
    const reply = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
    if (request.url === '/api') return reply(isLive((request.headers.authorization ?? '').slice('Bearer '.length)) ? 200 : 401, {})
    requests += 1
    listener('asked')
    await pause(BEFORE_MS)
    const pair = redeem(form.get('refresh_token') ?? '')
    listener('committed')
    await pause(AFTER_MS)
    if (pair) reply(200, { access_token: pair.access, refresh_token: pair.refresh, token_type: 'Bearer', expires_in: 1800 })
    else reply(400, { error: 'invalid_grant', error_description: 'The refresh token is unknown, used up or revoked.' })
    listener('answered')
  }

  const isLive = (access: string): boolean => families.some(family => !family.revoked && family.access === access && access !== '')
  const server = createServer((request, response) => void answer(request, response).catch(() => request.socket.destroy()))
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    get requests() {
      return requests
    },
    get replays() {
      return replays
    },
    get ended() {
      return ended
    },
    signIn,
    isLive,
    current: () => families.at(-1)?.access ?? '',
    onPhase(next) {
      listener = next
    },
    expire() {
      for (const family of families) family.access = ''
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve, ms))
}
