import { Instant } from '../../../../shared/domain/time.ts'
import { addFillIn, correctIn, createDesks, statementsIn } from '../desks.ts'
import { uuidOf } from '../dice.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createGrants } from '../grants.ts'
import { createSignIn } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import { tdaIdentities } from './customers.ts'
import { TDA_SIGN_IN, tdaToken } from './oauth.ts'
import { orderCall, quotesReply } from './order-calls.ts'
import { orderReply, ordersReply, transactionReply, transactionsReply } from './queries.ts'
import { tdaBulkForm, tdaId, tdaRow } from './rows.ts'
import { tdaAccount } from './state.ts'
import type { TdaDesk } from './state.ts'
import { tdaOrder } from './orders.ts'
import { tdaError } from './wire.ts'

const ACCESS_LIFE_MS = 1_800_000
const REFRESH_LIFE_MS = 90 * 86_400_000

/** TD Ameritrade as it was until May 2024: two accounts, its v1 API, a sign-in without a secret. */
export function createTdAmeritrade(options: SimulatorOptions): Simulator {
  const { seed, now, activities } = options
  const identities = tdaIdentities(seed)
  const desks = createDesks({
    seed,
    now,
    knobs: options.knobs,
    activities,
    waiting: { tif: 'GOOD_TILL_CANCEL', session: 'NORMAL' },
    people: identities.map(identity => ({ identity, customer: identity.customer })),
    form: identity => ({ rows: entry => [tdaRow(identity, entry)], bulk: bulk => tdaBulkForm(identity, bulk) }),
  })
  const accessLifeMs = options.tokenLifeMs ?? ACCESS_LIFE_MS
  // A refresh leaves the refresh token as it is; a new one comes only when it is asked for, and the old one lives on.
  const grants = createGrants({
    broker: 'tdameritrade',
    seed,
    now,
    rotation: 'same',
    accessLifeMs,
    refreshLifeMs: REFRESH_LIFE_MS,
    parallel: true,
  })
  const signIn = createSignIn(TDA_SIGN_IN, seed, now)
  const refreshTrouble = () => {
    const fault = options.refreshFault()
    return fault === null ? null : fault.name === 'refresh-invalid' ? 'invalid' : (fault.status ?? 503)
  }
  const unauthorized = () => tdaError(401, 'The access token being passed has expired or is invalid.')
  return {
    grants: { ...grants, setRotation: () => undefined },
    isAuth: path => path === '/auth' || path === '/v1/oauth2/token',
    handle(ask) {
      if (ask.path === '/auth') return signIn.handle(ask)
      if (ask.path === '/v1/oauth2/token')
        return tdaToken(ask, { signIn, grants, accessLifeMs, refreshLifeMs: REFRESH_LIFE_MS, refreshTrouble })
      const [scheme, token = ''] = (ask.headers.authorization ?? '').split(' ')
      if (scheme?.toLowerCase() !== 'bearer' || !grants.access(token)) return unauthorized()
      return answer(ask, desks, seed, Instant.toEpochMs(now()))
    },
    unauthorized,
    broken: status => tdaError(status, 'There was an unexpected server error.'),
    tooMany(retryAfter) {
      const reply = tdaError(429, "Individual App's transactions per seconds restriction reached. Please contact us with further questions")
      return retryAfter === undefined ? reply : { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } }
    },
    concerns: (path, number) => path.includes(`/accounts/${identities[number]?.number ?? 'none'}`),
    headers: () => ({}),
    addFill: () => String(tdaId({ index: 0 }, addFillIn(desks(), now()))),
    correct: externalId => correctIn(desks(), (identity, entry) => String(tdaId(identity, entry)), externalId),
    statements: () => statementsIn(desks(), now()),
  }
}

function answer(ask: Ask, desks: () => readonly TdaDesk[], seed: number, nowMs: number): Reply {
  const { path, query, method } = ask
  const fields = (query.get('fields') ?? '').split(',').filter(Boolean)
  if (fields.some(field => field !== 'positions' && field !== 'orders')) return tdaError(400, 'fields is invalid.')
  const show = (desk: TdaDesk) => {
    const orders = fields.includes('orders') ? desk.account.story.orders.map(order => tdaOrder(desk.identity, order)) : null
    return tdaAccount(desk, fields.includes('positions'), orders)
  }
  if (path.startsWith('/v1/marketdata/')) return quotesReply(ask, desks(), nowMs)
  if (method !== 'GET') return changes(ask, desks())
  if (path === '/v1/accounts') return jsonReply(200, desks().map(show))
  if (path === '/v1/userprincipals') return jsonReply(200, principals(desks(), seed))
  if (path === '/v1/orders') {
    const wanted = query.get('accountId')
    return ordersReply(
      ask,
      desks().filter(({ identity }) => wanted === null || identity.number === wanted),
    )
  }
  const [, version, root, number, part, id, ...rest] = path.split('/')
  if (version !== 'v1' || root !== 'accounts' || rest.length > 0) return tdaError(404, 'Not found.')
  const desk = desks().find(({ identity }) => identity.number === number)
  if (!desk) return tdaError(404, 'Account not found.')
  if (part === undefined) return jsonReply(200, show(desk))
  if (part === 'transactions') return id === undefined ? transactionsReply(ask, desk) : transactionReply(id, desk)
  if (part === 'orders') return id === undefined ? ordersReply(ask, [desk]) : orderReply(id, desk)
  return tdaError(404, 'Not found.')
}

function changes(ask: Ask, desks: readonly TdaDesk[]): Reply {
  const [, version, root, number, part, id, ...rest] = ask.path.split('/')
  const desk =
    version === 'v1' && root === 'accounts' && rest.length === 0 ? desks.find(({ identity }) => identity.number === number) : undefined
  if (!desk) return tdaError(404, 'Account not found.')
  return (part === 'orders' && orderCall(ask, desk, id)) || tdaError(405, 'Method not allowed.')
}

function principals(desks: readonly TdaDesk[], seed: number): object {
  return {
    userId: 'keelson',
    userCdDomainId: uuidOf(seed, 'tda user'),
    primaryAccountId: desks[0]?.identity.number ?? '',
    accounts: desks.map(({ identity }) => ({
      accountId: identity.number,
      displayName: identity.name,
      accountCdDomainId: uuidOf(seed, 'tda', identity.number),
    })),
  }
}
