import { Instant } from '../../../../shared/domain/time.ts'
import { addFillIn, correctIn, createDesks, statementsIn } from '../desks.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createGrants } from '../grants.ts'
import type { Grant } from '../grants.ts'
import { createSignIn } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import { tastyIdentities } from './customers.ts'
import { NGINX, TASTYTRADE_SIGN_IN, tastyToken } from './oauth.ts'
import { ordersCall } from './order-calls.ts'
import { listReply, transactionReply, transactionsReply } from './queries.ts'
import { quotesReply } from './quotes.ts'
import { tastyBulkForm, tastyId, tastyRows } from './rows.ts'
import { tastyAccount, tastyBalances, tastyNet, tastyPosition } from './state.ts'
import type { TastyDesk } from './state.ts'
import { dayAt, single, tastyError } from './wire.ts'

const ACCESS_LIFE_MS = 900_000
const NO_AGENT: Reply = { status: 401, headers: { 'content-type': 'text/html' }, body: NGINX(401) }

/** tastytrade: two open accounts and a closed one, its dasherised JSON, code sign-in and the personal grant. */
export function createTastytrade(options: SimulatorOptions): Simulator {
  const { seed, now, rotation } = options
  const nowMs = () => Instant.toEpochMs(now())
  const identities = tastyIdentities(seed)
  const accessLifeMs = options.tokenLifeMs ?? ACCESS_LIFE_MS
  const grants = createGrants({
    broker: 'tastytrade',
    seed,
    now,
    rotation,
    accessLifeMs,
    refreshLifeMs: Number.POSITIVE_INFINITY,
    parallel: true,
  })
  const signIn = createSignIn(TASTYTRADE_SIGN_IN, seed, now)
  const desks = createTastyDesks(options)
  const mine: Grant = { id: 'personal', scope: 'read trade', accounts: [], signInAt: nowMs() }
  let personal: Grant | null = mine
  const refreshTrouble = () => {
    const fault = options.refreshFault()
    return fault === null ? null : fault.name === 'refresh-invalid' ? 'invalid' : (fault.status ?? 503)
  }
  const unauthorized = () => tastyError(401, 'token_invalid', 'This token is invalid or has expired')
  return {
    grants: {
      ...grants,
      revokeAll() {
        personal = null
        grants.revokeAll()
      },
    },
    isAuth: path => path === '/auth.html' || path === '/oauth/token',
    handle(ask) {
      if (ask.path === '/auth.html') return signIn.handle(ask)
      if (!/^[^\s/]+\/\S+/.test(ask.headers['user-agent'] ?? '')) return NO_AGENT
      if (ask.path === '/oauth/token') return tastyToken(ask, { signIn, grants, personal: () => personal, accessLifeMs, refreshTrouble })
      const [scheme, token = ''] = (ask.headers.authorization ?? '').split(' ')
      const grant = scheme === 'Bearer' ? grants.access(token) : undefined
      if (!grant) return unauthorized()
      if (ask.method !== 'GET' && !grant.scope.split(' ').includes('trade'))
        return tastyError(403, 'not_permitted', 'The token has no scope trade')
      return answer(ask, desks, nowMs())
    },
    unauthorized,
    broken: status => tastyError(status, 'internal_server_error', 'An error has occurred. Please try again later'),
    tooMany(retryAfter) {
      const reply = tastyError(429, 'too_many_requests', 'Too many requests')
      return retryAfter === undefined ? reply : { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } }
    },
    concerns: (path, number) => path.startsWith(`/accounts/${identities[number]?.number ?? 'none'}/`),
    headers: () => ({}),
    addFill() {
      const entry = addFillIn(desks(), now())
      return String(tastyId({ number: '', index: 0 }, entry))
    },
    correct: externalId => correctIn(desks(), (identity, entry) => String(tastyId(identity, entry)), externalId),
    statements: () => statementsIn(desks(), now(), entry => tastyNet(entry, nowMs())),
  }
}

function createTastyDesks({ seed, now, activities, knobs }: SimulatorOptions): () => readonly TastyDesk[] {
  const today = () => dayAt(Instant.toEpochMs(now()))
  return createDesks({
    seed,
    now,
    knobs,
    activities,
    waiting: { tif: 'GTC', session: '' },
    people: tastyIdentities(seed).map(identity => ({ identity, customer: identity.customer })),
    form: identity => ({
      rows: entry => tastyRows(identity, entry, entry.day >= today()),
      bulk: bulk => tastyBulkForm(identity, bulk),
      version: today,
    }),
  })
}

function answer(ask: Ask, desks: () => readonly TastyDesk[], nowMs: number): Reply {
  const { path, method } = ask
  if (path === '/customers/me/accounts')
    return listReply(
      path,
      desks().map(({ identity }) => tastyAccount(identity)),
    )
  if (path.startsWith('/market-data/')) return quotes(ask, desks(), nowMs)
  const [, root, number, part, id, more, ...rest] = path.split('/')
  const desk = root === 'accounts' && rest.length === 0 ? desks().find(({ identity }) => identity.number === number) : undefined
  if (!desk) return tastyError(404, 'record_not_found', 'Record not found')
  const ordered = part === 'orders' ? ordersCall(ask, desk, id, more, nowMs) : undefined
  if (ordered) return ordered
  if (method !== 'GET') return tastyError(405, 'not_allowed', 'Method not allowed')
  if (part === 'balances' && more === undefined) return single(path, tastyBalances(desk, nowMs))
  if (part === 'positions' && id === undefined) return positionsReply(ask, desk, nowMs)
  if (part === 'transactions' && more === undefined)
    return id === undefined ? transactionsReply(ask, desk) : transactionReply(ask, id, desk)
  return tastyError(404, 'not_found', 'Resource not found')
}

function quotes(ask: Ask, [desk]: readonly TastyDesk[], nowMs: number): Reply {
  if (!desk || ask.method !== 'GET') return tastyError(405, 'not_allowed', 'Method not allowed')
  return quotesReply(ask, desk.history.market, nowMs)
}

function positionsReply(ask: Ask, desk: TastyDesk, nowMs: number): Reply {
  const marks = ask.query.get('include-marks') === 'true'
  const holdings = [...desk.account.story.holdings.values()].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
  return listReply(
    ask.path,
    holdings.map(holding => tastyPosition(desk, holding, nowMs, marks)),
  )
}
