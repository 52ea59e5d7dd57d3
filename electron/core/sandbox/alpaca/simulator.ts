import { Instant } from '../../../../shared/domain/time.ts'
import { SANDBOX_ALPACA_KEY } from '../client-keys.ts'
import { uuidOf } from '../dice.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createGrants } from '../grants.ts'
import { createSignIn } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import { createAlpacaDesk } from './desk.ts'
import { ALPACA_SIGN_IN, alpacaError, alpacaToken } from './oauth.ts'

const LIMIT = 200
const DATA = /^\/(?:v2\/stocks|v1beta1\/options|v1beta3\/crypto)\//

/** Alpaca: one account, Trading API v2 in its own wire format, Connect sign-in and the key pair beside it. */
export function createAlpaca(options: SimulatorOptions): Simulator {
  const { seed, now, rotation } = options
  const grants = createGrants({ broker: 'alpaca', seed, now, rotation, accessLifeMs: options.tokenLifeMs ?? null, refreshLifeMs: null })
  const signIn = createSignIn(ALPACA_SIGN_IN, seed, now)
  const desk = createAlpacaDesk(options)
  const unauthorized = () => alpacaError(401, 40_110_000, 'request is not authorized.')
  let calls = 0
  return {
    grants,
    isAuth: path => path.startsWith('/oauth/'),
    handle(ask) {
      if (ask.path === '/oauth/authorize') return signIn.handle(ask)
      if (ask.path === '/oauth/token') return alpacaToken(ask, signIn, grants)
      const scope = scopeOf(ask, token => grants.access(token)?.scope)
      if (scope === undefined) return unauthorized()
      if (DATA.test(ask.path)) return scope.includes('data') ? desk.quotes(ask) : forbidden('data')
      if (ask.method === 'GET') return desk.read(ask)
      return scope.includes('trading') ? desk.change(ask) : forbidden('trading')
    },
    unauthorized,
    broken: status => alpacaError(status, 50_010_000, 'internal server error occurred'),
    tooMany(retryAfter) {
      const reply = alpacaError(429, 42_910_000, 'too many requests.')
      const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
      return { ...reply, headers: { ...reply.headers, 'x-ratelimit-remaining': '0', ...wait } }
    },
    concerns: path => ['/v2/account', '/v2/positions', '/v2/orders'].some(start => path.startsWith(start)),
    headers() {
      calls += 1
      return {
        'x-request-id': uuidOf(seed, 'alpaca request', calls).replaceAll('-', ''),
        'x-ratelimit-limit': String(LIMIT),
        // The count never reaches zero by itself: slowing down is a fault to ask for, not an accident of a fast test.
        'x-ratelimit-remaining': String(LIMIT - (calls % LIMIT)),
        'x-ratelimit-reset': String(Math.ceil(Instant.toEpochMs(now()) / 1000) + 1),
      }
    },
    addFill: () => desk.addFill(),
    correct: externalId => desk.correct(externalId),
    statements: () => desk.statements(),
  }
}

/** A sign-in without scopes may read and nothing else. */
function forbidden(scope: string): Reply {
  return alpacaError(403, 40_310_000, `forbidden: the token has no scope ${scope}`)
}

/** What the caller may do; undefined when nobody knows the token or key. The key pair may do everything. */
function scopeOf(ask: Ask, scope: (token: string) => string | undefined): readonly string[] | undefined {
  const { authorization } = ask.headers
  if (authorization !== undefined) {
    const [scheme, token = ''] = authorization.split(' ')
    return scheme?.toLowerCase() === 'bearer' ? scope(token)?.split(' ') : undefined
  }
  const { keyId, secret } = SANDBOX_ALPACA_KEY
  const known = ask.headers['apca-api-key-id'] === keyId && ask.headers['apca-api-secret-key'] === secret
  return known ? ['account:write', 'trading', 'data'] : undefined
}
