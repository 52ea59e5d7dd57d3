import { Instant } from '../../../../shared/domain/time.ts'
import { SANDBOX_ALPACA_KEY } from '../client-keys.ts'
import { uuidOf } from '../dice.ts'
import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createFeed } from '../feed.ts'
import type { Feed } from '../feed.ts'
import { createGrants } from '../grants.ts'
import { addPurchase, correctFill, createHistory } from '../history.ts'
import type { Account } from '../history.ts'
import { createBulk } from '../bulk.ts'
import { createSignIn } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import type { Entry, FillEntry } from '../story.ts'
import type { Customer } from '../tell.ts'
import { ALPACA_SIGN_IN, alpacaError, alpacaToken } from './oauth.ts'
import { ordersReply } from './orders.ts'
import { activitiesReply } from './queries.ts'
import { alpacaBulkForm, alpacaRow } from './rows.ts'
import { alpacaAccount, alpacaClock, alpacaPosition } from './state.ts'

const CUSTOMER: Customer = {
  account: 'alpaca',
  ordersPerDay: 0.72,
  fractional: true,
  shorts: true,
  options: true,
  spreads: false,
  futureOptions: false,
  opening: 60_000,
  monthly: 400,
  yearlyOut: 1500,
  reinvests: false,
  feesApart: true,
}
const LIMIT = 200

/** Alpaca: one account, Trading API v2 in its own wire format, Connect sign-in and the key pair beside it. */
export function createAlpaca(options: SimulatorOptions): Simulator {
  const { seed, now } = options
  const history = createHistory({ seed, now: now(), customers: [CUSTOMER], activities: options.activities })
  const [account] = history.accounts
  if (!account) throw new RangeError('no account')
  const grants = createGrants({
    broker: 'alpaca',
    seed,
    now,
    rotation: options.rotation,
    accessLifeMs: options.tokenLifeMs ?? null,
    refreshLifeMs: null,
  })
  const signIn = createSignIn(ALPACA_SIGN_IN, seed, now)
  const books = createBooks(seed, account)
  let calls = 0

  const read = (ask: Ask): Reply => {
    const { path } = ask
    if (path === '/v2/account') return jsonReply(200, alpacaAccount(seed, history, account))
    if (path === '/v2/positions')
      return textReply(
        200,
        `[${positions()
          .map(({ text }) => text)
          .join(',')}]`,
      )
    if (path.startsWith('/v2/positions/')) {
      const found = positions().find(({ symbol }) => symbol === decodeURIComponent(path.slice(14)))
      return found ? textReply(200, found.text) : alpacaError(404, 40_410_000, 'position does not exist')
    }
    if (path === '/v2/orders') return ordersReply(seed, ask, account.story.orders, Instant.toEpochMs(now()))
    if (path === '/v2/account/activities') return activitiesReply(ask, '', books().all, books().apart)
    if (path.startsWith('/v2/account/activities/')) return activitiesReply(ask, path.slice(23), books().all, books().apart)
    return path === '/v2/clock' ? jsonReply(200, alpacaClock(now())) : alpacaError(404, 40_410_000, 'endpoint not found.')
  }
  const positions = () =>
    [...account.story.holdings.values()]
      .map(holding => ({ symbol: holding.instrument.symbol, text: JSON.stringify(alpacaPosition(history, holding)) }))
      .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
  const unauthorized = () => alpacaError(401, 40_110_000, 'request is not authorized.')

  return {
    grants,
    isAuth: path => path.startsWith('/oauth/'),
    handle(ask) {
      if (ask.path === '/oauth/authorize') return signIn.handle(ask)
      if (ask.path === '/oauth/token') return alpacaToken(ask, signIn, grants)
      if (!allowed(ask, token => grants.access(token) !== undefined)) return unauthorized()
      return ask.method === 'GET' ? read(ask) : alpacaError(405, 40_510_000, 'method not allowed')
    },
    unauthorized,
    tooMany: retryAfter => ({
      ...alpacaError(429, 42_910_000, 'too many requests.'),
      headers: {
        'content-type': 'application/json',
        'x-ratelimit-remaining': '0',
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      },
    }),
    concerns: path => path.startsWith('/v2/account') || path.startsWith('/v2/positions') || path.startsWith('/v2/orders'),
    headers() {
      calls += 1
      // The count never reaches zero by itself: slowing down is a fault to ask for, not an accident of a fast test.
      const remaining = Math.max(1, LIMIT - (calls % LIMIT))
      return {
        'x-request-id': uuidOf(seed, 'alpaca request', calls).replaceAll('-', ''),
        'x-ratelimit-limit': String(LIMIT),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset': String(Math.ceil(Instant.toEpochMs(now()) / 1000) + 1),
      }
    },
    addFill: () => alpacaRow(seed, addPurchase(account, history.market, now())).id,
    correct(externalId) {
      const fills = account.story.entries.filter((entry): entry is FillEntry => entry.kind === 'fill')
      const entry = externalId === undefined ? fills.at(-1) : fills.find(item => alpacaRow(seed, item).id === externalId)
      if (!entry) return undefined
      correctFill(account, entry)
      return alpacaRow(seed, entry).id
    },
  }
}

function allowed(ask: Ask, knows: (token: string) => boolean): boolean {
  const { authorization } = ask.headers
  if (authorization !== undefined) {
    const [scheme, token = ''] = authorization.split(' ')
    return scheme?.toLowerCase() === 'bearer' && knows(token)
  }
  return ask.headers['apca-api-key-id'] === SANDBOX_ALPACA_KEY.keyId && ask.headers['apca-api-secret-key'] === SANDBOX_ALPACA_KEY.secret
}

/** The activity feeds, written once and again after every change of the story. */
function createBooks(seed: number, account: Account): () => { all: Feed; apart: Feed } {
  const none = createBulk(seed, 0, { days: [], listings: new Map(), close: () => 0 }, 0)
  const rows = new Map<Entry, ReturnType<typeof alpacaRow>>()
  let made: { all: Feed; apart: Feed } | undefined
  let revision = -1
  return () => {
    if (made && revision === account.revision) return made
    rows.clear()
    revision = account.revision
    const written = account.story.entries.map(entry => alpacaRow(seed, entry))
    made = {
      all: createFeed(written, account.bulk, alpacaBulkForm(seed, account.bulk)),
      apart: createFeed(written, none, alpacaBulkForm(seed, none)),
    }
    return made
  }
}
